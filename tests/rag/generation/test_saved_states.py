"""What models have read, on the disk: kept, gone on from, given up, and damaged."""

from __future__ import annotations

import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.generation import LocalModel, Plan
from rag.generation import saved_states as rules
from rag.generation.live_sequence import LiveSequence
from rag.generation.saved_states import SavedStates, forget_all
from rag.generation.state_folder import StateFolder
from rag.generation.templates import Message
from rag.generation.weights import Weights

PLAN = Plan(2048, threads=1)
SYSTEM = Message("system", "You answer questions from passages about lamps and ships. " * 4)
LAMPS = "The blue lamp on the third shelf was built in 1931 by a clockmaker from Graz. " * 15
SHIPS = "The ship sailed from Bergen in March with forty barrels of herring and no mail. " * 15
AMPLE = 100_000_000


@contextmanager
def opened(path: Path, folder: Path, *, budget_bytes: int = AMPLE) -> Iterator[LocalModel]:
    """The model as after a start of the program."""
    with closing(LocalModel.load(path, PLAN, name="model")) as model:
        model.use_states(
            SavedStates(folder, budget_bytes=budget_bytes, fingerprint=model.fingerprint)
        )
        yield model


def talk(*contents: str) -> list[Message]:
    """A conversation: what the person and the model say in turn, after the system prompt."""
    roles = ("user", "assistant")
    return [SYSTEM, *(Message(roles[n % 2], text) for n, text in enumerate(contents))]


def said(model: LocalModel, *contents: str, max_tokens: int = 8) -> str:
    pieces = model.generate(
        talk(*contents), max_tokens=max_tokens, temperature=0.0, is_stopped=lambda: False
    )
    return "".join(pieces)


def unread(model: LocalModel) -> int:
    """How many tokens of the last prompt had to be read."""
    return model.usage.prompt - model.usage.cached


@pytest.fixture(scope="session")
def filled(declared_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one conversation about lamps; to be copied, not changed."""
    folder = tmp_path_factory.mktemp("states") / "filled"
    with opened(declared_path, folder) as model:
        said(model, LAMPS)
    return folder


@pytest.fixture
def folder(filled: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(filled, tmp_path / "states"))


# --- going on -----------------------------------------------------------------------------------


def test_of_two_conversations_in_turn_neither_is_read_again(
    declared_path: Path, tmp_path: Path
) -> None:
    with opened(declared_path, tmp_path) as model:
        lamps, ships = [LAMPS], [SHIPS]
        for conversation in (lamps, ships):
            conversation += [said(model, *conversation), "Go on."]
        for conversation in (lamps, ships, lamps):
            conversation += [said(model, *conversation), "And then?"]
            assert unread(model) < 30


def test_after_a_restart_a_conversation_goes_on_with_the_same_answer(
    starter_path: Path, tmp_path: Path
) -> None:
    with opened(starter_path, tmp_path) as model:
        first = said(model, LAMPS)
        expected = said(model, LAMPS, first, "Who built it?", max_tokens=20)
    with opened(starter_path, tmp_path) as model:
        answer = said(model, LAMPS, first, "Who built it?", max_tokens=20)
        assert answer == expected
        assert unread(model) == 1


def test_a_conversation_gone_on_with_takes_the_place_of_what_it_was(
    declared_path: Path, folder: Path
) -> None:
    (before,) = StateFolder(folder)
    with opened(declared_path, folder) as model:
        said(model, LAMPS, "The clockmaker.", "When?")
    (after,) = StateFolder(folder)
    assert len(after.tokens) > len(before.tokens)
    assert not before.path.exists()


def test_what_was_only_guessed_is_not_saved(declared_path: Path, tmp_path: Path) -> None:
    with opened(declared_path, tmp_path) as model:
        model.read_ahead(talk(SHIPS), is_stopped=lambda: False)
        model.read_ahead(talk("Go on."), is_stopped=lambda: False)
    assert not list(tmp_path.iterdir())


def test_a_guess_behind_a_conversation_is_left_out_of_its_state(
    declared_path: Path, tmp_path: Path
) -> None:
    with opened(declared_path, tmp_path) as model:
        answer = said(model, LAMPS)
        read_tokens = model.read_tokens
        model.read_ahead(talk(LAMPS, answer, SHIPS), is_stopped=lambda: False)
    (state,) = StateFolder(tmp_path)
    assert len(state.tokens) <= read_tokens


def test_the_system_prompt_is_read_once_for_ever(declared_path: Path, tmp_path: Path) -> None:
    with opened(declared_path, tmp_path) as model:
        model.read_ahead([SYSTEM], is_stopped=lambda: False)
        model.keep_for_ever()
        said(model, SHIPS)
    with opened(declared_path, tmp_path) as model:
        model.keep_for_ever()  # nothing was read: nothing is saved
        said(model, "Hello")
        assert unread(model) < 20
    assert [state.is_lasting for state in StateFolder(tmp_path)].count(True) == 1


def test_a_state_is_loaded_only_where_that_is_faster_than_reading(
    declared_path: Path, folder: Path
) -> None:
    with closing(LocalModel.load(declared_path, PLAN, name="model")) as model:
        model.use_states(
            SavedStates(
                folder,
                budget_bytes=AMPLE,
                fingerprint=model.fingerprint,
                reading_tokens_per_s=1e9,
            )
        )
        said(model, LAMPS, max_tokens=1)
        assert model.usage.cached == 0


def test_where_nobody_comes_back_no_conversation_is_written(
    declared_path: Path, tmp_path: Path
) -> None:
    with closing(LocalModel.load(declared_path, PLAN, name="model")) as model:
        states = SavedStates(
            tmp_path, budget_bytes=AMPLE, fingerprint=model.fingerprint, keeps_conversations=False
        )
        model.use_states(states)
        model.read_ahead([SYSTEM], is_stopped=lambda: False)
        model.keep_for_ever()
        said(model, LAMPS)
        said(model, SHIPS)
    assert [state.is_lasting for state in StateFolder(tmp_path)] == [True]


@pytest.mark.parametrize(("changed", "is_loaded"), [(False, True), (True, False)])
def test_a_model_that_forgets_all_or_nothing_loads_only_what_it_can_go_on_from(
    sequence: LiveSequence,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    changed: bool,
    is_loaded: bool,
) -> None:
    monkeypatch.setattr(LiveSequence, "can_draft", property(lambda self: False))
    (state,) = StateFolder(folder)
    tokens = [*state.tokens[:-1], 1, 2] if changed else [*state.tokens, 1, 2]
    sequence.forget()
    states = SavedStates(folder, budget_bytes=AMPLE, fingerprint=sequence.fingerprint)
    states.switch(sequence, tokens)
    assert bool(sequence.tokens) is is_loaded


# --- the budget, and what does not belong -------------------------------------------------------


def test_the_least_recently_used_goes_first(declared_path: Path, folder: Path) -> None:
    (lamps,) = StateFolder(folder)
    with opened(declared_path, folder, budget_bytes=lamps.size_bytes * 3 // 2) as model:
        said(model, SHIPS)
    (state,) = StateFolder(folder)
    assert state.tokens != lamps.tokens


def test_the_system_prompt_outlives_conversations(declared_path: Path, tmp_path: Path) -> None:
    with opened(declared_path, tmp_path) as model:
        model.read_ahead([SYSTEM], is_stopped=lambda: False)
        model.keep_for_ever()
        said(model, LAMPS)
    lasting, lamps = StateFolder(tmp_path)
    with opened(declared_path, tmp_path, budget_bytes=lasting.size_bytes + 1000):
        assert [state.is_lasting for state in StateFolder(tmp_path)] == [True]
    assert not lamps.path.exists()


def test_with_a_budget_of_nothing_nothing_is_kept(declared_path: Path, folder: Path) -> None:
    with opened(declared_path, folder, budget_bytes=0) as model:
        assert not list(folder.iterdir())
        said(model, SHIPS)
    assert not list(folder.iterdir())


def test_states_of_another_model_are_not_used_and_go_first(
    declared_path: Path, folder: Path
) -> None:
    with closing(LocalModel.load(declared_path, PLAN, name="model")) as model:
        model.use_states(SavedStates(folder, budget_bytes=AMPLE, fingerprint="another"))
        said(model, LAMPS)
        assert model.usage.cached == 0
    ours, another = sorted(StateFolder(folder), key=lambda state: state.fingerprint == "another")
    SavedStates(folder, budget_bytes=another.size_bytes + 10, fingerprint="another")
    assert not ours.path.exists()
    assert another.path.exists()


def test_removing_all_leaves_nothing_of_what_documents_say(
    declared_path: Path, folder: Path, tmp_path: Path
) -> None:
    (folder / "notes.txt").write_text("a person's own")
    forget_all(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]
    with opened(declared_path, tmp_path / "other") as model:
        states = SavedStates(tmp_path / "other", budget_bytes=AMPLE, fingerprint=model.fingerprint)
        model.use_states(states)
        model.read_ahead([SYSTEM], is_stopped=lambda: False)
        model.keep_for_ever()
        said(model, LAMPS)
        states.forget_all()
    assert [state.is_lasting for state in StateFolder(tmp_path / "other")] == [True]


def test_only_this_person_may_read_what_is_saved(folder: Path, filled: Path) -> None:
    assert stat.S_IMODE(filled.stat().st_mode) == 0o700
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {0o600}


# --- damage -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sequence(declared_path: Path) -> Iterator[LiveSequence]:
    with (
        closing(Weights(declared_path, PLAN)) as weights,
        closing(LiveSequence(weights, PLAN)) as sequence,
    ):
        yield sequence


def is_used(sequence: LiveSequence, folder: Path, filled: Path) -> bool:
    """Whether the conversation about lamps is loaded from the folder."""
    (state,) = StateFolder(filled)
    sequence.forget()
    states = SavedStates(folder, budget_bytes=AMPLE, fingerprint=sequence.fingerprint)
    states.switch(sequence, [*state.tokens, 1])
    return sequence.tokens == list(state.tokens)


def test_a_whole_one_is_used(sequence: LiveSequence, folder: Path, filled: Path) -> None:
    assert is_used(sequence, folder, filled)


anywhere = given(
    place=st.floats(0, 1, exclude_max=True), ending=st.sampled_from([".state", ".json"])
)


@settings(max_examples=30, deadline=None)
@anywhere
def test_a_file_cut_anywhere_is_not_used_and_is_removed(
    sequence: LiveSequence, filled: Path, place: float, ending: str
) -> None:
    with copied(filled) as folder:
        (path,) = folder.glob(f"*{ending}")
        path.write_bytes(path.read_bytes()[: int(path.stat().st_size * place)])
        assert not is_used(sequence, folder, filled)
        assert not list(folder.iterdir())


@settings(max_examples=30, deadline=None)
@anywhere
def test_a_byte_changed_anywhere_is_noticed(
    sequence: LiveSequence, filled: Path, place: float, ending: str
) -> None:
    with copied(filled) as folder:
        (path,) = folder.glob(f"*{ending}")
        content = bytearray(path.read_bytes())
        content[int(len(content) * place)] ^= 0x15
        path.write_bytes(content)
        assert not is_used(sequence, folder, filled)


@contextmanager
def copied(folder: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as parent:
        yield Path(shutil.copytree(folder, Path(parent) / "states"))


def test_what_was_not_finished_is_removed(folder: Path) -> None:
    (folder / "0123.part").write_bytes(b"half of it")
    (folder / "4567.state").write_bytes(b"without a header")
    assert len(list(StateFolder(folder))) == 1
    assert sorted(path.suffix for path in folder.iterdir()) == [".json", ".state"]


def test_a_state_with_another_ones_name_is_not_taken_for_it(
    sequence: LiveSequence, folder: Path, filled: Path
) -> None:
    (state,) = StateFolder(folder)
    sequence.forget()
    sequence.read([100, 200, 300])
    sequence.save(state.path)
    assert not is_used(sequence, folder, filled)
    assert not state.path.exists()


def test_a_full_disk_costs_the_state_and_nothing_else(
    declared_path: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with opened(declared_path, tmp_path) as model:
        said(model, LAMPS, max_tokens=2)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
        try:
            assert said(model, "Hello", max_tokens=2)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert "could not be saved" in caplog.text
        assert not list(tmp_path.glob("*.state"))


def test_a_disk_that_is_nearly_full_is_left_alone(
    declared_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "LEFT_FREE_BYTES", 10**18)
    with opened(declared_path, folder) as model:
        said(model, SHIPS, max_tokens=1)
    assert len(list(StateFolder(folder))) == 1


def test_a_folder_that_cannot_be_written_to_is_no_failure(
    declared_path: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    with opened(declared_path, tmp_path / "file") as model:
        assert said(model, LAMPS, max_tokens=2)
    assert (tmp_path / "file").read_text() == "no folder"

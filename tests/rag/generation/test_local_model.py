"""Real answers of real models: the starter, and tiny ones with Phi-4's vocabulary."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag.errors import ContextTooSmall, ModelMissing, ModelUnusable, Stopped
from rag.generation import LocalModel, Plan
from rag.generation.templates import Message

EVIDENCE = "The blue lamp on the third shelf was built in 1931 by a clockmaker from Graz. " * 12


def asked(content: str) -> list[Message]:
    return [Message("system", "You are brief."), Message("user", content)]


def answer(
    model: LocalModel,
    content: str,
    *,
    max_tokens: int = 40,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Iterator[str]:
    return model.generate(
        asked(content), max_tokens=max_tokens, temperature=0.0, is_stopped=is_stopped
    )


def collect(pieces: Iterator[str], said: list[str]) -> None:
    for piece in pieces:
        said.append(piece)
        time.sleep(0.06)  # longer than a stop flag takes to follow


def load(path: Path, *, context_tokens: int = 512) -> LocalModel:
    return LocalModel.load(path, Plan(context_tokens, threads=1), name="x")


def test_an_answer_comes_in_pieces_and_ends_by_itself(starter: LocalModel) -> None:
    pieces = list(answer(starter, "Say hello."))
    assert len(pieces) > 3
    assert "hello" in "".join(pieces).lower()
    assert starter.usage.generated < 40


def test_at_temperature_zero_the_same_question_has_the_same_answer(starter: LocalModel) -> None:
    first, second = ("".join(answer(starter, "Name a color.", max_tokens=8)) for _ in range(2))
    assert first == second


def test_with_a_temperature_the_model_still_answers(starter: LocalModel) -> None:
    talk = asked("Say hello.")
    pieces = starter.generate(talk, max_tokens=5, temperature=0.8, is_stopped=lambda: False)
    assert "".join(pieces)


def test_no_more_tokens_are_generated_than_asked_for(starter: LocalModel) -> None:
    list(answer(starter, "Count from one to fifty.", max_tokens=5))
    assert starter.usage.generated == 5


def test_the_prompt_is_counted_as_it_is_rendered(starter: LocalModel) -> None:
    list(answer(starter, "Say hello.", max_tokens=1))
    assert starter.usage.prompt == len(starter.render(asked("Say hello.")))


def test_a_follow_up_reads_only_what_is_new(starter: LocalModel) -> None:
    list(answer(starter, f"{EVIDENCE}\n\nQuestion: Who built the lamp?", max_tokens=3))
    list(answer(starter, f"{EVIDENCE}\n\nQuestion: When was it built?", max_tokens=3))
    assert starter.usage.cached > starter.count(EVIDENCE)
    assert starter.usage.prompt - starter.usage.cached < 20


def test_a_prompt_with_nothing_in_common_is_read_whole(hello_model: LocalModel) -> None:
    list(answer(hello_model, EVIDENCE, max_tokens=1))
    strange = [Message("user", "Go on.")]
    list(hello_model.generate(strange, max_tokens=1, temperature=0, is_stopped=lambda: False))
    assert hello_model.usage.cached <= 1  # the mark that begins every message


def test_a_stop_is_heard_while_the_prompt_is_read(starter: LocalModel) -> None:
    stop = threading.Event()
    started = time.monotonic()
    threading.Timer(0.7, stop.set).start()
    with pytest.raises(Stopped):
        list(answer(starter, "A long story of a lamp. " * 500, is_stopped=stop.is_set))
    assert 0.7 <= time.monotonic() - started < 1.2


def test_after_a_stop_the_model_goes_on_from_what_it_had_read(starter: LocalModel) -> None:
    story = "The ship sailed on to the next small island. " * 40
    with pytest.raises(Stopped):
        list(answer(starter, story, is_stopped=lambda: starter.read_tokens >= 128))
    assert list(answer(starter, story, max_tokens=3))
    assert starter.usage.cached >= 128


def test_a_stop_is_heard_between_two_tokens(hello_model: LocalModel) -> None:
    said: list[str] = []
    pieces = answer(hello_model, "Go on.", is_stopped=lambda: len(said) >= 3)
    with pytest.raises(Stopped):
        collect(pieces, said)
    assert 3 <= len(said) < 10
    assert list(answer(hello_model, "Go on.", max_tokens=2)) == ["hello", "hello"]


def test_an_answer_that_nobody_reads_on_leaves_the_model_usable(hello_model: LocalModel) -> None:
    pieces = answer(hello_model, "Go on.")
    assert next(pieces) == "hello"
    pieces.close()  # type: ignore[attr-defined]
    assert list(answer(hello_model, "Go on.", max_tokens=2)) == ["hello", "hello"]


def test_the_end_token_ends_an_answer_whatever_the_file_says(phi4: LocalModel) -> None:
    assert list(answer(phi4, "Say something.")) == []
    assert phi4.usage.generated == 0


def test_an_answer_ends_where_the_context_is_full(declared_path: Path) -> None:
    with closing(load(declared_path, context_tokens=256)) as model:
        list(answer(model, "Go on.", max_tokens=1000))
        assert model.usage.prompt + model.usage.generated == model.context_tokens


def test_a_prompt_without_room_for_an_answer_is_refused(starter_path: Path) -> None:
    with (
        closing(load(starter_path, context_tokens=256)) as model,
        pytest.raises(ContextTooSmall, match=r"holds 256\. Ask a shorter question"),
    ):
        list(answer(model, "word " * 300))


def test_the_context_is_no_longer_than_the_model_was_trained_for(phi4_path: Path) -> None:
    with closing(load(phi4_path, context_tokens=1_000_000)) as model:
        assert model.context_tokens == 16_384


def test_counting_adds_no_special_tokens(starter: LocalModel) -> None:
    assert starter.count("") == 0
    assert starter.count("hello") == 1
    assert starter.count("<|im_end|>") > 1


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(ModelMissing, match=r"There is no model file “nowhere\.gguf”\."):
        load(Path("nowhere.gguf"))


@pytest.mark.parametrize("content", [b"", b"not a model", b"GGUF", b"GGUF\x03\x00\x00\x00"])
def test_a_file_that_is_no_model_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelUnusable, match=r"“broken\.gguf”"):
        load(path)


def test_an_embedder_is_no_language_model(embedder_path: Path) -> None:
    with pytest.raises(ModelUnusable, match=r"“embedder\.gguf” is no model that writes text\."):
        load(embedder_path)


def test_a_model_in_a_folder_with_any_name_loads(starter_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "Modelle für „später“ 模型.gguf"
    path.symlink_to(starter_path)
    with closing(load(path)) as model:
        assert model.count("hello") == 1


def test_a_file_that_lacks_its_end_is_told_and_nothing_is_printed(
    phi4_path: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "short.gguf"
    path.write_bytes(phi4_path.read_bytes()[:-1000])
    with pytest.raises(ModelUnusable, match=r"“short\.gguf” is damaged or not whole"):
        load(path)
    assert capfd.readouterr() == ("", "")


def test_loading_and_answering_print_nothing(
    declared_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with closing(load(declared_path)) as model:
        list(answer(model, "Go on.", max_tokens=2))
    assert capfd.readouterr() == ("", "")


def test_what_was_read_ahead_is_not_read_again(starter: LocalModel) -> None:
    starter.read_ahead(asked(EVIDENCE), is_stopped=lambda: False)
    list(answer(starter, f"{EVIDENCE}\n\nQuestion: Who built the lamp?", max_tokens=3))
    assert starter.usage.cached > starter.count(EVIDENCE) - 3


def test_reading_ahead_can_be_stopped_and_gone_on_with(starter: LocalModel) -> None:
    story = "The tram went down to the old harbour again. " * 40
    with pytest.raises(Stopped):
        starter.read_ahead(asked(story), is_stopped=lambda: starter.read_tokens >= 128)
    list(answer(starter, story, max_tokens=3))
    assert starter.usage.cached >= 128

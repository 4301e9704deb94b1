"""Another embedder for a library with the samples: a tiny real one, random but quick."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.embedder_change import EmbedderChange
from app.embedder_choice import EmbedderChoice, read_choice, write_choice
from app.engine import Engine
from app.messages import ChangingEmbedder, Found, Search
from app.model_store import model_store
from app.settings import Paths, Settings
from rag.errors import BadRequest, ModelMissing, Stopped
from rag.scheduler import Work
from rag.types import EVERYWHERE, AddedFile

MAKER = Path(__file__).parents[1] / "models" / "tiny_embedder.py"
QUESTION = "How long do the batteries of the outdoor sensor last?"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny") / "tiny"
    settings = Settings(Paths.of(tmp_path_factory.mktemp("no-models")))
    minilm = model_store(settings).embedder_folder("minilm")
    subprocess.run([sys.executable, MAKER, folder, minilm], check=True, timeout=100)
    return folder


@pytest.fixture
def library(own_samples: Any, tiny: Path) -> Any:
    """The program on the samples, with the tiny embedder installed."""
    shutil.copytree(tiny, own_samples.data / "models" / "tiny")
    return own_samples


@pytest.fixture
def engine(library: Any) -> Iterator[Engine]:
    with Engine(Settings(Paths.of(library.data))) as engine:
        yield engine


def found(deskbook: Any, name: str) -> dict[str, Any]:
    lines = deskbook("doctor", "--json").lines
    return next(line for line in lines if line["name"] == name)


def collections_in(data: Path) -> list[str]:
    import chromadb
    from chromadb.config import Settings as ChromaSettings

    settings = ChromaSettings(anonymized_telemetry=False)
    client = chromadb.PersistentClient(str(data / "chroma"), settings=settings)
    names = [collection.name for collection in client.list_collections()]
    client.close()
    return names


def changes_told(listener: Any) -> list[ChangingEmbedder]:
    """What was told of the change until the engine was ready, or the first of it after that."""
    told = [event for event in listener.opening if isinstance(event, ChangingEmbedder)]
    return told or [listener.wait_for(ChangingEmbedder, 0)]


def test_the_library_is_searched_with_another_embedder(library: Any) -> None:
    used = library("models", "use", "tiny", "--json")
    assert (used.code, used.line) == (0, {"name": "tiny", "in_use": True})
    assert "tiny has read 100 %" in used.err.splitlines()[-1]
    assert found(library, "embedder")["sentence"].startswith("tiny-")
    assert found(library, "vectors")["well"]
    assert library("search", QUESTION, "--json").code == 0
    (kept,) = collections_in(library.data)  # only now are the others forgotten
    assert kept.startswith("passages-tiny-")
    assert len(list((library.data / "chroma").glob("passages-*.rows"))) == 1


def test_a_folder_is_imported_and_listed(deskbook: Any, tiny: Path) -> None:
    imported = deskbook("models", "import", tiny, "--json").line
    assert (imported["name"], imported["kind"], imported["licence"]) == ("tiny", "embedder", None)
    listed = {line["name"]: line for line in deskbook("models", "list", "--json").lines}
    assert listed["tiny"]["installed"] is True
    assert listed["granite-embedding-small-r2"]["installed"] is False


def test_the_embedder_in_use_is_not_removed(library: Any) -> None:
    write_choice(library.data / "embedder.json", EmbedderChoice("tiny", "tiny"))
    ran = library("models", "remove", "tiny")
    assert (ran.code, ran.out) == (2, "")
    assert "The library is searched with “tiny”, so it is needed." in ran.err
    write_choice(library.data / "embedder.json", EmbedderChoice("minilm", "minilm"))
    assert library("models", "remove", "tiny").code == 0
    assert not (library.data / "models" / "tiny").exists()


def test_a_kill_half_way_leaves_the_old_and_the_engine_goes_on(
    library: Any, engine_on: Any
) -> None:
    with library.start("models", "use", "tiny") as process:
        for line in process.stderr:
            if "has read" in line and " 0 %" not in line:
                break
        process.kill()
    assert found(library, "embedder")["sentence"].startswith("minilm-")
    assert found(library, "vectors")["well"]
    assert found(library, "next embedder")["sentence"].startswith("tiny has read ")
    with engine_on(library.data) as listener:
        events = changes_told(listener)
        while not events[-1].is_in_use:
            events.append(listener.wait_for(ChangingEmbedder, 0))
        assert not any(event.notice for event in events)
        answered = listener.ask(lambda number: Search(number, QUESTION, EVERYWHERE, 5))
        assert any(event.passages for event in answered if isinstance(event, Found))
    assert found(library, "embedder")["sentence"].startswith("tiny-")
    assert found(library, "vectors")["well"]


def test_an_embedder_that_cannot_be_loaded_leaves_the_old(library: Any, engine_on: Any) -> None:
    (library.data / "models" / "tiny" / "model.safetensors").write_bytes(b"damaged")
    write_choice(library.data / "embedder.json", EmbedderChoice("minilm", "tiny"))
    with engine_on(library.data) as listener:
        told = changes_told(listener)
        assert "cannot be loaded" in told[-1].notice
        assert told[-1].notice.endswith("Until then the library keeps “minilm”.")
        answered = listener.ask(lambda number: Search(number, QUESTION, EVERYWHERE, 5))
        assert any(event.passages for event in answered if isinstance(event, Found))
    assert found(library, "vectors")["well"]


def test_what_is_added_meanwhile_reaches_both(engine: Engine, note: Path) -> None:
    work = Work(engine.scheduler)
    engine.want_embedder("tiny")
    change = EmbedderChange(engine, on_filled=lambda done, total: None)
    change.prepare(work)
    for step in engine.library.add([note], collection="", work=work).run():
        assert not isinstance(step, AddedFile) or step.verdict.is_success
    passage_ids = engine.catalog.passages.ids()
    assert engine.vectors.ids() == passage_ids
    change.finish(work)
    assert engine.embedder.name == "tiny"
    assert engine.vectors.ids() == passage_ids
    assert engine.retriever.retrieve("tomatoes", limit=5).passages


def test_a_change_that_is_stopped_goes_on_where_it_was(engine: Engine) -> None:
    engine.want_embedder("tiny")
    work, told = Work(engine.scheduler), []

    def stop(done: int, total: int) -> None:
        told.append(done)
        if done:
            work.stop()

    change = EmbedderChange(engine, on_filled=stop)
    with pytest.raises(Stopped):
        change.prepare(work)
    change.close()
    assert engine.retriever.retrieve(QUESTION, limit=5).passages
    again: list[int] = []
    change = EmbedderChange(engine, on_filled=lambda done, total: again.append(done))
    change.prepare(Work(engine.scheduler))
    change.close()
    assert told[0] == 0
    assert again[0] == told[-1] > 0


def test_questions_are_answered_with_the_new_one_at_once(engine: Engine) -> None:
    before = engine.answer_without_model()
    engine.want_embedder("tiny")
    change = EmbedderChange(engine, on_filled=lambda done, total: None)
    change.prepare(Work(engine.scheduler))
    change.finish(Work(engine.scheduler))
    assert engine.answering is not before
    assert engine.answering._research._embedder.name == "tiny"


def test_an_empty_library_has_the_wanted_embedder_at_once(tmp_path: Path, tiny: Path) -> None:
    paths = Paths.of(tmp_path / "data")
    settings = Settings(paths)
    wish = dataclasses.replace(settings.library, embedder="tiny")
    shutil.copytree(tiny, paths.models / "tiny")
    with Engine(dataclasses.replace(settings, library=wish)) as engine:
        assert engine.embedder_choice == EmbedderChoice("tiny", "tiny")
        assert engine.embedder.name == "tiny"
        with pytest.raises(BadRequest, match=r"The settings want the embedder “tiny”"):
            engine.want_embedder("minilm")


def test_what_is_not_installed_is_not_used(library: Any) -> None:
    ran = library("models", "use", "bge-small-en-v1.5")
    assert (ran.code, ran.out) == (3, "")
    assert "Get it with “deskbook models get bge-small-en-v1.5”." in ran.err
    assert "There is no model “bge”." in library("models", "use", "bge").err
    assert "The model “phi-4” is not installed." in library("models", "use", "phi-4").err
    assert not (library.data / "embedder.json").exists()


def test_an_embedder_that_is_gone_gives_way_to_the_wanted(tmp_path: Path) -> None:
    paths = Paths.of(tmp_path / "data")
    paths.data.mkdir()
    write_choice(paths.embedder_choice, EmbedderChoice("gone", "minilm"))
    with Engine(Settings(paths)) as engine:
        assert engine.embedder.name == "minilm"
    write_choice(paths.embedder_choice, EmbedderChoice("gone", "gone"))
    with pytest.raises(ModelMissing):
        Engine(Settings(paths))


@pytest.mark.parametrize(
    ("content", "wish", "choice"),
    [
        (None, "", EmbedderChoice("minilm", "minilm")),
        (None, "bge", EmbedderChoice("minilm", "bge")),
        ({"in_use": "bge", "wanted": "bge"}, "", EmbedderChoice("bge", "bge")),
        ({"in_use": "bge", "wanted": "e5"}, "", EmbedderChoice("bge", "e5")),
        ({"in_use": "bge", "wanted": "e5"}, "nomic", EmbedderChoice("bge", "nomic")),
        ({"in_use": 7}, "", EmbedderChoice("minilm", "minilm")),
        ([], "", EmbedderChoice("minilm", "minilm")),
    ],
)
def test_the_choice_is_read(
    tmp_path: Path, content: object, wish: str, choice: EmbedderChoice
) -> None:
    path = tmp_path / "embedder.json"
    if content is not None:
        path.write_text(json.dumps(content))
    assert read_choice(path, wish=wish) == choice


def test_a_choice_that_was_written_is_read_back(tmp_path: Path) -> None:
    choice = EmbedderChoice("minilm", "tiny")
    write_choice(tmp_path / "embedder.json", choice)
    assert read_choice(tmp_path / "embedder.json", wish="") == choice
    (tmp_path / "embedder.json").write_text("{")
    assert read_choice(tmp_path / "embedder.json", wish="").in_use == "minilm"

"""Files that change or go while they are read, and changed ones that cannot be read any more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from rag.catalog import Catalog
from rag.documents.sandbox import ReaderProcess
from rag.library import Library
from rag.types import AddedFile, State, Verdict
from rag.vectors import VectorStore

Add = Callable[..., AddedFile]

MANUAL = Path(__file__).parents[2] / "assets" / "samples" / "weather-station-manual.pdf"
HALF_A_PDF = b"%PDF-1.7\n1 0 obj\n<</Type/Cat"
KEPT = "What was read of its earlier version can still be searched."


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "notes" / "log.md"
    path.parent.mkdir()
    path.write_text("The first line tells of cormorants.\n")
    return path


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], None]:
    """Lets something happen to a file while the reader has it in hand."""
    read = ReaderProcess.read

    def let_happen(what: Callable[[], object]) -> None:
        def read_meanwhile(reader: ReaderProcess, path: Path, **asked: Any) -> Any:
            content = read(reader, path, **asked)
            what()
            return content

        monkeypatch.setattr(ReaderProcess, "read", read_meanwhile)

    return let_happen


def append(path: Path, text: str) -> None:
    with path.open("a") as file:
        file.write(text)


def test_a_file_that_was_written_to_meanwhile_is_read_again(
    add: Add, library: Library, catalog: Catalog, note: Path, meanwhile: Any
) -> None:
    lines = iter(["And then there were gannets.\n"])
    meanwhile(lambda: [append(note, line) for line in lines])
    added = add(note)
    assert added.verdict is Verdict.READY
    assert "gannets" in catalog.documents.text(added.document)
    assert not library.changes_in(note.parent).to_read


def test_a_file_that_never_comes_to_rest_is_told_so(
    add: Add, library: Library, note: Path, meanwhile: Any
) -> None:
    meanwhile(lambda: append(note, "more\n"))
    added = add(note)
    assert added.verdict is Verdict.FAILED
    assert added.reason.startswith("“log.md” changes while it is read. Add it again once")
    assert library.changes_in(note.parent).to_read == (note,)


def test_a_file_that_goes_while_it_is_read_is_told_so(add: Add, note: Path, meanwhile: Any) -> None:
    meanwhile(note.unlink)
    added = add(note)
    assert added.verdict is Verdict.FAILED
    assert added.reason.startswith(f"There is no file or folder {note}. Check the name")


@pytest.fixture
def once_good(add: Add, note: Path) -> Path:
    """A PDF that was read, and then was saved by halves."""
    path = note.rename(note.with_name("manual.pdf"))
    path.write_bytes(MANUAL.read_bytes())
    assert add(path).verdict is Verdict.READY
    path.write_bytes(HALF_A_PDF)
    return path


def test_what_was_read_of_a_file_stays_when_its_newer_version_cannot_be_read(
    add: Add, once_good: Path, catalog: Catalog, vectors: VectorStore
) -> None:
    before = catalog.passages.ids()
    failed = add(once_good)
    assert failed.verdict is Verdict.FAILED
    assert failed.reason.startswith(f"“manual.pdf” is damaged or no PDF. {KEPT} Open it in")
    assert catalog.passages.ids() == vectors.ids() == before
    assert catalog.passages.search("sensor", limit=9)
    (entry,) = catalog.documents.list()
    assert (entry.state, entry.reason) == (State.FAILED, failed.reason)


def test_a_newer_version_that_can_be_read_again_ends_the_failure(
    add: Add, once_good: Path, catalog: Catalog
) -> None:
    add(once_good)
    once_good.write_bytes(MANUAL.read_bytes())
    assert add(once_good).verdict is Verdict.READY
    (entry,) = catalog.documents.list()
    assert (entry.state, entry.reason) == (State.READY, "")


def test_what_cannot_be_read_is_tried_again_when_it_has_changed(
    add: Add, library: Library, once_good: Path
) -> None:
    add(once_good)
    assert not library.changes_in(once_good.parent).to_read
    once_good.write_bytes(HALF_A_PDF + b"a")
    assert library.changes_in(once_good.parent).to_read == (once_good,)

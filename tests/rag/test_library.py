"""Adding, updating and removing a file at a time: the real reader, SQLite, Chroma and MiniLM."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.catalog import Catalog, Scored
from rag.library import Library, Progress
from rag.retrieval.retriever import Retriever
from rag.scheduler import Scheduler, Work
from rag.types import AddedFile, State, Verdict
from rag.vectors import VectorStore

ROOT = Path(__file__).parents[2]
PDFS = ROOT / "tests" / "data" / "pdfs"
MANUAL = ROOT / "assets" / "samples" / "weather-station-manual.pdf"
BEES = "# Bees\n\nThe hives stand in the orchard. Ines looks after them.\n"
WASPS = "# Wasps\n\nNobody looks after the wasps. They live under the roof.\n"

Add = Callable[..., AddedFile]


@pytest.fixture
def note(tmp_path: Path) -> Path:
    return written(tmp_path / "notes" / "bees.md", BEES)


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    return path


def is_whole(catalog: Catalog, vectors: VectorStore) -> bool:
    """Each passage has its vector and nothing else has one; each document is ready."""
    states = {entry.state for entry in catalog.documents.list()}
    all_embedded = catalog.passages.ids() == vectors.ids()
    return all_embedded and states <= {State.READY} and not catalog.problems()


def stages(library: Library, path: Path, work: Work) -> list[str]:
    steps = library.add([path], collection="", work=work).run()
    return [step.stage for step in steps if isinstance(step, Progress)]


def texts(catalog: Catalog) -> list[str]:
    """The texts of all passages that a search could find."""
    ranked = [Scored(passage_id, 0, 0, 0) for passage_id in sorted(catalog.passages.ids())]
    return [found.passage.text for found in catalog.passages.found(ranked)]


# --- verdicts -----------------------------------------------------------------------------------


def test_a_new_file_is_read_embedded_and_ready(
    add: Add, note: Path, catalog: Catalog, vectors: VectorStore
) -> None:
    added = add(note)
    assert (added.path, added.verdict, added.reason) == (str(note), Verdict.READY, "")
    assert (added.page_count, added.passage_count) == (0, 1)
    (entry,) = catalog.documents.list("Library")
    assert (entry.document, entry.title, entry.state) == (added.document, "Bees", State.READY)
    assert catalog.documents.text(added.document) == BEES
    assert is_whole(catalog, vectors)


def test_the_stages_are_told_as_they_begin(library: Library, note: Path, work: Work) -> None:
    assert stages(library, note, work) == ["reading", "embedding"]


def test_an_unchanged_file_is_not_read_again(
    add: Add, library: Library, note: Path, work: Work
) -> None:
    first = add(note)
    assert stages(library, note, work) == []
    again = add(note)
    assert (again.verdict, again.document) == (Verdict.UNCHANGED, first.document)
    assert again.passage_count == 1


def test_a_file_that_was_only_touched_is_not_read_again(
    add: Add, library: Library, note: Path, work: Work, catalog: Catalog
) -> None:
    add(note)
    os.utime(note, (1, 1))
    assert stages(library, note, work) == []
    known = catalog.documents.file_at(str(note))
    assert known is not None
    assert known.stamp.modified_ns == 1_000_000_000  # so that the next time a stat will do


def test_a_relative_path_is_the_same_file(
    add: Add, note: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(note)
    monkeypatch.chdir(note.parent)
    assert add(Path("bees.md")).verdict is Verdict.UNCHANGED


def test_a_copy_of_a_file_is_a_duplicate_in_both_collections(
    add: Add, note: Path, catalog: Catalog
) -> None:
    first = add(note, "Garden")
    copy = shutil.copy(note, note.with_name("copy.md"))
    second = add(copy, "Orchard")
    assert (second.verdict, second.document) == (Verdict.DUPLICATE, first.document)
    (entry,) = catalog.documents.list()
    assert entry.path == str(note)
    assert entry.collections == ("Garden", "Orchard")


def test_a_file_that_has_moved_is_the_same_document(
    add: Add, note: Path, library: Library, work: Work, catalog: Catalog
) -> None:
    first = add(note)
    moved = note.rename(note.with_name("moved.md"))
    assert stages(library, moved, work) == []
    (entry,) = catalog.documents.list()
    assert (entry.document, entry.path) == (first.document, str(moved))


def test_a_changed_file_is_read_anew_and_nothing_old_stays(
    add: Add, note: Path, catalog: Catalog, vectors: VectorStore
) -> None:
    first = add(note)
    old = vectors.ids()
    note.write_text(WASPS)
    second = add(note)
    assert (second.verdict, second.document) == (Verdict.READY, first.document)
    assert texts(catalog) == [WASPS.strip()]
    assert catalog.passages.search("orchard", limit=5) == []
    assert not old & vectors.ids()
    assert is_whole(catalog, vectors)


def test_a_file_that_moved_over_another_takes_its_place(
    add: Add, note: Path, catalog: Catalog, vectors: VectorStore
) -> None:
    add(note, "Garden")
    wasps = written(note.with_name("wasps.md"), WASPS)
    moved = add(wasps, "Roof").document
    wasps.replace(note)
    assert add(note, "Roof").document == moved
    (entry,) = catalog.documents.list()
    assert (entry.document, entry.path) == (moved, str(note))
    assert entry.collections == ("Garden", "Roof")
    assert is_whole(catalog, vectors)


def test_a_file_that_has_become_a_copy_of_another_loses_what_it_held(
    add: Add, note: Path, catalog: Catalog, vectors: VectorStore
) -> None:
    add(note)
    wasps = written(note.with_name("wasps.md"), WASPS)
    add(wasps)
    note.write_text(WASPS)
    assert add(note).verdict is Verdict.DUPLICATE
    assert texts(catalog) == [WASPS.strip()]
    assert is_whole(catalog, vectors)


def test_a_copy_outlives_the_change_of_its_original(
    add: Add, note: Path, catalog: Catalog, vectors: VectorStore
) -> None:
    add(note)
    copy = shutil.copy(note, note.with_name("copy.md"))
    note.write_text(WASPS)
    for path in (copy, note):
        assert add(path).verdict.is_success
    assert sorted(texts(catalog)) == [BEES.strip(), WASPS.strip()]
    assert is_whole(catalog, vectors)


@pytest.mark.parametrize(
    ("name", "verdict", "state", "reason"),
    [
        ("empty.txt", Verdict.NO_TEXT, State.NO_TEXT, "empty.txt is empty. Add it again when"),
        ("scan.pdf", Verdict.NO_TEXT, State.NO_TEXT, "Pages of it are pictures of text, which"),
        ("secret.pdf", Verdict.PASSWORD, State.PASSWORD, "“secret.pdf” is protected with a pass"),
        ("damaged.pdf", Verdict.FAILED, State.FAILED, "“damaged.pdf” is damaged or no PDF."),
        ("missing.md", Verdict.FAILED, None, "There is no file or folder "),
        ("song.mp3", Verdict.UNSUPPORTED, None, "“song.mp3” is of a kind that Deskbook does not"),
    ],
)
def test_a_file_without_text_has_its_verdict_and_a_reason(
    add: Add,
    tmp_path: Path,
    catalog: Catalog,
    name: str,
    verdict: Verdict,
    state: State | None,
    reason: str,
) -> None:
    path = unreadable(tmp_path / name)
    added = add(path)
    assert added.verdict is verdict
    assert not verdict.is_success
    assert added.reason.startswith(reason)
    assert added.passage_count == 0
    entries = catalog.documents.list()
    assert [(e.document, e.state, e.reason) for e in entries] == (
        [(added.document, state, added.reason)] if state else []
    )
    assert bool(added.document) is bool(state)


def unreadable(path: Path) -> Path:
    """A file that deserves its name."""
    match path.stem:
        case "secret":
            shutil.copy(next(PDFS.glob("005*")), path)
        case "scan":
            shutil.copy(next(PDFS.glob("007*")), path)
        case "damaged" | "song":
            path.write_text("no PDF and no song")
        case "empty":
            path.touch()
    return path


def test_a_scan_keeps_its_page_count_and_is_not_read_twice(
    add: Add, library: Library, work: Work, tmp_path: Path
) -> None:
    scan = unreadable(tmp_path / "scan.pdf")
    first = add(scan)
    assert first.page_count == 1
    assert stages(library, scan, work) == []
    assert add(scan).reason == first.reason


def test_an_empty_file_is_read_when_it_has_been_filled(add: Add, tmp_path: Path) -> None:
    empty = unreadable(tmp_path / "empty.txt")
    assert add(empty).verdict is Verdict.NO_TEXT
    empty.write_text(BEES)
    assert add(empty).verdict is Verdict.READY


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads all")
def test_a_file_that_may_not_be_read_is_told(add: Add, note: Path) -> None:
    note.chmod(0)
    assert add(note).reason == f"{note} may not be read by you. Give yourself the right to read it."


def test_a_file_that_failed_is_read_when_it_is_mended(add: Add, tmp_path: Path) -> None:
    path = unreadable(tmp_path / "damaged.pdf")
    assert add(path).verdict is Verdict.FAILED
    assert add(path).verdict is Verdict.FAILED
    shutil.copy(MANUAL, path)
    mended = add(path)
    assert (mended.verdict, mended.reason, mended.page_count) == (Verdict.READY, "", 9)


def test_a_bad_file_leaves_the_others_as_they_are(
    add: Add, note: Path, tmp_path: Path, catalog: Catalog, vectors: VectorStore
) -> None:
    add(note)
    add(unreadable(tmp_path / "damaged.pdf"))
    assert texts(catalog) == [BEES.strip()]
    assert catalog.passages.ids() == vectors.ids()


def test_a_document_that_is_removed_leaves_nothing(
    add: Add, note: Path, library: Library, catalog: Catalog, vectors: VectorStore
) -> None:
    document = add(note).document
    kept = add(written(note.with_name("wasps.md"), WASPS)).document
    library.remove(document)
    assert [entry.document for entry in catalog.documents.list()] == [kept]
    assert texts(catalog) == [WASPS.strip()]
    assert is_whole(catalog, vectors)
    assert add(note).verdict is Verdict.READY


# --- beside a question --------------------------------------------------------------------------


def test_adding_waits_for_a_question_and_goes_on_after_it(
    library: Library, note: Path, catalog: Catalog
) -> None:
    scheduler = Scheduler()
    with ThreadPoolExecutor() as pool, scheduler.question():
        adding = pool.submit(stages, library, note, Work(scheduler))
        time.sleep(0.3)
        assert catalog.documents.list() == ()
        assert not adding.done()
    assert adding.result() == ["reading", "embedding"]


def test_questions_are_searched_with_while_documents_are_added(
    add: Add, library: Library, note: Path, retriever: Retriever, catalog: Catalog
) -> None:
    def add_and_remove() -> None:
        for number in range(6):
            path = written(
                note.with_name(f"{number}.md"), f"# Note {number}\n\nBees and {number}.\n"
            )
            document = add(path).document
            if number % 2:
                library.remove(document)

    add(note)
    with ThreadPoolExecutor() as pool:
        adding = pool.submit(add_and_remove)
        while not adding.done():
            found = retriever.retrieve("Where do the hives stand?", limit=5).passages
            assert found[0].passage.text.startswith("# Bees")
    adding.result()
    assert len(catalog.documents.list()) == 4

"""Imports that are stopped, closed or killed leave a library that can be made whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from rag.catalog import Catalog
from rag.embedding import Embedder
from rag.errors import Stopped
from rag.library import Library, Progress
from rag.scheduler import Scheduler, Work
from rag.types import AddedFile, State, Verdict
from rag.vectors import VectorStore

ROOT = Path(__file__).parents[2]
DAYS = 40  # each a passage: several batches for the embedder

Add = Callable[..., AddedFile]


@pytest.fixture
def diary(tmp_path: Path) -> Path:
    path = tmp_path / "notes" / "diary.md"
    path.parent.mkdir()
    parts = (f"## Day {day}\n\nOn day {day} the hives were counted.\n\n" for day in range(DAYS))
    path.write_text("# Diary\n\n" + "".join(parts))
    return path


def is_whole(catalog: Catalog, vectors: VectorStore) -> bool:
    """Each passage has its vector and nothing else has one; each document is ready."""
    states = {entry.state for entry in catalog.documents.list()}
    all_embedded = catalog.passages.ids() == vectors.ids()
    return all_embedded and states <= {State.READY} and not catalog.problems()


def add_until(stage: str, library: Library, path: Path, work: Work) -> None:
    """Adds the file and stops when this stage begins."""
    for step in library.add([path], collection="Library", work=work).run():
        if isinstance(step, Progress) and step.stage == stage:
            work.stop()


def close_at(stage: str, library: Library, path: Path, work: Work) -> None:
    """Adds the file, and looks no further when this stage begins."""
    steps = library.add([path], collection="Garden", work=work).run()
    for step in steps:
        if isinstance(step, Progress) and step.stage == stage:
            steps.close()  # type: ignore[attr-defined]  # it is a generator


@pytest.mark.parametrize("stage", ["reading", "embedding"])
def test_what_a_stop_cut_short_is_made_whole_by_adding_again(
    add: Add, library: Library, diary: Path, catalog: Catalog, vectors: VectorStore, stage: str
) -> None:
    with pytest.raises(Stopped):
        add_until(stage, library, diary, Work(Scheduler()))
    assert not is_whole(catalog, vectors)
    assert add(diary).verdict is Verdict.READY
    assert is_whole(catalog, vectors)
    assert catalog.passages.count() == DAYS


def test_an_import_that_is_stopped_before_it_begins_reads_nothing(
    library: Library, diary: Path, catalog: Catalog, work: Work
) -> None:
    work.stop()
    with pytest.raises(Stopped):
        list(library.add([diary], collection="Library", work=work).run())
    assert catalog.documents.list() == ()


@pytest.mark.parametrize("stage", ["reading", "embedding"])
def test_steps_that_nobody_reads_any_more_end_both_threads(
    library: Library, diary: Path, work: Work, stage: str
) -> None:
    before = set(threading.enumerate())
    close_at(stage, library, diary, work)
    assert set(threading.enumerate()) <= before


@pytest.mark.parametrize("stage", ["reading", "embedding"])
def test_closing_the_steps_early_leaves_what_adding_makes_whole(
    add: Add, library: Library, diary: Path, catalog: Catalog, vectors: VectorStore, stage: str
) -> None:
    close_at(stage, library, diary, Work(Scheduler()))
    assert add(diary).verdict is Verdict.READY
    assert is_whole(catalog, vectors)
    assert catalog.passages.count() == DAYS


def test_the_work_that_was_passed_in_goes_on_after_an_import(
    add: Add, library: Library, diary: Path, work: Work
) -> None:
    close_at("embedding", library, diary, work)
    assert not work.is_stopped()
    assert add(diary).verdict is Verdict.READY  # with the same work
    assert not work.is_stopped()


def test_what_ended_between_catalog_and_vectors_is_reconciled(
    library: Library, diary: Path, catalog: Catalog, vectors: VectorStore, work: Work
) -> None:
    close_at("embedding", library, diary, work)
    assert len(vectors.ids()) < catalog.passages.count()
    library.reconcile(work)
    assert is_whole(catalog, vectors)


def test_lost_vectors_are_made_again(
    add: Add, diary: Path, library: Library, catalog: Catalog, vectors: VectorStore, work: Work
) -> None:
    add(diary)
    vectors.renew()
    library.reconcile(work)
    assert is_whole(catalog, vectors)


def test_vectors_without_a_passage_are_taken_out(
    add: Add,
    diary: Path,
    library: Library,
    catalog: Catalog,
    vectors: VectorStore,
    embedder: Embedder,
    work: Work,
) -> None:
    add(diary)
    vectors.add([998, 999], ["gone", "gone"], embedder.embed(["a", "b"]))
    library.reconcile(work)
    assert is_whole(catalog, vectors)


def test_vectors_that_a_killed_import_left_behind_are_taken_out_by_the_next(
    add: Add, diary: Path, catalog: Catalog, vectors: VectorStore, embedder: Embedder
) -> None:
    vectors.add([999], ["replaced"], embedder.embed(["what a killed import replaced"]))
    add(diary)
    assert is_whole(catalog, vectors)


def test_what_was_read_and_waits_for_its_embedding_is_not_read_again(
    library: Library, diary: Path, catalog: Catalog, vectors: VectorStore, work: Work
) -> None:
    close_at("embedding", library, diary, work)
    steps = list(library.add([diary], collection="House", work=work).run())
    assert {step.stage for step in steps if isinstance(step, Progress)} == {"embedding"}
    assert is_whole(catalog, vectors)
    (entry,) = catalog.documents.list()
    assert entry.collections == ("Garden", "House")


def test_reconciling_what_is_whole_changes_nothing(
    add: Add, diary: Path, library: Library, vectors: VectorStore, work: Work
) -> None:
    add(diary)
    before = vectors.ids()
    library.reconcile(work)
    assert vectors.ids() == before


def test_reconciling_can_be_stopped_and_done_later(
    library: Library, add: Add, diary: Path, catalog: Catalog, vectors: VectorStore, work: Work
) -> None:
    add(diary)
    vectors.renew()
    stopped = Work(Scheduler())
    stopped.stop()
    with pytest.raises(Stopped):
        library.reconcile(stopped)
    library.reconcile(work)
    assert is_whole(catalog, vectors)


def test_a_file_whose_reading_was_cut_short_is_remembered(
    library: Library, diary: Path, work: Work
) -> None:
    close_at("reading", library, diary, work)
    assert library.unfinished() == ((diary, "Garden"),)


ADDING = """
import sys
import time
from pathlib import Path

from rag.catalog import Catalog
from rag.embedding import open_embedder
from rag.library import Library, Progress
from rag.scheduler import Scheduler, Work
from rag.vectors import VectorStore


class StallingStore(VectorStore):
    def add(self, *stored):
        super().add(*stored)
        print("stored", flush=True)
        time.sleep(60)


if __name__ == "__main__":
    folder, note, model, graphs = map(Path, sys.argv[1:])
    embedder = open_embedder(
        model, name="minilm", threads=1, graphs=graphs, notes=folder / "measured"
    )
    store = StallingStore(folder / "chroma", embedder="minilm")
    library = Library(Catalog(folder / "catalog.sqlite3"), store, embedder, passage_tokens=180)
    for step in library.add([note], collection="", work=Work(Scheduler())).run():
        if isinstance(step, Progress):
            print(step.stage, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("last", ["reading", "embedding", "stored"])
def test_a_library_whose_program_was_killed_is_whole_when_it_is_opened_again(
    diary: Path, embedder: Embedder, embedder_folder: Path, tmp_path: Path, last: str
) -> None:
    kill_when(last, [tmp_path, diary, embedder_folder, ROOT / "assets" / "embedders"])
    vectors = VectorStore(tmp_path / "chroma", embedder="minilm")
    work = Work(Scheduler())
    with closing(Catalog(tmp_path / "catalog.sqlite3")) as catalog:
        library = Library(catalog, vectors, embedder, passage_tokens=180)
        unfinished = [path for path, _ in library.unfinished()]
        assert unfinished == ([diary] if last == "reading" else [])
        library.reconcile(work)
        list(library.add(unfinished, collection="", work=work).run())
        assert is_whole(catalog, vectors)
        assert catalog.passages.count() == DAYS


def kill_when(last: str, arguments: list[Path]) -> None:
    """Starts a program that adds a file, and kills it when it has said this word."""
    program = arguments[0] / "adding.py"
    program.write_text(ADDING)
    with subprocess.Popen(
        [sys.executable, program, *arguments],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    ) as adding:
        assert adding.stdout is not None
        assert any(line.strip() == last for line in adding.stdout)
        adding.kill()
    assert adding.returncode == -signal.SIGKILL

"""An import that is paused, or gives way to a question."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from rag.catalog import Catalog
from rag.errors import Stopped
from rag.library import Library, Progress
from rag.scheduler import Scheduler, Work
from rag.types import AddedFile, State


@pytest.fixture
def notes(tmp_path: Path) -> list[Path]:
    """Enough for many batches."""
    paths = [tmp_path / f"{number}.md" for number in range(20)]
    for number, path in enumerate(paths):
        days = (f"## Day {day}\n\nNote {number} of day {day}.\n\n" for day in range(5))
        path.write_text("".join(days))
    return paths


def run(library: Library, notes: list[Path], work: Work) -> threading.Thread:
    def add() -> None:
        list(library.add(notes, collection="", work=work).run())

    thread = threading.Thread(target=add)
    thread.start()
    return thread


def ready_count(catalog: Catalog) -> int:
    return sum(entry.state is State.READY for entry in catalog.documents.list())


def test_while_it_is_paused_nothing_gets_ready(
    library: Library, catalog: Catalog, notes: list[Path]
) -> None:
    work = Work(Scheduler())
    work.pause()
    adding = run(library, notes, work)
    time.sleep(1)
    assert ready_count(catalog) == 0
    work.resume()
    adding.join(60)
    assert ready_count(catalog) == len(notes)


def test_while_a_question_is_answered_nothing_gets_ready(
    library: Library, catalog: Catalog, notes: list[Path]
) -> None:
    scheduler = Scheduler()
    with scheduler.question():
        adding = run(library, notes, Work(scheduler))
        time.sleep(1)
        assert ready_count(catalog) == 0
    adding.join(60)
    assert ready_count(catalog) == len(notes)


def test_a_pause_halts_the_reader_in_the_middle_of_a_file(
    library: Library, catalog: Catalog, tmp_path: Path
) -> None:
    book, work = tmp_path / "book.md", Work(Scheduler())
    book.write_text("*a* [b](c) `d` **e**\n\n" * 8_000)
    steps = library.add([book], collection="", work=work).run()
    assert isinstance(next(steps), Progress)  # it is being read
    work.pause()
    time.sleep(3)
    assert [entry.state for entry in catalog.documents.list()] == [State.QUEUED]
    work.stop()
    with pytest.raises(Stopped):
        list(steps)


def test_a_paused_import_can_be_stopped(library: Library, notes: list[Path]) -> None:
    work = Work(Scheduler())
    work.pause()
    steps = library.add(notes, collection="", work=work).run()
    threading.Timer(0.3, work.stop).start()
    with pytest.raises(Stopped):
        next(steps)


def test_a_part_is_stopped_and_paused_with_the_whole_and_ends_alone() -> None:
    whole = Work(Scheduler())
    part = whole.part()
    part.stop()
    assert part.is_stopped()
    assert not whole.is_stopped()
    other = whole.part()
    whole.pause()
    assert other.must_wait()
    whole.stop()
    assert other.is_stopped()
    assert not other.must_wait()


def test_verdicts_come_for_all_files_also_after_a_pause(
    library: Library, notes: list[Path]
) -> None:
    work = Work(Scheduler())
    added = []
    for step in library.add(notes, collection="", work=work).run():
        if isinstance(step, AddedFile):
            added.append(step.path)
            work.pause()
            threading.Timer(0.02, work.resume).start()
    assert sorted(added) == sorted(map(str, notes))

"""A real engine keeps in step with a followed folder: new, moved and deleted files."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest

from app.engine import Engine
from app.following import Following
from app.lanes import Lane
from app.messages import Event, LibraryChanged
from app.settings import Paths, Settings
from app.watching import Watch
from rag.scheduler import Work
from rag.types import DocumentEntry

PATIENCE_S = 30


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "bees.md").write_text("# Bees\n\nThe hives stand in the orchard.\n")
    (tmp_path / "notes" / "wasps.md").write_text("# Wasps\n\nThey live under the roof.\n")
    return tmp_path / "notes"


@pytest.fixture
def documents(folder: Path, tmp_path: Path) -> Iterator[Callable[[], dict[str, DocumentEntry]]]:
    """The library's documents by file name, of an engine that follows the folder."""
    events: list[Event] = []
    with closing(Engine(Settings(Paths.of(tmp_path / "data")))) as engine:
        engine.library.follow(folder, collection="Library")
        work = Work(engine.scheduler)
        lane = Lane("imports")
        following = Following(engine, lane, work, events.append, then=lambda: None)
        following.begin()
        yield lambda: {Path(e.path).name: e for e in engine.catalog.documents.list()}
        following.end()
        work.stop()
        assert lane.finish(10)
    assert any(isinstance(event, LibraryChanged) for event in events)


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def are_ready(documents: Callable[[], dict[str, DocumentEntry]], *names: str) -> bool:
    there = documents()
    return set(there) == set(names) and all(e.state == "ready" for e in there.values())


def test_the_library_follows_its_folder(
    folder: Path, documents: Callable[[], dict[str, DocumentEntry]]
) -> None:
    wait_until(lambda: are_ready(documents, "bees.md", "wasps.md"))
    bees = documents()["bees.md"].document
    (folder / "ants.md").write_text("# Ants\n\nThey live in the wall.\n")
    wait_until(lambda: are_ready(documents, "ants.md", "bees.md", "wasps.md"))
    (folder / "bees.md").rename(folder / "hives.md")
    (folder / "wasps.md").unlink()
    wait_until(lambda: are_ready(documents, "ants.md", "hives.md"))
    assert documents()["hives.md"].document == bees


def test_a_watch_looks_at_a_folder_when_it_begins_and_when_it_changes(tmp_path: Path) -> None:
    looks: list[Path] = []
    with closing(Watch(looks.append)) as watch:
        watch.follow([tmp_path])
        assert looks == [tmp_path]
        time.sleep(1)
        (tmp_path / "new.md").write_text("New.")
        wait_until(lambda: len(looks) > 1)
    assert set(looks) == {tmp_path}


def test_an_archive_in_a_followed_folder_is_followed(
    folder: Path, documents: Callable[[], dict[str, DocumentEntry]]
) -> None:
    pack(folder / "old.zip", **{"ants.md": "# Ants\n\nIn the wall.", "moths.md": "# Moths\n"})
    wait_until(lambda: are_ready(documents, "bees.md", "wasps.md", "ants.md", "moths.md"))
    ants = documents()["ants.md"].document
    pack(folder / "old.zip", **{"ants.md": "# Ants\n\nIn the roof.", "flies.md": "# Flies\n"})
    wait_until(lambda: are_ready(documents, "bees.md", "wasps.md", "ants.md", "flies.md"))
    assert documents()["ants.md"].document == ants
    (folder / "old.zip").unlink()
    wait_until(lambda: are_ready(documents, "bees.md", "wasps.md"))


def pack(path: Path, **files: str) -> None:
    part = path.with_suffix(".part")
    with ZipFile(part, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    part.replace(path)


def test_a_change_that_concerns_nobody_is_no_reason_to_look(tmp_path: Path) -> None:
    looks: list[Path] = []
    with closing(Watch(looks.append, lambda path, folder: path.suffix != ".tmp")) as watch:
        watch.follow([tmp_path])
        time.sleep(1)
        (tmp_path / "new.tmp").write_text("New.")
        time.sleep(3)
        assert looks == [tmp_path]
        (tmp_path / "new.md").write_text("New.")
        wait_until(lambda: len(looks) > 1)


def test_looks_that_no_event_asked_for_come_the_seldomer_the_more_they_cost() -> None:
    with closing(Watch(lambda folder: None)) as watch:
        assert watch.pause_s == 60
        watch.pace(0.1)
        assert watch.pause_s == 60
        watch.pace(1.5)
        assert watch.pause_s == 300
        watch.pace(60)
        assert watch.pause_s == 600


def test_a_folder_that_was_away_is_watched_when_it_is_back(tmp_path: Path) -> None:
    looks: list[Path] = []
    here, away = tmp_path / "here", tmp_path / "away"
    here.mkdir()
    with closing(Watch(looks.append)) as watch:
        watch.pause_s = 0.3
        watch.follow([here, away])
        away.mkdir()
        time.sleep(1.5)  # looked at by then, and watched
        watch.pause_s = 600
        time.sleep(0.5)
        before = looks.count(away)
        (away / "new.md").write_text("New.")
        wait_until(lambda: looks.count(away) > before)

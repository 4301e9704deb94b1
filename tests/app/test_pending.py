"""What was asked to be added comes in, however often the engine ends before it is there."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from app.messages import Adding, AddPaths, Documents, LibraryChanged, ListDocuments, Stop
from app.pending import PendingImports
from app.settings import Paths
from rag.types import State

COUNT = 12


@pytest.fixture
def notes(tmp_path: Path) -> tuple[str, ...]:
    """Single files: no folder is followed for their sake."""
    paths = [tmp_path / f"{number:02}.md" for number in range(COUNT)]
    for number, path in enumerate(paths):
        lines = (f"Bird {number} sang {line} times near lake {line}." for line in range(40))
        path.write_text("\n\n".join(lines))
    return tuple(map(str, paths))


def add(engine: Any, paths: tuple[str, ...]) -> int:
    """Asks for the files and comes back when the first is being read."""
    request = AddPaths(engine.door.new_request_id(), paths, "Birds")
    engine.door.send(request)
    engine.wait_for(Adding, request.request_id)
    return request.request_id


def ready(engine: Any) -> set[str]:
    listed = engine.ask(lambda number: ListDocuments(number, "Birds"))[0]
    assert isinstance(listed, Documents)
    return {entry.path for entry in listed.documents if entry.state is State.READY}


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_single_files_come_in_after_the_engine_was_killed(
    own_engine: Any, notes: tuple[str, ...]
) -> None:
    add(own_engine, notes)
    os.kill(own_engine.door.engine_pid, signal.SIGKILL)
    own_engine.end()
    own_engine.open()
    deadline = time.monotonic() + 60
    while ready(own_engine) != set(notes) and time.monotonic() < deadline:
        own_engine.wait_for(LibraryChanged, 0)
    assert ready(own_engine) == set(notes)


def test_what_has_come_in_or_was_stopped_is_not_asked_for_again(
    own_engine: Any, notes: tuple[str, ...], tmp_path: Path
) -> None:
    pending = Paths.of(tmp_path / "data").pending
    request_id = add(own_engine, notes)
    assert len(list(pending.iterdir())) == 1
    own_engine.door.send(Stop(request_id))
    own_engine.until_ended(request_id)
    own_engine.ask(lambda number: AddPaths(number, notes[:1], "Birds"))
    deadline = time.monotonic() + 10
    while list(pending.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not list(pending.iterdir())


def test_a_note_keeps_names_of_all_kinds_in_order(tmp_path: Path) -> None:
    pending = PendingImports(tmp_path / "pending")
    assert pending.left() == ()
    noted = [pending.note(AddPaths(1, (name,), "Library")) for name in ("a\n🐝", "b\udcff")]
    for number, each in enumerate(noted):
        os.utime(each.note, (number, number))
    assert pending.left() == tuple(noted)
    noted[0].forget()
    noted[0].forget()
    assert pending.left() == (noted[1],)


def test_a_note_that_was_torn_asks_for_nothing(tmp_path: Path) -> None:
    pending = PendingImports(tmp_path)
    (tmp_path / "torn.json").write_text('{"paths": ["a')
    assert pending.left() == ()


def test_where_nothing_can_be_noted_nothing_is_raised(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    pending = PendingImports(tmp_path / "file")
    pending.note(AddPaths(1, ("a",), "Library")).forget()

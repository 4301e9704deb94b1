"""Recognition in its lane, held up and gone on with, on a real engine with a real scan."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from app.engine import Engine
from app.lanes import Lane
from app.messages import AddPaths, Event
from app.performing import perform
from app.scanning import Scanning
from app.settings import Paths, Settings
from rag.scheduler import Work


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    Image.new("L", (60, 60), 255).save(tmp_path / "empty.png")
    with Engine(Settings(Paths.of(tmp_path / "data"))) as engine:
        work = Work(engine.scheduler)
        perform(engine, AddPaths(1, (str(tmp_path / "empty.png"),), ""), lambda event: None, work)
        yield engine


def test_what_is_held_up_goes_on_afterwards(engine: Engine) -> None:
    events: queue.Queue[Event] = queue.Queue()
    lane = Lane("scans")
    scanning = Scanning(engine, lane, Work(engine.scheduler), events.put)
    assert engine.library.scans()
    with scanning.held_up():
        scanning.begin()
        assert lane.finish(30)
        assert engine.library.scans()  # it has waited
    assert lane.finish(60)
    assert not engine.library.scans()

"""How long it takes until questions can be asked: the engine with its model, and a large file.

The engine is opened through the door, as the window does it, on an empty library, with the disk's
cache warm. A file is loaded, and read once as the baseline, both after it was dropped from the
system's cache, where the system allows that (Linux: `posix_fadvise`).
"""

from __future__ import annotations

import os
import queue
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import psutil
from generation_figures.figure import Figure, middle, ratio
from generation_figures.subject import LARGE_BYTES, Spent, Subject, answer, say, spent

from app.door import Door, EngineEnd
from app.messages import Event, Ready
from app.settings import ModelSettings, Paths, Settings
from rag.generation import LocalModel
from rag.generation.templates import Message

STEP_BYTES = 4 << 20
ENGINE_S, LOADING = 1.0, 1.5
LONGEST_S = 300.0


def measure(subject: Subject) -> Iterator[Figure]:
    """The engine for a small model, and loading for any."""
    if subject.path.stat().st_size < LARGE_BYTES:
        yield from engine(subject)
    yield from loading(subject)


def engine(subject: Subject) -> Iterator[Figure]:
    """From opening the door to Ready; the first start of all is told apart."""
    with tempfile.TemporaryDirectory() as folder:
        model = ModelSettings(name=str(subject.path))
        settings = Settings(Paths.of(Path(folder)), model=model)
        first, *later = (opened(settings) for _ in range(1 + subject.sizes.rounds))
    yield Figure("opening: the engine ready, the first time", first.clock, "s")
    yield middle("opening: the engine ready", [each.clock for each in later], "s", target=ENGINE_S)
    yield middle("opening: of that the engine's own work", [each.cores for each in later], "core s")


def opened(settings: Settings) -> Spent:
    """What passes until the engine says that it is ready, and what it has worked by then."""
    events: queue.SimpleQueue[Event | EngineEnd] = queue.SimpleQueue()
    door = Door(settings, on_event=events.put, on_end=events.put)
    started = time.perf_counter()
    door.open()
    try:
        while not isinstance(event := events.get(timeout=LONGEST_S), Ready):
            assert not isinstance(event, EngineEnd), event.sentence
        assert event.model, event.notice
        worked = psutil.Process(door.engine_pid).cpu_times()
        return Spent(time.perf_counter() - started, worked.user + worked.system)
    finally:
        door.close()


def loading(subject: Subject) -> Iterator[Figure]:
    """Loading, mapped, and the first token, which needs all weights, against reading the file."""
    if not (is_cold := hasattr(os, "posix_fadvise")):
        say("The system's cache cannot be emptied here: the file is read and loaded warm.")
    rounds = []
    for _ in range(max(1, subject.sizes.rounds // 2)):
        forget_file(subject.path)
        reading = spent(read_once, subject.path)
        forget_file(subject.path)
        loaded = spent(load_once, subject)
        rounds.append((loaded.clock, reading.clock))
    kind = "cold" if is_cold else "warm"
    yield Figure(f"opening: reading the file once, {kind}", median(r for _, r in rounds), "s")
    yield Figure(f"opening: loaded to the first token, {kind}", median(r for r, _ in rounds), "s")
    large = subject.path.stat().st_size >= LARGE_BYTES
    yield ratio("opening: against reading the file", rounds, target=LOADING if large else None)


def forget_file(path: Path) -> None:
    """Drop the file from the system's cache."""
    if hasattr(os, "posix_fadvise"):
        with path.open("rb") as file:
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def read_once(path: Path) -> None:
    """From beginning to end."""
    with path.open("rb", buffering=0) as file:
        while file.read(STEP_BYTES):
            pass


def load_once(subject: Subject) -> None:
    """Load, and pick one token behind two or three."""
    model = LocalModel.load(subject.path, subject.plan(4_096), name="measured")
    answer(model, [Message("user", "Hi")])
    model.close()

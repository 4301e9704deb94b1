"""How long it takes until questions can be asked: the engine with its model, and a large file.

The engine is opened through the door, as the window does it, on an empty library, with the disk's
cache warm. A file is loaded, and read once as the baseline, both after it was dropped from the
system's cache, where the system allows that (Linux: `posix_fadvise`).
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from generation_figures.figure import Figure, middle, ratio
from generation_figures.subject import (
    LARGE_BYTES,
    Spent,
    Subject,
    answer,
    say,
    spent,
    starter,
    told_by,
)

from rag.generation import LocalModel
from rag.generation.templates import Message

STEP_BYTES = 4 << 20
ENGINE_S, LOADING = 1.0, 1.5


def measure(subject: Subject) -> Iterator[Figure]:
    """The engine for a small model, and loading for any."""
    if subject.path.stat().st_size < LARGE_BYTES:
        yield from engine(subject)
    yield from loading(subject)


def engine(subject: Subject) -> Iterator[Figure]:
    """From opening the door to Ready; the first start of all is told apart."""
    name = "starter" if subject.path == starter() else str(subject.path)
    with tempfile.TemporaryDirectory() as folder:
        first, *later = (opened(folder, name) for _ in range(1 + subject.sizes.rounds))
    yield Figure("opening: the engine ready, the first time", first.clock, "s")
    yield middle("opening: the engine ready", [each.clock for each in later], "s", target=ENGINE_S)
    yield middle("opening: of that the engine's own work", [each.cores for each in later], "core s")


def opened(folder: str, model: str) -> Spent:
    """What passes until the engine says that it is ready, and what it has worked by then."""
    return Spent(**told_by("ready_engine.py", folder, model))


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

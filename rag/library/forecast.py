"""How long an import will still take, from how fast it has been."""

from __future__ import annotations

import math
import os
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

MEMORY_S = 60.0  # of embedding: after so long, an earlier pace counts for a third
FIRST_FORECAST_S = 3.0  # of work before anything is told
WORK_A_BYTE = 0.8  # until files of a kind have been read
WORK_A_PASSAGE = 170  # characters that take as long as what a passage costs whatever its length


def work_of(passage_count: int, character_count: int) -> int:
    """What it takes to embed passages: about so many characters, were there no passages."""
    return character_count + WORK_A_PASSAGE * passage_count


class Forecast:
    """Counts what is done of an import and tells the seconds that are left.

    Almost all of the work is embedding. How much of it the files hold that are still to be read is
    told from those read before, of the same suffix first. While reading goes on beside it and all
    cores are busy, embedding is slower than it will be.
    """

    def __init__(self, files: Sequence[Path], *, threads: int, cores: int | None = None) -> None:
        """`threads` are the embedder's; `cores` those of the machine, which are looked up."""
        self._lock = threading.Lock()  # files are read in one thread and embedded in another
        self._sizes = {path: _size(path) for path in files}  # of those still to be read
        self._unread_bytes: defaultdict[str, int] = defaultdict(int)  # by suffix, as what follows
        self._read_bytes: defaultdict[str, int] = defaultdict(int)
        self._read_work: defaultdict[str, float] = defaultdict(float)
        self._read_seconds: defaultdict[str, float] = defaultdict(float)
        for path, size in self._sizes.items():
            self._unread_bytes[path.suffix] += size
        self._waiting = 0  # work of what was read and is not yet embedded
        self._worked = 0.0  # seconds
        self._recent_seconds = self._recent_work = 0.0  # what the pace is told from
        self._undisturbed = min(1.0, (cores or os.cpu_count() or 1) / (threads + 1))

    def note_read(self, path: Path, work: int, seconds: float) -> None:
        """A file has been read, or looked at, in so long, and this work is to be done for it."""
        with self._lock:
            if (size := self._sizes.pop(path, None)) is None:
                return
            self._unread_bytes[path.suffix] -= size
            self._read_bytes[path.suffix] += size
            self._read_work[path.suffix] += work
            self._read_seconds[path.suffix] += seconds
            self._waiting += work
            if not self._sizes:
                self._recent_seconds *= self._undisturbed  # from now on

    def note_embedded(self, work: int, seconds: float) -> None:
        """Passages have been embedded, which took this long."""
        with self._lock:
            kept = math.exp(-seconds / MEMORY_S)
            self._waiting -= work
            self._worked += seconds
            self._recent_seconds = kept * self._recent_seconds + seconds
            self._recent_work = kept * self._recent_work + work

    @property
    def seconds_left(self) -> float:
        """Infinite until it can be told."""
        with self._lock:
            if self._worked < FIRST_FORECAST_S:
                return math.inf
            pace = self._recent_seconds / max(1, self._recent_work)
            left = max(0, self._waiting)  # a copy's passages are not counted
            embedding_s = (left + self._in_unread(self._read_work, WORK_A_BYTE)) * pace
            reading_s = self._in_unread(self._read_seconds, 0.0)
            beside_s = min(reading_s, embedding_s)
            share = self._undisturbed if self._sizes else 1.0
            return reading_s + (embedding_s - beside_s) * share

    def _in_unread(self, found: Mapping[str, float], a_byte: float) -> float:
        """How much of what was found in files those come to that are still to be read."""
        if all_bytes := sum(self._read_bytes.values()):
            a_byte = sum(found.values()) / all_bytes
        return sum(
            size * (found[suffix] / read if (read := self._read_bytes.get(suffix)) else a_byte)
            for suffix, size in self._unread_bytes.items()
        )


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

"""How long an import will still take, from how fast it has been."""

from __future__ import annotations

import math
import threading
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

MEMORY = 0.98  # of the pace so far, kept at each batch: slow enough to be steady
FIRST_FORECAST_S = 3.0  # of work before anything is told
PASSAGES_A_BYTE = 1 / 1_000  # until files of a kind have been read


class Forecast:
    """Counts what is done of an import and tells the seconds that are left.

    Almost all of the work is embedding. How many passages the files hold that are still to be
    read is told from those read before, of the same suffix first.
    """

    def __init__(self, files: Sequence[Path]) -> None:
        self._lock = threading.Lock()  # files are read in one thread and embedded in another
        self._sizes = {path: _size(path) for path in files}
        self._read_bytes: defaultdict[str, int] = defaultdict(int)
        self._read_passages: defaultdict[str, int] = defaultdict(int)
        self._waiting = 0  # passages read and not yet embedded
        self._seconds_a_passage = 0.0
        self._worked = 0.0

    def note_read(self, path: Path, passage_count: int) -> None:
        """A file has been read, or needed no reading, and this many passages are to be embedded."""
        with self._lock:
            size = self._sizes.pop(path, 0)
            if passage_count:
                self._read_bytes[path.suffix] += size
                self._read_passages[path.suffix] += passage_count
                self._waiting += passage_count

    def note_embedded(self, passage_count: int, seconds: float) -> None:
        """Passages have been embedded; the computing took this long."""
        pace = seconds / passage_count
        with self._lock:
            self._waiting -= passage_count
            self._worked += seconds
            earlier = self._seconds_a_passage or pace
            self._seconds_a_passage = MEMORY * earlier + (1 - MEMORY) * pace

    @property
    def seconds_left(self) -> float:
        """Infinite until it can be told."""
        with self._lock:
            if self._worked < FIRST_FORECAST_S:
                return math.inf
            unread = sum(size * self._density(path.suffix) for path, size in self._sizes.items())
            waiting = max(0, self._waiting)  # a copy's passages are not counted
            return (waiting + unread) * self._seconds_a_passage

    def _density(self, suffix: str) -> float:
        """Passages a byte in files of this suffix."""
        if size := self._read_bytes.get(suffix, 0):
            return self._read_passages[suffix] / size
        if size := sum(self._read_bytes.values()):
            return sum(self._read_passages.values()) / size
        return PASSAGES_A_BYTE


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0

"""A download as the window knows it, and how it is said. Plain values; asks for nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum, auto

from ui.wording import time_left

_UNITS = ((1e9, "GB", 2), (1e6, "MB", 0), (1e3, "kB", 0))


class DownloadStage(Enum):
    """Where a download stands; what has arrived is kept in each of them."""

    WAITING = auto()  # for the one before it: one at a time
    RUNNING = auto()
    PAUSING = auto()  # asked to stop, and not yet stopped
    PAUSED = auto()
    FAILED = auto()


@dataclass(frozen=True, slots=True)
class Download:
    """A model that is being fetched, or was until something came between."""

    name: str
    title: str
    stage: DownloadStage = DownloadStage.RUNNING
    done_bytes: int = 0
    total_bytes: int = 0  # 0 until it is known
    seconds_left: float = math.inf
    reason: str = ""  # why it failed, and what to do

    @property
    def share(self) -> float:
        """How much of it is here, 0 to 1."""
        return self.done_bytes / self.total_bytes if self.total_bytes else 0.0

    @property
    def is_under_way(self) -> bool:
        """Whether it goes on by itself, so that it can be paused."""
        return self.stage not in (DownloadStage.PAUSED, DownloadStage.FAILED)

    @property
    def words(self) -> str:
        """How far it has come, in a line."""
        if self.stage is DownloadStage.WAITING:
            return "Begins when the download before it is done"
        if not self.total_bytes:
            is_asking = self.stage is DownloadStage.RUNNING
            return "Asking for the file…" if is_asking else "Nothing has arrived yet"
        total = size_in_words(self.total_bytes)
        parts = [f"{size_in_words(self.done_bytes)} of {total}", *self._pace()]
        return " · ".join(filter(None, parts))

    def _pace(self) -> tuple[str, ...]:
        match self.stage:
            case DownloadStage.WAITING | DownloadStage.RUNNING:
                return (self._speed(), time_left(self.seconds_left))
            case DownloadStage.PAUSING:
                return ("pausing…",)
            case DownloadStage.PAUSED:
                return ("paused; what has arrived is kept",)
            case DownloadStage.FAILED:
                return ("interrupted; what has arrived is kept",)

    def _speed(self) -> str:
        missing = self.total_bytes - self.done_bytes
        if math.isinf(self.seconds_left) or self.seconds_left <= 0 or missing <= 0:
            return ""
        return f"{size_in_words(missing / self.seconds_left)}/s"


def size_in_words(size_bytes: float) -> str:
    """A size as file managers and shops say it, in thousands: "9.05 GB"."""
    for unit, name, digits in _UNITS:
        if size_bytes >= unit:
            return f"{size_bytes / unit:.{digits}f} {name}"
    return f"{size_bytes:.0f} bytes"

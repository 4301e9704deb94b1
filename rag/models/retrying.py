"""Trying again: growing pauses while a failure is of the moment, and none that a stop waits for."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from rag.errors import DownloadFailed, Stopped

Found = TypeVar("Found")
LISTEN_S = 0.1


class Passing(Exception):
    """A failure of the moment, worth another try; `told` is what to say when none succeeds."""

    def __init__(self, told: DownloadFailed, *, wait_s: float = 0.0) -> None:
        super().__init__(str(told))
        self.told = told
        self.wait_s = wait_s  # the server asked for so long a pause


def persistently(
    step: Callable[[], Found],
    *,
    pauses_s: Sequence[float],
    is_stopped: Callable[[], bool],
    has_moved: Callable[[], bool] = lambda: False,
    on_pause: Callable[[], None] = lambda: None,
) -> Found:
    """Do the step, and again after growing pauses while its failure is passing.

    The pauses begin anew when `has_moved` says that the last try got further. Raises Stopped.
    """
    tries = 0
    while True:
        try:
            return step()
        except Passing as failure:
            if is_stopped():
                raise Stopped from failure
            tries = 0 if has_moved() else tries
            if tries == len(pauses_s):
                raise failure.told from failure
            on_pause()
            wait(max(pauses_s[tries], failure.wait_s), is_stopped)
            tries += 1


def wait(seconds: float, is_stopped: Callable[[], bool]) -> None:
    """Wait, unless stopped meanwhile. Raises Stopped."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if is_stopped():
            raise Stopped
        time.sleep(min(LISTEN_S, left))

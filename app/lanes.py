"""Lanes: threads that each do one thing after the other."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable

log = logging.getLogger(__name__)


class Lane:
    """A thread that does one thing after the other."""

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[], None]) -> None:
        """Do this after all that was submitted before."""
        self._jobs.put(job)

    def finish(self, timeout_s: float) -> bool:
        """Wait for the end of what was submitted; whether it came in time."""
        finished = threading.Event()
        self.submit(finished.set)
        return finished.wait(timeout_s)

    def _run(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                job()
            except Exception:  # what comes after it in the lane must not suffer for it
                log.exception("a job failed by a fault of Deskbook's")

"""Who goes first: a question before all else, and everything can be stopped.

Background work comes by at its checkpoints; while a question is being answered it waits there.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rag.errors import Stopped


class Scheduler:
    """Knows how many questions are being answered just now."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._question_count = 0

    @contextmanager
    def question(self) -> Iterator[None]:
        """While inside, background work waits at its next checkpoint."""
        with self._changed:
            self._question_count += 1
        try:
            yield
        finally:
            with self._changed:
                self._question_count -= 1
                self._changed.notify_all()

    def wait_for_turn(self, work: Work) -> None:
        """Return when the work may go on: no question, no pause, or a stop."""
        with self._changed:
            while self.must_wait(work):
                self._changed.wait(timeout=0.1)

    def must_wait(self, work: Work) -> bool:
        """Whether a question is being answered or the work is paused, and it is not stopped."""
        return (self._question_count > 0 or work.is_paused()) and not work.is_stopped()


class Work:
    """One piece of work: it may be stopped from any thread, and gives way at checkpoints."""

    def __init__(self, scheduler: Scheduler, whole: Work | None = None) -> None:
        self._scheduler = scheduler
        self._whole = whole
        self._stopped = threading.Event()
        self._paused = threading.Event()

    def part(self) -> Work:
        """A part of this work: stopped and paused with it, but it may be stopped by itself."""
        return Work(self._scheduler, self)

    def stop(self) -> None:
        """Ask the work to stop; it does at its next checkpoint."""
        self._stopped.set()

    def is_stopped(self) -> bool:
        """Whether it, or what it is a part of, was asked to stop."""
        return self._stopped.is_set() or (self._whole is not None and self._whole.is_stopped())

    def pause(self) -> None:
        """Let it wait at its next checkpoint until it is resumed or stopped."""
        self._paused.set()

    def resume(self) -> None:
        """Let it go on."""
        self._paused.clear()

    def is_paused(self) -> bool:
        """Whether it, or what it is a part of, is paused."""
        return self._paused.is_set() or (self._whole is not None and self._whole.is_paused())

    def must_wait(self) -> bool:
        """Whether something else goes first just now."""
        return self._scheduler.must_wait(self)

    def checkpoint(self) -> None:
        """Let what goes first go first. Raises Stopped where the work was asked to stop."""
        self._scheduler.wait_for_turn(self)
        if self.is_stopped():
            raise Stopped

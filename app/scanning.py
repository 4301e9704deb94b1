"""Scanned pages recognised in a lane of their own, last of all, and held up where need be."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from app.engine import Engine
from app.lanes import Lane
from app.messages import Event, RecognizeScans
from app.performing import perform_to_end
from rag.scheduler import Work

log = logging.getLogger(__name__)

NOBODY = 0  # the request id of what nobody asked for
PATIENCE_S = 60.0  # for the page in hand, beside a question


class Scanning:
    """Recognises the pages that wait for it."""

    def __init__(
        self, engine: Engine, lane: Lane, whole: Work, emit: Callable[[Event], None]
    ) -> None:
        """It is stopped with the `whole` work."""
        self._engine = engine
        self._lane = lane
        self._whole = whole
        self._emit = emit
        self._work = whole.part()

    def begin(self) -> None:
        """Recognise what waits by now, after what the lane has in hand."""
        self._lane.submit(self._run)

    @contextmanager
    def held_up(self) -> Iterator[None]:
        """Inside nothing is recognised; then it goes on where it was."""
        self._work.stop()
        if not self._lane.finish(PATIENCE_S):
            log.warning("a page is being recognised for long, and is not waited for")
        try:
            yield
        finally:
            self._work = self._whole.part()
            self.begin()

    def _run(self) -> None:
        perform_to_end(self._engine, RecognizeScans(NOBODY), self._emit, self._work)

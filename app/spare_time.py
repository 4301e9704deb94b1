"""What the lane of questions does for the language model while nobody asks anything.

The system prompt is read before the first question. Whoever asks goes first: `make_way` ends it
at once.
"""

from __future__ import annotations

import logging
from functools import partial

from app.engine import Engine
from app.lanes import Lane
from rag.errors import DeskbookError, Stopped
from rag.scheduler import Work

log = logging.getLogger(__name__)


class SpareTime:
    """Uses the time between questions."""

    def __init__(self, engine: Engine, lane: Lane) -> None:
        self._engine = engine
        self._lane = lane
        self._work = Work(engine.scheduler)

    def begin(self) -> None:
        """There may be time from now on, once the lane has done what it has in hand."""
        self._work = Work(self._engine.scheduler)
        self._lane.submit(partial(self._run, self._work))

    def make_way(self) -> None:
        """Somebody asks."""
        self._work.stop()

    def _run(self, work: Work) -> None:
        if work.is_stopped():
            return
        try:
            self._engine.warm_up(work.is_stopped)
        except Stopped:
            log.debug("a question goes first")
        except DeskbookError as error:  # whoever asks is told
            log.warning("the language model cannot be made ready: %s", type(error).__name__)

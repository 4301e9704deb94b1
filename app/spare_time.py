"""What the lane of questions does for the language model while nobody asks anything.

The system prompt is read before the first question, and the model's speed is measured once, when
the machine has nothing else to do. Whoever asks goes first: `make_way` ends it at once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from functools import partial

import psutil

from app.engine import Engine
from app.lanes import Lane
from rag.errors import DeskbookError, Stopped
from rag.scheduler import Work

log = logging.getLogger(__name__)

QUIET_S = 5.0  # without a question, before the model is measured
QUIET_PERCENT = 40.0  # of the processors, at most, that is in use meanwhile

Use = Callable[[Callable[[], bool]], None]  # of the time: it is to end once it is told to


class SpareTime:
    """Uses the time between questions."""

    def __init__(self, engine: Engine, lane: Lane, *, quiet_s: float = QUIET_S) -> None:
        self._engine = engine
        self._lane = lane
        self._quiet_s = quiet_s
        self._work = Work(engine.scheduler)
        self._timer: threading.Timer | None = None

    def begin(self) -> None:
        """There may be time from now on, once the lane has done what it has in hand."""
        self.make_way()
        self._work = Work(self._engine.scheduler)
        self._lane.submit(partial(self._use, self._engine.warm_up, self._work))
        if self._engine.language_models.is_measured:
            return
        psutil.cpu_percent()  # the next call tells how busy it was since
        self._timer = threading.Timer(self._quiet_s, self._measure_if_quiet, [self._work])
        self._timer.daemon = True
        self._timer.start()

    def make_way(self) -> None:
        """Somebody asks, or the end has come."""
        self._work.stop()
        if self._timer is not None:
            self._timer.cancel()

    def _measure_if_quiet(self, work: Work) -> None:
        if work.is_stopped():
            return
        if psutil.cpu_percent() <= QUIET_PERCENT:
            self._lane.submit(partial(self._use, self._engine.measure_model, work))
        else:
            self.begin()

    def _use(self, use: Use, work: Work) -> None:
        if work.is_stopped():
            return
        try:
            use(work.is_stopped)
        except Stopped:
            log.debug("a question goes first")
        except DeskbookError as error:  # whoever asks is told
            log.warning("the language model cannot be made ready: %s", type(error).__name__)

"""The engine made ready for questions: its models loaded side by side, and what is amiss told."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from app.engine import Engine
from app.messages import Event, Loading
from app.modelling import ready
from app.performing import FAULT, log_hint
from rag.errors import ModelError, Stopped

log = logging.getLogger(__name__)

NOBODY = 0  # the request id of events that answer no request
PATIENCE_S = 3.0  # with a large model, before other work goes on beside it


class Opening:
    """Loads the embedder and the language model once; `run` it where questions are answered."""

    def __init__(
        self, engine: Engine, emit: Callable[[Event], None], *, is_ending: Callable[[], bool]
    ) -> None:
        self._engine = engine
        self._emit = emit
        self._is_ending = is_ending
        self._is_done = threading.Event()

    def run(self) -> None:
        """Tell what is loaded, and at last that the engine is ready. Nothing is raised."""
        failure = ""
        try:
            failure = self._load()
        except Stopped:
            return
        except Exception:  # nothing would be answered, and nobody would learn why
            log.exception("the models cannot be loaded")
            failure = f"{FAULT} {log_hint(self._engine.settings.paths)}"
            self._engine.answer_without_model()
        finally:
            self._is_done.set()
        told = ready(self._engine, NOBODY)
        self._emit(replace(told, notice=failure) if failure else told)

    def wait(self) -> None:
        """Let what a person waits for go first; a large model not for ever."""
        self._is_done.wait(PATIENCE_S)

    def _load(self) -> str:
        with ThreadPoolExecutor(1, "embedder") as beside:
            self._tell("the search by meaning")
            embedder = beside.submit(self._engine.embedder.load)
            failure = self._load_model()
            embedder.result()
        return failure

    def _load_model(self) -> str:
        """Why answers are quotations, where they are for want of a model that works."""
        try:
            with self._engine.language_models.told(self._tell, is_stopped=self._is_ending):
                self._engine.open_model()
        except ModelError as error:
            log.warning("the language model cannot be used: %s", error)
            self._engine.answer_without_model()
            return f"{error} Until then answers are quotations."
        return ""

    def _tell(self, what: str) -> None:
        self._emit(Loading(NOBODY, what))

"""The engine process's inside: requests come in, events go out, three lanes do the work.

Questions, imports and quick look-ups each have a lane, so that none waits for another's kind;
who goes first among them is the scheduler's affair. The process ends with its window, however
that one ends.
"""

from __future__ import annotations

import logging
import os
import queue
import threading
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import cast

from app import channel
from app.engine import Engine
from app.messages import (
    AddPaths,
    Ask,
    Event,
    Failed,
    LibraryChanged,
    Loading,
    Pause,
    Ready,
    RemoveDocuments,
    Request,
    Resume,
    Search,
    Stop,
)
from app.performing import perform_to_end
from app.settings import DEFAULT_COLLECTION, Settings
from rag.errors import DeskbookError, ModelError, Stopped
from rag.scheduler import Work

log = logging.getLogger(__name__)

NOBODY = 0  # the request id of events that answer no request
GRACE_S = 2.0  # for the lanes to come to an end


def serve(connection: Connection, settings: Settings) -> None:
    """Answer requests until the other end is gone; then the process exits."""
    loop = EngineLoop(connection)
    try:
        with Engine(settings) as engine:
            loop.run(engine)
    except DeskbookError as error:
        log.warning("the engine cannot open: %s", type(error).__name__, exc_info=error)
        loop.refuse(error)
    logging.shutdown()
    os._exit(0)  # a lane that is still in native code must not hold the process


class Lane:
    """A thread that does one thing after the other."""

    def __init__(self, name: str) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, job: Callable[[], None]) -> None:
        """Do this after all that was submitted before. It raises nothing."""
        self._jobs.put(job)

    def finish(self, timeout_s: float) -> None:
        """Wait for the end of what was submitted."""
        finished = threading.Event()
        self.submit(finished.set)
        finished.wait(timeout_s)

    def _run(self) -> None:
        while True:
            self._jobs.get()()


class EngineLoop:
    """Hands each request to its lane, and stops those that are to stop."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._works: dict[int, Work] = {}

    def run(self, engine: Engine) -> None:
        """Until the other end is gone."""
        questions, imports, quick = Lane("questions"), Lane("imports"), Lane("quick")
        background = Work(engine.scheduler)
        questions.submit(lambda: self._load(engine))
        imports.submit(lambda: self._recover(engine, background))
        while request := self._next_request():
            match request:
                case Stop() | Pause() | Resume():
                    self._steer(request)
                case Ask() | Search():
                    self._submit(questions, engine, request)
                case AddPaths() | RemoveDocuments():
                    self._submit(imports, engine, request)
                case _:
                    self._submit(quick, engine, request)
        for work in (background, *self._works.values()):
            work.stop()
        for lane in (questions, imports, quick):
            lane.finish(GRACE_S / 3)

    def refuse(self, error: DeskbookError) -> None:
        """Until the other end is gone, answer each request with the reason why none can be."""
        self.emit(Failed(NOBODY, error.what, error.remedy))
        while request := self._next_request():
            self.emit(Failed(request.request_id, error.what, error.remedy))

    def emit(self, event: Event) -> None:
        """Send an event; from any thread. Where the other end is gone, nobody needs it."""
        try:
            with self._sending:
                channel.send(self._connection, event)
        except OSError:
            log.info("the window is gone")

    def _next_request(self) -> Request | None:
        try:
            return cast(Request, channel.receive(self._connection))
        except (EOFError, OSError):
            return None

    def _steer(self, request: Stop | Pause | Resume) -> None:
        work = self._works.get(request.request_id)
        match request:
            case _ if work is None:
                pass  # it has ended in the meantime
            case Stop():
                work.stop()
            case Pause():
                work.pause()
            case Resume():
                work.resume()

    def _submit(self, lane: Lane, engine: Engine, request: Request) -> None:
        work = self._works[request.request_id] = Work(engine.scheduler)

        def job() -> None:
            perform_to_end(engine, request, self.emit, work)
            del self._works[request.request_id]

        lane.submit(job)

    def _load(self, engine: Engine) -> None:
        notice, model, is_demonstration = "", "", False
        try:
            self.emit(Loading(NOBODY, "the search by meaning"))
            engine.embedder.load()
            self.emit(Loading(NOBODY, "the language model"))
            answering = engine.answering
        except ModelError as error:
            log.warning("the language model cannot be used: %s", error)
            notice = f"{error} Until then answers are quotations."
            answering = engine.answer_without_model()
        if answering.model is not None:
            model, is_demonstration = answering.model.name, answering.is_demonstration
        self.emit(Ready(NOBODY, model, is_demonstration, notice))

    def _recover(self, engine: Engine, work: Work) -> None:
        """Finish what a sudden end has cut short."""
        try:
            engine.library.reconcile(work)
        except Stopped:
            return
        for path, collection in engine.library.unfinished():
            request = AddPaths(NOBODY, (str(path),), collection or DEFAULT_COLLECTION)
            perform_to_end(engine, request, self._emit_unasked, work)
        self.emit(LibraryChanged(NOBODY))

    def _emit_unasked(self, event: Event) -> None:
        if isinstance(event, LibraryChanged):
            self.emit(event)

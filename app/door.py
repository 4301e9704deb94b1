"""The door to the engine: the one way in which the window speaks to it.

Starts the engine process, sends it requests, hands on its events, and says how it ended. Knows
nothing of what the engine does.
"""

from __future__ import annotations

import contextlib
import itertools
import logging
import multiprocessing
import signal
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import get_args

from app import channel, engine_process
from app.card_deaths import note_crash
from app.messages import Ended, EngineLost, Event, Pause, Request, Resume, Stop
from app.settings import Settings

log = logging.getLogger(__name__)

GRACE_S = 10.0  # for an engine that was asked to end: it may save a long conversation


class EndReason(StrEnum):
    """Why an engine process is no more."""

    ASKED = "asked"
    CRASHED = "crashed"
    KILLED = "killed"


@dataclass(frozen=True, slots=True)
class EngineEnd:
    """How an engine process ended."""

    reason: EndReason
    detail: str  # "signal 11", "exit code 3"

    @classmethod
    def of(cls, exit_code: int | None, *, asked: bool) -> EngineEnd:
        """From a process's exit code: minus the signal's number where a signal ended it."""
        if asked:
            return cls(EndReason.ASKED, "")
        if exit_code is not None and exit_code < 0:
            is_kill = -exit_code in (signal.SIGTERM, getattr(signal, "SIGKILL", 9))
            return cls(EndReason.KILLED if is_kill else EndReason.CRASHED, f"signal {-exit_code}")
        return cls(EndReason.CRASHED, f"exit code {exit_code}")

    @property
    def sentence(self) -> str:
        """For a person."""
        match self.reason:
            case EndReason.ASKED:
                return "The engine has ended."
            case EndReason.KILLED:
                return f"The engine was ended by the system ({self.detail}), often for memory."
            case EndReason.CRASHED:
                return f"The engine has crashed ({self.detail})."


class Door:
    """Holds one engine process at a time.

    `on_event` and `on_end` are called on the door's own thread, `on_end` once for each `open`,
    after each request that was still open has ended as `EngineLost`. A request sent while there
    is no engine is lost at once, on the thread that sent it.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        on_event: Callable[[Event], None],
        on_end: Callable[[EngineEnd], None],
    ) -> None:
        self._settings = settings
        self._on_event = on_event
        self._on_end = on_end
        self._ids = itertools.count(1)
        self._sending = threading.Lock()
        self._pending: set[int] = set()
        self._closing = False
        self._connection: Connection | None = None
        self._process: SpawnProcess | None = None
        self._listener: threading.Thread | None = None

    def open(self) -> None:
        """Start an engine process; returns at once. Not while one is running."""
        self._closing = False
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=engine_process.run, args=(theirs, self._settings), name="deskbook-engine"
        )
        process.start()
        theirs.close()
        self._connection, self._process = ours, process
        self._listener = threading.Thread(
            target=self._listen, args=(ours, process), name="door", daemon=True
        )
        self._listener.start()

    @property
    def engine_pid(self) -> int | None:
        """The engine's process id, for those who measure it."""
        return self._process.pid if self._process else None

    def new_request_id(self) -> int:
        """An id that no other request has; always above 0."""
        return next(self._ids)

    def send(self, request: Request) -> None:
        """Hand a request to the engine; it ends in exactly one `Ended` event."""
        with self._sending:
            if not isinstance(request, Stop | Pause | Resume):
                self._pending.add(request.request_id)
            if self._connection is not None:
                # Where this fails, the listener sees the same end and loses what is pending.
                with contextlib.suppress(OSError):
                    channel.send(self._connection, request)
                return
            lost = self._take_pending()
        self._lose(lost, EngineEnd(EndReason.CRASHED, "not running"))

    def close(self) -> None:
        """End the engine; it gets ten seconds before it is killed."""
        self._closing = True
        with self._sending:
            if self._connection is not None:
                channel.hang_up(self._connection)
        if self._process is None or self._listener is None:
            return
        self._process.join(GRACE_S)
        if self._process.is_alive():
            self._process.kill()
        if threading.current_thread() is not self._listener:
            self._listener.join(GRACE_S)

    def _listen(self, connection: Connection, process: SpawnProcess) -> None:
        while True:
            try:
                event = channel.receive(connection)
            except (EOFError, OSError):
                break
            if isinstance(event, get_args(Ended)):
                self._pending.discard(event.request_id)
            self._on_event(event)  # type: ignore[arg-type]  # the engine sends events alone
        process.join(GRACE_S)
        if process.is_alive():
            process.kill()
            process.join()
        end = EngineEnd.of(process.exitcode, asked=self._closing)
        log.info("the engine ended: %s %s", end.reason, end.detail)
        if end.reason is EndReason.CRASHED:
            note_crash(self._settings.paths)
        with self._sending:
            self._connection = None
            connection.close()
            lost = self._take_pending()
        self._lose(lost, end)
        self._on_end(end)

    def _take_pending(self) -> list[int]:
        pending, self._pending = sorted(self._pending), set()
        return pending

    def _lose(self, request_ids: Sequence[int], end: EngineEnd) -> None:
        for request_id in request_ids:
            self._on_event(EngineLost(request_id, end.sentence, "Ask again once it is ready."))

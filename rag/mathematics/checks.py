"""Arithmetic and algebra in an answer, checked by SymPy in a process of its own.

The process knows limits of time and memory, and ends when it has not been asked for long enough:
SymPy takes 60 MB. It gets claims, which are pieces of text, and evaluates none of them.
"""

from __future__ import annotations

import logging
import multiprocessing
import threading
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import cast

import psutil

from rag.mathematics import checking_child
from rag.mathematics.checking_child import READY, Judgement
from rag.mathematics.equations import Claim, claims
from rag.types import Span

log = logging.getLogger(__name__)

CLAIM_LIMIT_S = 2.0  # of processor time; a busy machine is given WAIT times as long
WAIT = 5
START_LIMIT_S = 60.0
MEMORY_LIMIT_BYTES = 512 << 20
REST_S = 5 * 60.0
_POLL_S = 0.05
_MOST_RESTARTS = 3  # in one answer; each costs a second or two


@dataclass(frozen=True, slots=True)
class Checked:
    """A result in an answer: where it stands, whether it is right, and what it should be."""

    span: Span
    is_right: bool
    expected: str


class Checks:
    """Started with the first claim, ended when unused. Safe to use from several threads."""

    def __init__(self, *, rest_s: float = REST_S) -> None:
        self._rest_s = rest_s
        self._using = threading.Lock()
        self._child: _Child | None = None

    def check(self, text: str) -> tuple[Checked, ...]:
        """The results in an answer that are surely right or surely wrong, in its order.

        Takes two seconds at most for each claim, and a second more for the first one.
        """
        found = claims(text)
        if not found:
            return ()
        with self._using:
            return tuple(self._checked(found))

    @property
    def pid(self) -> int | None:
        """The process, if one is running."""
        child = self._child
        return child.process.pid if child and child.process.is_alive() else None

    def close(self) -> None:
        """End the process."""
        with self._using:
            self._end()

    def _checked(self, found: tuple[Claim, ...]) -> list[Checked]:
        checked: list[Checked] = []
        restarts = 0
        is_new_answer = True
        for claim in found:
            try:
                judgement = self._ready_child().judge(claim, is_new_answer=is_new_answer)
                is_new_answer = False
            except (EOFError, OSError, TimeoutError, MemoryError) as error:
                log.warning("a result could not be checked: %s", type(error).__name__)
                self._end()
                restarts, is_new_answer = restarts + 1, True
                if restarts > _MOST_RESTARTS:
                    break
                continue
            if judgement is not None:
                checked.append(Checked(claim.span, *judgement))
        return checked

    def _ready_child(self) -> _Child:
        if self._child is not None and not self._child.process.is_alive():
            self._end()  # it has rested
        if self._child is None:
            self._child = _Child(self._rest_s)
        return self._child

    def _end(self) -> None:
        if self._child is not None:
            self._child.end()
            self._child = None


class _Child:
    """The running process and this side of the pipe to it."""

    def __init__(self, rest_s: float) -> None:
        spawn = multiprocessing.get_context("spawn")
        self._pipe, theirs = spawn.Pipe()
        self.process = spawn.Process(
            target=checking_child.serve,
            args=(theirs, rest_s, MEMORY_LIMIT_BYTES),
            name="checks",
            daemon=True,
        )
        self.process.start()
        theirs.close()
        ready = self._received(self._pipe, limit_s=START_LIMIT_S, wait=1)
        assert ready == READY

    def judge(self, claim: Claim, *, is_new_answer: bool) -> Judgement:
        """Raises EOFError, OSError, TimeoutError and MemoryError: then it is of no more use."""
        self._pipe.send((claim, is_new_answer))
        return cast(Judgement, self._received(self._pipe, limit_s=CLAIM_LIMIT_S, wait=WAIT))

    def _received(self, pipe: Connection, *, limit_s: float, wait: int) -> object:
        """The reply, within a limit of processor time, and of `wait` times as long by the clock."""
        child = psutil.Process(self.process.pid)
        began, used = time.monotonic(), _processor_s(child)
        while not pipe.poll(_POLL_S):
            if not self.process.is_alive():
                raise EOFError
            is_over = time.monotonic() - began > limit_s * wait
            if is_over or (_processor_s(child) - used > limit_s and wait > 1):
                raise TimeoutError
            if _memory_bytes(child) > MEMORY_LIMIT_BYTES:
                raise MemoryError
        return pipe.recv()

    def end(self) -> None:
        """Have it end, whatever it does."""
        self._pipe.close()
        self.process.kill()
        self.process.join()


def _processor_s(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def _memory_bytes(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0

"""The process in which torch computes: opens the models that it is asked for, and keeps them.

It answers two callers at once, ends after a time without any, and with its parent, however that
ends. It knows no model by name: what to open and what to do with it comes through the pipe.
"""

from __future__ import annotations

import atexit
import logging
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NoReturn, Protocol, TypeVar

from rag.errors import ModelError

Model_co = TypeVar("Model_co", covariant=True)

RESTED, FAULT = 0, 1  # exit codes; the first where nobody has asked for long enough


class Source(Protocol[Model_co]):
    """Where a model comes from: a frozen value, the same for the same model."""

    @property
    def folder(self) -> Path:
        """In which the model lies."""

    def open(self) -> Model_co:
        """The model. Raises ModelError."""


@dataclass(frozen=True, slots=True)
class Call:
    """Something to be done with a model."""

    source: Source[Any]
    work: Callable[..., object]  # takes the model first; a name that both processes import
    arguments: tuple[object, ...]
    options: dict[str, object]


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a call."""

    value: object


@dataclass(frozen=True, slots=True)
class Failure:
    """Why nothing came of it. An exception itself may not survive the way through a pipe."""

    error: str  # the class of a ModelError; empty for any other
    what: str
    remedy: str
    trace: str  # for the log


def serve(lanes: Sequence[Connection], parent: Connection, rest_s: float) -> None:
    """Answer calls, one at a time on each lane, until none has come for `rest_s`.

    Nothing is said through `parent`: its end is the parent's, or its wish.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent to make sense of
    _fall_silent()
    models, calls = _Models(), _Calls()
    for lane in lanes:
        threading.Thread(target=_answer_all, args=(lane, models, calls), daemon=True).start()
    while not parent.poll(calls.rest_left(rest_s)) and calls.rest_left(rest_s) > 0:
        pass
    _leave(RESTED)


class _Models:
    """The models that were opened, each once."""

    def __init__(self) -> None:
        self._opening = threading.Lock()
        self._opened: dict[Source[Any], Any] = {}

    def of(self, source: Source[Any]) -> Any:
        with self._opening:
            if source not in self._opened:
                self._opened[source] = source.open()
            return self._opened[source]


class _Calls:
    """Whether any is under way, and whether one came lately."""

    def __init__(self) -> None:
        self._changing = threading.Lock()
        self._count = 0
        self._last = time.monotonic()

    @contextmanager
    def one_more(self) -> Iterator[None]:
        self._change(1)
        try:
            yield
        finally:
            self._change(-1)

    def rest_left(self, rest_s: float) -> float:
        """In how many seconds a rest of `rest_s` is over, if no call comes."""
        with self._changing:
            since = time.monotonic() if self._count else self._last
        return max(0.0, since + rest_s - time.monotonic())

    def _change(self, by: int) -> None:
        with self._changing:
            self._count += by
            self._last = time.monotonic()


def _answer_all(lane: Connection, models: _Models, calls: _Calls) -> None:
    code = FAULT  # of ours: what cannot be pickled must not leave the parent waiting
    try:
        while True:
            call = lane.recv()
            with calls.one_more():
                lane.send(_answer(call, models))
    except (EOFError, OSError):
        code = RESTED  # the parent has let go
    finally:
        _leave(code)


def _answer(call: Call, models: _Models) -> Result | Failure:
    try:
        model = models.of(call.source)
        return Result(call.work(model, *call.arguments, **call.options))
    except ModelError as error:
        return Failure(type(error).__name__, error.what, error.remedy, traceback.format_exc())
    except Exception:  # the edge: what torch raises costs this call alone
        return Failure("", "", "", traceback.format_exc())


def _fall_silent() -> None:
    """What libraries print or log is nothing for a person's terminal."""
    logging.getLogger().addHandler(logging.NullHandler())
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _leave(code: int) -> NoReturn:
    """End at once: other threads may be deep in torch.

    What libraries want done before (locks of theirs that the parent would be told of) is done.
    """
    atexit._run_exitfuncs()
    os._exit(code)

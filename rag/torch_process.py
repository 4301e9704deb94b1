"""torch in a process of its own, so that its memory comes back when nobody uses it.

Importing torch and what belongs to it takes 400 MB that no process gives back while it lives.
Which models there are, and what is done with them, is said by those who use it.
"""

from __future__ import annotations

import logging
import multiprocessing
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Concatenate, ParamSpec, TypeVar, cast

from rag import torch_child
from rag.errors import ModelError, ModelMissing, ModelUnusable, Stopped
from rag.torch_child import Call, Failure, Result, Source

log = logging.getLogger(__name__)

Model = TypeVar("Model")
Given = TypeVar("Given")
Arguments = ParamSpec("Arguments")

LANES = 2  # calls at once: a question does not wait for an import's batch
TRIES = 2
REST_S = 30 * 60.0
END_S = 2.0  # for what its libraries do at an end
TOLD = {error.__name__: error for error in (ModelMissing, ModelUnusable)}


class TorchProcess:
    """Started with the first call; it ends by itself after `rest_s` without any.

    The environment is this process's. Safe to use from several threads.
    """

    def __init__(self, *, rest_s: float = REST_S) -> None:
        self._rest_s = rest_s
        self._changing = threading.Lock()
        self._child: _Child | None = None
        self._is_closed = False

    def run(
        self,
        source: Source[Model],
        work: Callable[Concatenate[Model, Arguments], Given],
        *arguments: Arguments.args,
        **options: Arguments.kwargs,
    ) -> Given:
        """What `work` gives with the model, which is opened where it is not yet.

        `work` must be a function or method that can be imported. Raises ModelError, and Stopped
        where this is closed meanwhile.
        """
        call = Call(source, work, arguments, options)
        for is_last in (False,) * (TRIES - 1) + (True,):
            reply = self._reply(call)
            if isinstance(reply, Result):
                return cast(Given, reply.value)
            if isinstance(reply, Failure):
                raise _told(reply, source)
            if is_last:
                break
            log.warning("the torch process has died (%s) and is started again", reply)
        raise ModelUnusable(
            f"The process that runs the model in {source.folder} died, and died again.",
            remedy="Memory may be short: close other programs, then try again.",
        )

    @property
    def pid(self) -> int | None:
        """The process, if one is running."""
        with self._changing:
            child = self._child
            return child.process.pid if child and child.process.is_alive() else None

    def close(self) -> None:
        """End the process, whatever it does."""
        with self._changing:
            self._is_closed = True
            if self._child:
                self._child.end()

    def _reply(self, call: Call) -> Result | Failure | int:
        """What the process says, or how it died. One that ended for want of work is replaced."""
        while True:
            child = self._living_child()
            try:
                with child.lane() as lane:
                    lane.send(call)
                    return cast("Result | Failure", lane.recv())
            except (EOFError, OSError):
                if not self._has_rested(child):
                    return child.exit_code

    def _living_child(self) -> _Child:
        with self._changing:
            if self._is_closed:
                raise Stopped
            if self._child is None:
                self._child = _Child(self._rest_s)
            return self._child

    def _has_rested(self, child: _Child) -> bool:
        """Whether this child, which is gone, went by itself."""
        with self._changing:
            child.end()
            if self._child is child:
                self._child = None
        return child.exit_code == torch_child.RESTED and child.age_s >= self._rest_s


class _Child:
    """A running process and this side of the pipes to it."""

    def __init__(self, rest_s: float) -> None:
        spawn = multiprocessing.get_context("spawn")
        ours, theirs = zip(*(spawn.Pipe() for _ in range(LANES)), strict=True)
        parent, self._life = spawn.Pipe(duplex=False)
        self.process = spawn.Process(
            target=torch_child.serve, args=(theirs, parent, rest_s), name="torch", daemon=True
        )
        self._started = time.monotonic()
        self.process.start()
        for pipe in (*theirs, parent):
            pipe.close()  # or it would not end with the child
        self._free = queue.SimpleQueue[Connection]()
        for lane in ours:
            self._free.put(lane)

    @contextmanager
    def lane(self) -> Iterator[Connection]:
        """A pipe that nobody else uses meanwhile."""
        lane = self._free.get()
        try:
            yield lane
        finally:
            self._free.put(lane)

    @property
    def age_s(self) -> float:
        """Since when it has been there."""
        return time.monotonic() - self._started

    @property
    def exit_code(self) -> int:
        """How it ended; a signal's number is negative. It must have."""
        code = self.process.exitcode
        assert code is not None
        return code

    def end(self) -> None:
        """Have it end, whatever it does."""
        self._life.close()
        self.process.join(timeout=END_S)
        self.process.kill()
        self.process.join()


def _told(failure: Failure, source: Source[object]) -> ModelError:
    """The error that the child meant; any other is put down to the model."""
    if failure.error in TOLD:
        log.debug("a model failed\n%s", failure.trace)
        return TOLD[failure.error](failure.what, remedy=failure.remedy)
    log.error("torch failed\n%s", failure.trace)
    return ModelUnusable(
        f"The model in {source.folder} failed.",
        remedy="Try it again; if it fails again, get the model anew.",
    )

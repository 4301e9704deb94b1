"""Inside the process that computes: claims come in, judgements go out.

It opens no files but those of its libraries, no connections and no processes, and ends with its
parent or after a rest.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from rag.mathematics.equations import Claim

if TYPE_CHECKING:
    from rag.mathematics.judging import Judge

READY = "ready"
Judgement = tuple[bool, str] | None  # whether it is right, and what it should be

_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "ctypes.",
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def serve(pipe: Connection, rest_s: float, memory_limit_bytes: int) -> None:
    """Judge whatever comes, until nothing has come for `rest_s` or the pipe ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent to make sense of
    sys.dont_write_bytecode = True
    # Imported here and not above: the parent imports this module to name `serve`.
    from rag.mathematics.judging import Judge

    shut_in(memory_limit_bytes)
    pipe.send(READY)
    judge = Judge()
    with contextlib.suppress(EOFError, OSError):
        while pipe.poll(rest_s):
            claim, is_new_answer = pipe.recv()
            judge = Judge() if is_new_answer else judge
            pipe.send(_judged(judge, claim))


def _judged(judge: Judge, claim: Claim) -> Judgement:
    verdict = judge.judge(claim)
    return (verdict.is_right, verdict.expected) if verdict else None


def shut_in(memory_limit_bytes: int) -> None:
    """From now on this process writes no file, connects to nothing and starts nothing."""
    sys.addaudithook(_refuse)
    with contextlib.suppress(ImportError, OSError, ValueError):  # Windows has no such limits
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory_limit_bytes, memory_limit_bytes))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)
    if event == "open":
        mode, flags = arguments[1], arguments[2]
        if (isinstance(flags, int) and flags & _WRITING) or set(str(mode or "r")) & set("wax+"):
            raise PermissionError("writing")

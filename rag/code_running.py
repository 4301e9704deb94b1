"""Python from an answer, run in a process that is shut in: no network, no files, no processes.

It runs only when a person asks for it. What shuts it in is in `code_child`. Not prevented: it sees
the interpreter's and the system's libraries (/usr), the machine's name of processor and the time,
and uses a whole core for as long as it may run. Where the system does not let a process shut
itself in, nothing is run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from rag.errors import CodeNotRun, Stopped

TIME_LIMIT_S = 10
MEMORY_LIMIT_BYTES = 512 << 20
FILES_LIMIT_BYTES = 64 << 20
OUTPUT_LIMIT_BYTES = 64 << 10  # of each stream
_READY = b"ready"
_POLL_S = 0.02


@dataclass(frozen=True, slots=True)
class CodeResult:
    """What came of it. `exit_code` is 0 for a good end, above 128 where a signal ended it."""

    output: str
    error: str
    exit_code: int
    seconds: float
    was_limited: bool  # by time, by memory, or in what is shown of its output


def python_command() -> tuple[str, ...]:
    """This interpreter with its standard library alone.

    A program that is packed up has no interpreter: it gives its own command instead, which must
    call `rag.code_child.main`.
    """
    child = Path(__file__).with_name("code_child.py")
    return (sys.executable, "-I", "-S", "-B", "-X", "utf8", str(child))


def run_python(
    source: str,
    *,
    is_stopped: Callable[[], bool],
    command: Sequence[str] | None = None,
) -> CodeResult:
    """Run it and tell how it went. Raises CodeNotRun where it cannot be shut in, and Stopped."""
    if sys.platform != "linux":
        raise _cannot_be_shut_in()
    with tempfile.TemporaryDirectory(prefix="deskbook-code-") as folder:
        return _run(source, folder, is_stopped, command or python_command())


def _run(
    source: str, folder: str, is_stopped: Callable[[], bool], command: Sequence[str]
) -> CodeResult:
    ready, theirs = os.pipe()
    limits = (MEMORY_LIMIT_BYTES, TIME_LIMIT_S, FILES_LIMIT_BYTES)
    try:
        process = subprocess.Popen(
            [*command, folder, str(theirs), *map(str, limits)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=(theirs,),
            start_new_session=True,
        )
    finally:
        os.close(theirs)
    with process, open(ready, "rb", buffering=0) as is_ready:
        try:
            return _watch(process, source, is_ready, is_stopped)
        finally:
            process.kill()


def _watch(
    process: subprocess.Popen[bytes],
    source: str,
    is_ready: IO[bytes],
    is_stopped: Callable[[], bool],
) -> CodeResult:
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    streams = (_Stream(process.stdout), _Stream(process.stderr))
    _feed(process.stdin, source)
    has_begun = is_ready.read(len(_READY)) == _READY  # or it has ended
    began = time.monotonic()
    is_late = has_begun and _is_late(process, began + TIME_LIMIT_S, is_stopped)
    seconds = time.monotonic() - began
    if is_late:
        process.kill()
    code = process.wait()
    output, error = (stream.text() for stream in streams)
    if not has_begun:
        raise _cannot_be_shut_in()
    was_limited = (
        is_late
        or any(stream.was_cut for stream in streams)
        or code > 128
        or error.rstrip().endswith("MemoryError")
    )
    return CodeResult(output, error, code if code >= 0 else 128 - code, seconds, was_limited)


def _feed(stdin: IO[bytes], source: str) -> None:
    try:
        stdin.write(source.encode("utf-8", "replace"))
        stdin.close()
    except BrokenPipeError:
        return  # it has ended; why is told by its exit


def _is_late(
    process: subprocess.Popen[bytes], deadline: float, is_stopped: Callable[[], bool]
) -> bool:
    """Wait for the end; whether it had to be waited for too long. Raises Stopped."""
    while process.poll() is None:
        if is_stopped():
            raise Stopped
        if time.monotonic() > deadline:
            return True
        time.sleep(_POLL_S)
    return False


class _Stream:
    """What comes out of a pipe, up to a limit; the rest is let go of, or the code would wait."""

    def __init__(self, pipe: IO[bytes]) -> None:
        self._pipe = pipe
        self._kept = bytearray()
        self.was_cut = False
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def _read(self) -> None:
        while piece := os.read(self._pipe.fileno(), 1 << 16):
            room = OUTPUT_LIMIT_BYTES - len(self._kept)
            self._kept += piece[:room]
            self.was_cut |= len(piece) > room

    def text(self) -> str:
        """All that is kept, once the process has ended."""
        self._reading.join()
        return self._kept.decode("utf-8", "replace")


def _cannot_be_shut_in() -> CodeNotRun:
    return CodeNotRun(
        "This system does not let Deskbook shut a program in, so the code was not run.",
        remedy="Read it, and if you trust it, copy it and run it in Python yourself.",
    )

"""Reads files in a process that can be killed, so that a bad file costs no more than itself.

Holds the parent's side: limits of time and memory, the child's replacement, and what is said of
its end. What the child does is in `child`.
"""

from __future__ import annotations

import contextlib
import ctypes
import logging
import multiprocessing
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

import psutil

from rag.documents.passwords import Passwords
from rag.documents.reader_process import READY, Failure, ScannedPage, Trial, WholeFile, run
from rag.errors import (
    DamagedFile,
    DocumentError,
    PasswordNeeded,
    ReaderLimit,
    Stopped,
    UnsupportedKind,
)
from rag.types import Document, RecognizedPage

log = logging.getLogger(__name__)

POLL_S = 0.05
START_LIMIT_S = 60.0  # a cold disk and a virus scanner can make an interpreter's start this slow
READS_A_CHILD = 200  # pypdf is reported to leak over many files
PATIENCE = 10  # times as long for recognition, which gets only what others leave of a core
GIB = 1 << 30
MORE_TIME_BYTES = 10 << 20  # of a file: for each, the limit of time is granted once more

TOLD = {
    error.__name__: error for error in (PasswordNeeded, UnsupportedKind, DamagedFile, ReaderLimit)
}


class ReaderProcess:
    """One long-lived process that reads files, started with the first and replaced when needed.

    Use it in a `with` block, from one thread. `memory_limit_bytes` is the resident memory of the
    whole process, of which about 60 MiB are the interpreter and the libraries; recognition takes
    550 MiB. `ocr_threads` are the cores that recognition may use. `passwords` are tried on files
    that ask for one; they reach the process through its pipe alone.
    """

    def __init__(
        self,
        *,
        timeout_s: float = 120,
        memory_limit_bytes: int = GIB,
        ocr_threads: int = 1,
        passwords: Passwords | None = None,
    ) -> None:
        self._timeout_s = timeout_s
        self._memory_limit_bytes = memory_limit_bytes
        self._ocr_threads = ocr_threads
        self._passwords = passwords or Passwords()
        self._child: _Child | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._kill()

    def read(
        self,
        path: Path,
        *,
        is_stopped: Callable[[], bool],
        must_wait: Callable[[], bool] = lambda: False,
    ) -> Document:
        """The document at the path. While `must_wait` says so, reading halts.

        Both functions are asked about twenty times a second. Raises `PasswordNeeded`,
        `UnsupportedKind`, `DamagedFile`, `ReaderLimit` where the file was too much for the reader,
        and `Stopped` once `is_stopped` says so.
        """
        asked = WholeFile(path, self._passwords.of(path))
        document = self._ask(asked, is_stopped, must_wait)
        assert isinstance(document, Document)
        return document

    def try_password(self, path: Path, password: str, *, is_stopped: Callable[[], bool]) -> None:
        """Passes where the password opens the file, or where the file asks for none.

        Raises `PasswordNeeded` where it does not, and as `read` does.
        """
        self._ask(Trial(path, (password,)), is_stopped, lambda: False)

    def recognize(
        self,
        path: Path,
        page_number: int,
        *,
        is_stopped: Callable[[], bool],
        must_wait: Callable[[], bool] = lambda: False,
    ) -> RecognizedPage:
        """What stands on a page of a PDF that is a picture of text; a dense page takes 10 seconds.

        With the first page the process goes to the lowest priority, and stays there; so use one
        that reads no documents. Raises as `read` does.
        """
        asked = ScannedPage(path, self._passwords.of(path), page_number)
        page = self._ask(asked, is_stopped, must_wait)
        assert isinstance(page, RecognizedPage)
        return page

    def _ask(
        self,
        asked: WholeFile | ScannedPage | Trial,
        is_stopped: Callable[[], bool],
        must_wait: Callable[[], bool],
        *,
        tries: int = 2,
    ) -> object:
        path = asked.path
        try:
            child = self._ready_child(path, is_stopped)
            child.connection.send(asked)
            child.read_count += 1
            limit_s = self._limit_s(asked)
            reply = self._receive(child, path, limit_s, is_stopped, must_wait)
        except (EOFError, OSError) as error:
            is_killed = self._has_been_killed()
            died = self._died(path)
            if is_killed and tries > 1:  # by someone short of memory: not the file's fault
                return self._ask(asked, is_stopped, must_wait, tries=tries - 1)
            raise died from error
        except BaseException:
            self._kill()
            raise
        if isinstance(reply, Failure):
            raise _told(reply, path)
        return reply

    def _ready_child(self, path: Path, is_stopped: Callable[[], bool]) -> _Child:
        if self._child and (self._child.read_count >= READS_A_CHILD or self._child.has_ended()):
            self._kill()
        if self._child is None:
            self._child = _Child(self._ocr_threads)
            ready = self._receive(self._child, path, START_LIMIT_S, is_stopped, lambda: False)
            assert ready == READY
        return self._child

    def _receive(
        self,
        child: _Child,
        path: Path,
        limit_s: float,
        is_stopped: Callable[[], bool],
        must_wait: Callable[[], bool],
    ) -> object:
        deadline = time.monotonic() + limit_s
        while not child.connection.poll(POLL_S):
            child.must_wait.value = must_wait()
            if child.must_wait.value:
                deadline += POLL_S
            if is_stopped():
                raise Stopped
            if time.monotonic() > deadline:
                raise _too_slow(path, limit_s)
            if child.memory_bytes() > self._memory_limit_bytes:
                raise _too_big(path, self._memory_limit_bytes)
        return child.connection.recv()

    def _limit_s(self, asked: WholeFile | ScannedPage | Trial) -> float:
        """A book of ten thousand pages may take its time; a bomb is a small file."""
        if isinstance(asked, ScannedPage):
            return self._timeout_s * PATIENCE
        with contextlib.suppress(OSError):
            return self._timeout_s * (1 + asked.path.stat().st_size / MORE_TIME_BYTES)
        return self._timeout_s

    def _has_been_killed(self) -> bool:
        """Whether a signal that no program sends itself has ended the child."""
        assert self._child is not None
        return self._child.exit_code() == -getattr(signal, "SIGKILL", 9)

    def _died(self, path: Path) -> ReaderLimit:
        assert self._child is not None
        log.error("the reader died with exit code %s", self._child.exit_code())
        self._kill()
        return ReaderLimit(
            f"The reader broke down over “{path.name}”.",
            remedy="Nothing else was harmed. Open the file in another program and save it anew.",
        )

    def _kill(self) -> None:
        child, self._child = self._child, None
        if child:
            child.kill()


class _Child:
    """A running child and this side of the pipe to it."""

    def __init__(self, ocr_threads: int) -> None:
        spawn = multiprocessing.get_context("spawn")
        self.connection: Connection
        self.connection, theirs = spawn.Pipe()
        self.must_wait = spawn.RawValue(ctypes.c_bool, False)
        self._process = spawn.Process(
            target=run, args=(theirs, ocr_threads, self.must_wait), name="reader", daemon=True
        )
        self._process.start()
        theirs.close()  # or the pipe would not end with the child
        assert self._process.pid is not None
        self._measured = psutil.Process(self._process.pid)
        self.read_count = 0

    def memory_bytes(self) -> int:
        """Its resident memory; 0 once it has ended."""
        try:
            return int(self._measured.memory_info().rss)
        except psutil.Error:
            return 0

    def has_ended(self) -> bool:
        """Whether it died while it had nothing to read."""
        return not self._process.is_alive()

    def kill(self) -> None:
        """Ends the process, whatever it does."""
        self._process.kill()
        self._process.join()
        self._process.close()
        self.connection.close()

    def exit_code(self) -> int | None:
        """How it ended, once its end of the pipe is closed; a signal's number is negative."""
        self._process.join(timeout=1)
        return self._process.exitcode


def _told(failure: Failure, path: Path) -> DocumentError:
    """The error that the child meant; what it did not foresee is put down to the file."""
    if failure.error in TOLD:
        if failure.trace:
            log.debug("a reader's library failed\n%s", failure.trace)
        return TOLD[failure.error](failure.what, remedy=failure.remedy)
    log.error("a reader failed\n%s", failure.trace)
    return DamagedFile(
        f"“{path.name}” cannot be read: it is damaged, or written in an unusual way.",
        remedy="Open it in another program, save it anew and add that file.",
    )


def _too_slow(path: Path, limit_s: float) -> ReaderLimit:
    return ReaderLimit(
        f"Reading “{path.name}” took more than {limit_s:.0f} seconds and was given up.",
        remedy="Split the file into smaller ones, or save it anew from another program.",
    )


def _too_big(path: Path, limit_bytes: int) -> ReaderLimit:
    return ReaderLimit(
        f"Reading “{path.name}” took more than {limit_bytes / (1 << 20):.0f} MB of memory "
        "and was given up.",
        remedy="Split the file into smaller ones, or save it anew from another program.",
    )

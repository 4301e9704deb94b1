"""Inside the process in which files are read: a path comes in, a `Document` or `Failure` goes out.

A page that is a picture of text can be asked of it too, and whether a password opens a file.

It knows no limits (its parent watches those), says nothing to the terminal and ends with its
parent, however that ends.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
import traceback
from _thread import interrupt_main
from collections.abc import Callable
from functools import cache, partial
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

import psutil

from rag.documents.reader_process import READY, Failure, Flag, ScannedPage, Trial, WholeFile
from rag.documents.reading import read
from rag.documents.unlocking import try_passwords
from rag.errors import DocumentError
from rag.types import Document, RecognizedPage

if TYPE_CHECKING:
    from rag.documents.ocr_recognizer import Recognizer


Asked = TypeVar("Asked")
Given = TypeVar("Given")

WAIT_S = 0.02
if sys.platform == "win32":
    HALT = signal.SIGBREAK
else:
    HALT = signal.SIGUSR1  # any that is else of no use: only a thread of the process raises it


def serve(connection: Connection, ocr_threads: int, must_wait: Flag) -> None:
    """Answers whatever comes through the pipe, until the pipe or the parent ends.

    While `must_wait` is set, it halts, at the latest when a library comes back to Python.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to make sense of
    _fall_silent()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _halt_while(must_wait)
    connection.send(READY)
    recognize = _recognition(ocr_threads, must_wait)
    while True:
        try:
            asked = connection.recv()
        except EOFError:
            return
        connection.send(reply(asked, partial(_answer, recognize=recognize)))


def _answer(
    asked: WholeFile | ScannedPage | Trial, recognize: Callable[[ScannedPage], RecognizedPage]
) -> Document | RecognizedPage | None:
    match asked:
        case WholeFile(path, passwords):
            return read(path, passwords)
        case ScannedPage():
            return recognize(asked)
        case Trial(path, passwords):
            try_passwords(path, passwords)
            return None


def reply(asked: Asked, answer: Callable[[Asked], Given]) -> Given | Failure:
    """What the reader makes of what is asked, whatever happens."""
    try:
        return answer(asked)
    except DocumentError as error:
        is_foreseen = isinstance(error.__cause__, OSError | None)
        trace = "" if is_foreseen else traceback.format_exc()
        return Failure(type(error).__name__, error.what, error.remedy, trace)
    except Exception as error:  # the edge: a bug or a library's own error costs this file alone
        return Failure(type(error).__name__, "", "", trace=traceback.format_exc())


def _recognition(threads: int, must_wait: Flag) -> Callable[[ScannedPage], RecognizedPage]:
    """Recognises pages; the models (a second, 200 MB) are loaded with the first and kept."""

    def give_way() -> None:
        while must_wait.value:
            time.sleep(WAIT_S)

    @cache
    def recognizer() -> Recognizer:
        from rag.documents.ocr_recognizer import Recognizer

        _go_last()
        return Recognizer(threads=threads, give_way=give_way)

    def recognize(page: ScannedPage) -> RecognizedPage:
        from rag.documents.ocr import recognize_page

        return recognize_page(
            page.path, page.number, recognizer=recognizer(), passwords=page.passwords
        )

    return recognize


def _halt_while(must_wait: Flag) -> None:
    """From now on the main thread halts wherever it is while the flag is set.

    A process stopped from outside would outlive a parent that is killed meanwhile: here the other
    threads go on, and see that end.
    """

    def wait_there(signal_number: int, frame: FrameType | None) -> None:
        while must_wait.value:
            time.sleep(WAIT_S)

    def watch() -> None:
        while True:
            time.sleep(WAIT_S)
            if must_wait.value:
                interrupt_main(HALT)
                wait_there(HALT, None)

    signal.signal(HALT, wait_there)
    threading.Thread(target=watch, daemon=True).start()


def _go_last() -> None:
    """Whatever else wants a core gets it first: recognition is in nobody's way."""
    is_windows = sys.platform == "win32"
    psutil.Process().nice(psutil.IDLE_PRIORITY_CLASS if is_windows else 19)


def _fall_silent() -> None:
    """What libraries print or log about odd files is nothing for a person's terminal."""
    logging.getLogger().addHandler(logging.NullHandler())
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)


def _end_with_parent() -> None:
    parent = parent_process()
    assert parent is not None
    wait([parent.sentinel])
    os._exit(0)  # at once: the main thread may be deep in a library

"""The process in which files are read: takes a path, gives a `Document` or a `Failure`, and so on.

It knows no limits (its parent watches those), says nothing to the terminal and ends with its
parent, however that ends.
"""

import logging
import os
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait
from pathlib import Path

from rag.documents.reading import read
from rag.errors import DocumentError
from rag.types import Document

READY = "ready"  # the first message, once the process can read


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file was not read. An exception itself may not survive the way through a pipe."""

    error: str  # the class of the exception
    what: str
    remedy: str
    trace: str  # for the log; empty where no more is to be known


def serve(connection: Connection) -> None:
    """Answers each path that comes through the pipe, until the pipe or the parent ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to make sense of
    _fall_silent()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    connection.send(READY)
    while True:
        try:
            path = connection.recv()
        except EOFError:
            return
        connection.send(reply(path, read))


def reply(path: Path, read: Callable[[Path], Document]) -> Document | Failure:
    """What the reader makes of the path, whatever happens."""
    try:
        return read(path)
    except DocumentError as error:
        is_foreseen = isinstance(error.__cause__, OSError | None)
        trace = "" if is_foreseen else traceback.format_exc()
        return Failure(type(error).__name__, error.what, error.remedy, trace)
    except Exception as error:  # the edge: a bug or a library's own error costs this file alone
        return Failure(type(error).__name__, "", "", trace=traceback.format_exc())


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

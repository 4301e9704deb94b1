"""The process in which files are read as its parent sees it: what it runs, is asked and answers.

Nothing heavy: what happens in it is in `child`, which imports the libraries of all formats.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Protocol

READY = "ready"  # the first message, once the process can read


@dataclass(frozen=True, slots=True)
class WholeFile:
    """A file that is to be read."""

    path: Path
    passwords: tuple[str, ...] = field(repr=False)  # that may open it; never in words to anyone


@dataclass(frozen=True, slots=True)
class ScannedPage:
    """A page of a PDF whose text is to be recognised."""

    path: Path
    passwords: tuple[str, ...] = field(repr=False)
    number: int  # the physical page, from 1


@dataclass(frozen=True, slots=True)
class Trial:
    """A file of which is asked whether the passwords open it."""

    path: Path
    passwords: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file was not read. An exception itself may not survive the way through a pipe."""

    error: str  # the class of the exception
    what: str
    remedy: str
    trace: str  # for the log; empty where no more is to be known


class Flag(Protocol):
    """A truth that two processes share."""

    value: bool


def run(connection: Connection, ocr_threads: int, must_wait: Flag) -> None:
    """Be the reader until the pipe or the parent ends."""
    # Imported here and not above: the parent imports this module to name `run`.
    from rag.documents.child import serve

    serve(connection, ocr_threads, must_wait)

"""SQLite connections to the catalog: one for each thread, opened when first needed."""

from __future__ import annotations

import logging
import sqlite3
import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rag.catalog.packing import add_functions
from rag.catalog.schema import migrate, transaction
from rag.errors import LibraryDamaged, LibraryNotWritable
from rag.indexing import index_text
from rag.languages import language_of

log = logging.getLogger(__name__)

_SHRINKS = 2  # SQLite's number of auto_vacuum = INCREMENTAL
_PRIMARY = 0xFF  # the part of SQLite's error code that names the kind of failure
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_CANNOT_CUT = "user-defined aggregate's 'step' method raised error"  # our only one: `cut_text`
_NOT_WRITABLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}


class Connections:
    """The catalog's file. Readers never wait for the writer, nor see half of what it writes.

    All that it does may raise LibraryNotWritable, where the disk is full or gone, and
    LibraryDamaged.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, make it where there is none, and bring it to the newest version.

        Raises LibraryTooNew as well.
        """
        self._path = path
        self._local = threading.local()
        self._connections: dict[threading.Thread, sqlite3.Connection] = {}
        self._opening = threading.Lock()
        try:
            with self.translated():
                migrate(self.connection)
                self._let_shrink()
        except BaseException:
            self.close()
            raise

    @property
    def is_open(self) -> bool:
        """Whether any thread has a connection."""
        return bool(self._connections)

    def give_back(self) -> None:
        """Give free pages back to the disk."""
        with self.translated():
            # A script, since each step gives one page back, and `execute` takes one step.
            self.connection.executescript("PRAGMA incremental_vacuum")

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection; SQLite's own exceptions come out of it."""
        db: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if db is None:
            db = self._local.connection = self._connect()
        return db

    def rows(self, query: str, *values: object) -> list[Any]:
        """All rows that a query gives, each a tuple."""
        with self.translated():
            return self.connection.execute(query, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing of what is written inside, on this thread's connection."""
        with self.translated(), transaction(self.connection):
            yield self.connection

    @contextmanager
    def translated(self) -> Iterator[None]:
        """The world's faults as ours; what is wrong with a statement is a bug and stays."""
        try:
            yield
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
            if code in _DAMAGED or str(error) == _CANNOT_CUT:
                raise _damaged(self._path, error) from error
            if code in _NOT_WRITABLE:
                raise _not_writable(self._path, error) from error
            raise
        except zlib.error as error:
            raise _damaged(self._path, error) from error

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._opening:
            for db in self._connections.values():
                db.close()
            self._connections.clear()

    def _let_shrink(self) -> None:
        """Once, for a file that was made before files could: written anew, it is smaller too."""
        (mode,) = self.connection.execute("PRAGMA auto_vacuum").fetchone()
        if mode == _SHRINKS:
            return
        try:
            self.connection.execute("VACUUM")  # in the mode that every connection asks for
        except sqlite3.DatabaseError:
            log.warning("the catalog stays as large as it is", exc_info=True)

    def _connect(self) -> sqlite3.Connection:
        with self.translated(), self._opening:
            self._close_abandoned()
            # Only its own thread uses a connection, but another may close it.
            db = sqlite3.connect(
                self._path, isolation_level=None, timeout=30, check_same_thread=False
            )
            self._connections[threading.current_thread()] = db
            db.execute("PRAGMA auto_vacuum = INCREMENTAL")  # heard before the first table alone
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA foreign_keys = ON")
            add_functions(db)
            db.create_function("index_text", 2, index_text, deterministic=True)
            db.create_function("language_of", 1, language_of, deterministic=True)
            return db

    def _close_abandoned(self) -> None:
        """A server answers each request in a new thread, and threads do not say when they end."""
        for thread in [thread for thread in self._connections if not thread.is_alive()]:
            self._connections.pop(thread).close()


def _not_writable(path: Path, error: sqlite3.DatabaseError) -> LibraryNotWritable:
    return LibraryNotWritable(
        f"The library at {path.parent} cannot be written to: {error}.",
        remedy="Check that the folder exists, is yours and has space left, "
        "or choose another with --data-dir.",
    )


def _damaged(path: Path, error: Exception) -> LibraryDamaged:
    return LibraryDamaged(
        f"The library's catalog {path} is damaged: {error}.",
        remedy="Put back a backup of it, or move the file away and add the documents anew.",
    )

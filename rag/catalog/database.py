"""SQLite connections to the catalog: one for each thread, opened when first needed."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.catalog.schema import migrate
from rag.errors import LibraryDamaged, LibraryNotWritable


class Database:
    """The catalog's file. Readers never wait for the writer, nor see half of what it writes."""

    def __init__(self, path: Path) -> None:
        """Open the file, make it where there is none, and bring it to the newest version.

        Raises LibraryNotWritable, LibraryDamaged, LibraryTooNew.
        """
        self._path = path
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._opening = threading.Lock()
        with self._translated():
            migrate(self.connection)

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        db: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if db is None:
            db = self._local.connection = self._connect()
        return db

    def close(self) -> None:
        """Close the connections of all threads."""
        with self._opening:
            for db in self._connections:
                db.close()
            self._connections.clear()

    def _connect(self) -> sqlite3.Connection:
        with self._translated(), self._opening:
            # Only its own thread uses a connection, but another may close it at the end.
            db = sqlite3.connect(
                self._path, isolation_level=None, timeout=30, check_same_thread=False
            )
            self._connections.append(db)
            db.execute("PRAGMA journal_mode = WAL")
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA foreign_keys = ON")
            return db

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """SQLite's exceptions on opening as ours."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise LibraryNotWritable(
                f"The library at {self._path.parent} cannot be opened for writing: {error}.",
                remedy="Check that the folder exists, is yours and has space left, "
                "or choose another with --data-dir.",
            ) from error
        except sqlite3.DatabaseError as error:
            raise LibraryDamaged(
                f"The library's catalog {self._path} is damaged: {error}.",
                remedy="Put back a backup of it, or move the file away and add the documents anew.",
            ) from error

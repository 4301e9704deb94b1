"""The catalog: one SQLite database that holds the truth about the library.

Vectors are elsewhere and can be made again from here.
"""

from __future__ import annotations

import logging
import sqlite3
from pathlib import Path

from rag.catalog.collections import Collections
from rag.catalog.connections import Connections
from rag.catalog.documents import Documents, KnownFile
from rag.catalog.embedded import EmbeddedTexts
from rag.catalog.folders import Folders
from rag.catalog.other_files import OtherFile, OtherFiles
from rag.catalog.pages import Pages
from rag.catalog.passages import Passages, Scored
from rag.catalog.scans import Scans
from rag.catalog.stamps import FileStamp
from rag.documents.leaving_out import DEFAULT_PATTERNS
from rag.errors import LibraryError

log = logging.getLogger(__name__)

__all__ = ["Catalog", "FileStamp", "KnownFile", "OtherFile", "Scored"]


class Catalog:
    """The database of one library; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the catalog, make it where there is none, bring it to the newest version.

        Raises LibraryNotWritable, LibraryDamaged, LibraryTooNew.
        """
        self.folder = path.absolute().parent  # the library's own, which it must not read
        self._connections = Connections(path)
        self.documents = Documents(self._connections)
        self.collections = Collections(self._connections)
        self.folders = Folders(self._connections, DEFAULT_PATTERNS)
        self.other_files = OtherFiles(self._connections)
        self.pages = Pages(self._connections)
        self.scans = Scans(self._connections)
        self.passages = Passages(self._connections, self.pages)
        self.embedded = EmbeddedTexts(self._connections, self.passages)
        self.passages.renew_index()

    def close(self) -> None:
        """Give the space of what was removed back to the disk, then close for all threads."""
        if not self._connections.is_open:
            return
        try:
            self.passages.merge_index()
            self._connections.give_back()
        except (LibraryError, sqlite3.Error):
            log.warning("the catalog stays as large as it is", exc_info=True)
        self._connections.close()

    def problems(self) -> tuple[str, ...]:
        """What is wrong with the database; empty where nothing is."""
        db = self._connections.connection
        try:
            found = [row[0] for row in db.execute("PRAGMA quick_check") if row[0] != "ok"]
        except sqlite3.DatabaseError as error:
            found = [f"the database: {error}"]
        try:
            db.execute(
                "INSERT INTO passage_index (passage_index, rank) VALUES ('integrity-check', 1)"
            )
        except sqlite3.DatabaseError as error:
            found.append(f"the full-text index: {error}")
        return tuple(found)

    def copy_to(self, path: Path) -> None:
        """Write a whole and consistent copy of the database to a new file."""
        self._connections.rows("VACUUM INTO ?", str(path))

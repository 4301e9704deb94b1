"""The catalog's files without a document of their own: copies of others', and archives.

Their stamps are kept so that such a file is read and hashed once in each of its versions.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.catalog.connections import Connections
from rag.catalog.stamps import FileStamp, range_below
from rag.types import State


@dataclass(frozen=True, slots=True)
class OtherFile:
    """A file as it was last seen."""

    path: str
    stamp: FileStamp
    is_archive: bool


class OtherFiles:
    """Copies and archives that one library knows."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def at(self, path: str) -> OtherFile | None:
        """What is known of the file at this path."""
        rows = self._connections.rows(f"SELECT {_COLUMNS} FROM other_files WHERE path = ?", path)
        return _other_file(*rows[0]) if rows else None

    def below(self, folder: str) -> dict[str, OtherFile]:
        """Those in a folder and its sub-folders by path, but no copy of what is not there now."""
        rows = self._connections.rows(
            f"SELECT {_COLUMNS} FROM other_files WHERE path >= ? AND path < ? AND (is_archive OR "
            "content_hash IN (SELECT content_hash FROM documents WHERE state IN (?, ?)))",
            *range_below(folder),
            State.READY,
            State.SEARCHABLE,
        )
        return {file.path: file for file in (_other_file(*row) for row in rows)}

    def copies_of(self, content_hash: str) -> tuple[OtherFile, ...]:
        """The copies that hold these very bytes."""
        return self._with_hash(content_hash, is_archive=False)

    def archives_of(self, content_hash: str) -> tuple[OtherFile, ...]:
        """The archives that hold these very bytes."""
        return self._with_hash(content_hash, is_archive=True)

    def note(self, path: str, stamp: FileStamp, *, is_archive: bool) -> None:
        """Keep what was seen of a file; nothing is written where that is known."""
        if self.at(path) == OtherFile(path, stamp, is_archive):
            return
        values = (path, stamp.size_bytes, stamp.modified_ns, stamp.content_hash, is_archive)
        with self._connections.transaction() as db:
            db.execute("INSERT OR REPLACE INTO other_files VALUES (?, ?, ?, ?, ?)", values)

    def forget(self, path: str) -> None:
        """The file is gone, or has a document of its own now."""
        with self._connections.transaction() as db:
            db.execute("DELETE FROM other_files WHERE path = ?", (path,))

    def _with_hash(self, content_hash: str, *, is_archive: bool) -> tuple[OtherFile, ...]:
        rows = self._connections.rows(
            f"SELECT {_COLUMNS} FROM other_files WHERE content_hash = ? AND is_archive = ?",
            content_hash,
            is_archive,
        )
        return tuple(_other_file(*row) for row in rows)


_COLUMNS = "path, size_bytes, modified_ns, content_hash, is_archive"


def _other_file(
    path: str, size_bytes: int, modified_ns: int, content_hash: str, is_archive: int
) -> OtherFile:
    return OtherFile(path, FileStamp(size_bytes, modified_ns, content_hash), bool(is_archive))

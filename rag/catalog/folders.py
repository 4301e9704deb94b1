"""The catalog's followed folders, and what in them the person does not want in the library."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from rag.catalog.connections import Connections
from rag.catalog.stamps import range_below
from rag.errors import BadRequest
from rag.types import FollowedFolder

WHOLE_LIBRARY = ""  # where a folder's path stands, for what holds in all of them


class Folders:
    """The folders that one library follows."""

    def __init__(self, connections: Connections, default_patterns: Sequence[str]) -> None:
        """`default_patterns` hold for the whole library until others are set."""
        self._connections = connections
        self._default_patterns = tuple(default_patterns)

    def list(self) -> tuple[FollowedFolder, ...]:
        """All of them, by path."""
        rows = self._connections.rows(
            "SELECT path, collection, coalesce(lines, '[]'), looked_at, is_away FROM folders "
            "LEFT JOIN patterns ON patterns.folder = path ORDER BY path"
        )
        return tuple(
            FollowedFolder(path, collection, tuple(json.loads(lines)), looked_at, bool(is_away))
            for path, collection, lines, looked_at, is_away in rows
        )

    def follow(self, path: str, collection: str) -> None:
        """Follow a folder, or let one that is followed go to another collection."""
        with self._connections.transaction() as db:
            db.execute(
                "INSERT INTO folders (path, collection) VALUES (?, ?) "
                "ON CONFLICT (path) DO UPDATE SET collection = excluded.collection",
                (path, collection),
            )

    def unfollow(self, path: str) -> None:
        """Follow it no longer; the documents stay. Raises BadRequest where it is not followed."""
        self._require(path)
        with self._connections.transaction() as db:
            db.execute("DELETE FROM folders WHERE path = ?", (path,))
            db.execute("DELETE FROM patterns WHERE folder = ?", (path,))
            for table in ("left_out", "other_files"):
                db.execute(f"DELETE FROM {table} WHERE path >= ? AND path < ?", range_below(path))

    def note_look(self, path: str, *, at: float, is_away: bool) -> None:
        """Note that a folder was looked at, in seconds since 1970, and whether it was there."""
        with self._connections.transaction() as db:
            db.execute(
                "UPDATE folders SET looked_at = ?, is_away = ? WHERE path = ?", (at, is_away, path)
            )

    # --- what is not wanted ---------------------------------------------------------------------

    def patterns(self, path: str = WHOLE_LIBRARY) -> tuple[str, ...]:
        """The lines of patterns of one folder, or those of the whole library."""
        rows = self._connections.rows("SELECT lines FROM patterns WHERE folder = ?", path)
        if rows:
            return tuple(json.loads(rows[0][0]))
        return self._default_patterns if path == WHOLE_LIBRARY else ()

    def set_patterns(self, lines: Sequence[str], path: str = WHOLE_LIBRARY) -> None:
        """Set them. Raises BadRequest where the folder is not followed."""
        if path != WHOLE_LIBRARY:
            self._require(path)
        with self._connections.transaction() as db:
            db.execute("INSERT OR REPLACE INTO patterns VALUES (?, ?)", (path, json.dumps(lines)))

    def left_out(self) -> frozenset[str]:
        """The paths of files that were taken out of the library while their folder is followed."""
        return frozenset(path for (path,) in self._connections.rows("SELECT path FROM left_out"))

    def leave_out(self, path: str) -> None:
        """Do not bring this file in again by following its folder."""
        with self._connections.transaction() as db:
            db.execute("INSERT OR IGNORE INTO left_out VALUES (?)", (path,))

    def want_again(self, paths: Iterable[str]) -> None:
        """The person has added these files by themselves."""
        if wanted := self.left_out().intersection(paths):
            with self._connections.transaction() as db:
                db.executemany("DELETE FROM left_out WHERE path = ?", ((path,) for path in wanted))

    def _require(self, path: str) -> None:
        if path not in {folder.path for folder in self.list()}:
            raise BadRequest(
                f"The folder {path} is not followed.",
                remedy="`deskbook folders` lists those that are.",
            )

"""The catalog's followed folders, and what in them the person does not want in the library."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.catalog.database import Database


@dataclass(frozen=True, slots=True)
class FollowedFolder:
    """A folder whose files the library follows, and the collection they go to."""

    path: str
    collection: str


class Folders:
    """The folders that one library follows."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list(self) -> tuple[FollowedFolder, ...]:
        """All of them, by path."""
        rows = self._database.rows("SELECT path, collection FROM folders ORDER BY path")
        return tuple(FollowedFolder(path, collection) for path, collection in rows)

    def follow(self, path: str, collection: str) -> None:
        """Follow a folder; what was left out in it before is wanted again."""
        with self._database.transaction() as db:
            db.execute("INSERT OR REPLACE INTO folders VALUES (?, ?)", (path, collection))

    def unfollow(self, path: str) -> None:
        """Follow it no longer; the documents stay."""
        with self._database.transaction() as db:
            db.execute("DELETE FROM folders WHERE path = ?", (path,))

    def left_out(self) -> frozenset[str]:
        """The paths of files that were taken out of the library while their folder is followed."""
        return frozenset(path for (path,) in self._database.rows("SELECT path FROM left_out"))

    def leave_out(self, path: str) -> None:
        """Do not bring this file in again by following its folder."""
        with self._database.transaction() as db:
            db.execute("INSERT OR IGNORE INTO left_out VALUES (?)", (path,))

    def want_again(self, paths: Iterable[str]) -> None:
        """The person has added these files by themselves."""
        if wanted := self.left_out().intersection(paths):
            with self._database.transaction() as db:
                db.executemany("DELETE FROM left_out WHERE path = ?", ((path,) for path in wanted))

"""The catalog's collections: names under which documents are put together, in one or in many.

A collection that was made by hand is there while it is empty; others with their first document.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from rag.catalog.connections import Connections
from rag.errors import BadRequest
from rag.types import CollectionEntry, CollectionMembers

LONGEST = 80  # characters


class Collections:
    """The collections of one library."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    def list(self) -> tuple[CollectionEntry, ...]:
        """All of them by name, each with the number of its documents."""
        rows = self._connections.rows(
            "SELECT name, (SELECT count(*) FROM memberships WHERE collection = name) FROM ("
            "SELECT name FROM collections UNION SELECT collection FROM memberships "
            "UNION SELECT collection FROM folders) WHERE name <> '' ORDER BY name COLLATE NOCASE"
        )
        return tuple(CollectionEntry(name, count) for name, count in rows)

    def make(self, name: str, members: CollectionMembers) -> None:
        """Make a collection, with what is to be in it. Raises BadRequest where it is there."""
        self._require_new(name)
        with self._connections.transaction() as db:
            db.execute("INSERT INTO collections VALUES (?)", (name,))
            db.execute(
                "UPDATE folders SET collection = ? WHERE path IN (SELECT value FROM json_each(?))",
                (name, json.dumps(members.folders)),
            )
        self.put_in(name, members.documents)

    def rename(self, name: str, new_name: str) -> None:
        """Give a collection another name. Raises BadRequest where there is one of that name."""
        self._require(name)
        self._require_new(new_name)
        with self._connections.transaction() as db:
            db.execute("DELETE FROM collections WHERE name = ?", (name,))
            db.execute("INSERT INTO collections VALUES (?)", (new_name,))
            for table in ("memberships", "folders"):
                db.execute(
                    f"UPDATE {table} SET collection = ? WHERE collection = ?", (new_name, name)
                )

    def delete(self, name: str) -> CollectionMembers:
        """Delete a collection; its documents stay. What was in it comes back, for an undo."""
        self._require(name)
        documents = self._connections.rows(
            "SELECT document FROM memberships WHERE collection = ?", name
        )
        folders = self._connections.rows("SELECT path FROM folders WHERE collection = ?", name)
        with self._connections.transaction() as db:
            db.execute("DELETE FROM collections WHERE name = ?", (name,))
            db.execute("DELETE FROM memberships WHERE collection = ?", (name,))
            db.execute("UPDATE folders SET collection = '' WHERE collection = ?", (name,))
        return CollectionMembers(
            tuple(document for (document,) in documents), tuple(path for (path,) in folders)
        )

    def put_in(self, name: str, documents: Sequence[str]) -> None:
        """Put documents into a collection, which is made where there is none."""
        _require_name(name)
        with self._connections.transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO memberships SELECT id, ? FROM documents "
                "WHERE id IN (SELECT value FROM json_each(?))",
                (name, json.dumps(documents)),
            )

    def take_out(self, name: str, documents: Sequence[str]) -> None:
        """Take documents out of a collection; they stay in the library."""
        self._require(name)
        with self._connections.transaction() as db:
            db.execute("INSERT OR IGNORE INTO collections VALUES (?)", (name,))  # it may be empty
            db.execute(
                "DELETE FROM memberships WHERE collection = ? "
                "AND document IN (SELECT value FROM json_each(?))",
                (name, json.dumps(documents)),
            )

    def _names(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self.list())

    def _require(self, name: str) -> None:
        if name not in self._names():
            raise BadRequest(
                f"There is no collection “{name}”.",
                remedy="`deskbook collections` lists those there are.",
            )

    def _require_new(self, name: str) -> None:
        _require_name(name)
        if name in self._names():
            raise BadRequest(
                f"There is a collection “{name}” already.", remedy="Choose another name."
            )


def _require_name(name: str) -> None:
    if not name.strip() or name != name.strip() or len(name) > LONGEST or not name.isprintable():
        raise BadRequest(
            f"“{name.strip()[:LONGEST]}” cannot be a collection's name.",
            remedy=f"Choose one of 1 to {LONGEST} characters in one line.",
        )

"""Libraries of older versions, with documents in them, opened by this one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag.catalog import Catalog
from rag.catalog.schema import create_tables
from rag.types import State

OLD_TEXT = "Bees e\ufb03ciently polli-\nnate. They sleep."


@pytest.fixture
def migrated(tmp_path: Path) -> Iterator[Catalog]:
    """A library of version 1 with a document of two passages, as this version opens it."""
    path = tmp_path / "catalog.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        create_tables(db)
        db.execute("PRAGMA user_version = 1")
        db.execute(
            "INSERT INTO documents VALUES "
            "('bees', '/d/bees.txt', 'c0ffee', 9, 9, 'text', 'Bees', 'ready', '', 0)"
        )
        db.execute("INSERT INTO texts VALUES ('bees', ?, '[]')", (OLD_TEXT,))
        for start, end in ((0, 27), (28, len(OLD_TEXT))):
            db.execute(
                'INSERT INTO passages (document, start, "end", heading_path, text) '
                "VALUES ('bees', ?, ?, '[]', ?)",
                (start, end, OLD_TEXT[start:end]),
            )
        db.execute(
            "INSERT INTO passage_index (rowid, title, heading_path, text) "
            "SELECT id, title, heading_path, text FROM indexed_passages"
        )
    with closing(Catalog(path)) as catalog:
        yield catalog


def found_by(catalog: Catalog, query: str) -> list[int]:
    return [passage_id for passage_id, _ in catalog.passages.search(query, limit=10)]


def test_from_version_1_on_nothing_is_lost(migrated: Catalog) -> None:
    assert migrated.problems() == ()
    assert migrated.documents.text("bees") == OLD_TEXT
    (entry,) = migrated.documents.list()
    assert (entry.title, entry.state, entry.passage_count) == ("Bees", State.READY, 2)


def test_from_version_1_on_folded_words_are_found(migrated: Catalog) -> None:
    assert found_by(migrated, "pollinate") == found_by(migrated, "efficiently") == [1]
    assert found_by(migrated, "sleep") == [2]
    first, second = sorted(migrated.passages.to_embed([1, 2]), key=lambda each: each.passage_id)
    assert first.text == "Bees\nBees efficiently pollinate."
    assert second.text == "Bees\nThey sleep."


def test_from_version_1_on_a_document_can_be_removed_whole(migrated: Catalog) -> None:
    migrated.documents.remove("bees")
    assert found_by(migrated, "pollinate OR sleep OR nate") == []
    assert migrated.problems() == ()

"""The catalog's collections: documents in one or many."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from rag.catalog import Catalog
from rag.catalog.schema import MIGRATIONS, follow_folders
from rag.errors import BadRequest
from rag.types import CollectionEntry, CollectionMembers, Kind

NOBODY = CollectionMembers()


@pytest.fixture
def bees(catalog: Catalog) -> str:
    catalog.documents.queue("bees", "/bees.md", Kind.MARKDOWN, "Insects")
    return "bees"


def members(catalog: Catalog, name: str) -> list[str]:
    return [entry.document for entry in catalog.documents.list(name)]


def test_a_collection_is_there_with_its_first_document(catalog: Catalog, bees: str) -> None:
    assert catalog.collections.list() == (CollectionEntry("Insects", 1),)


def test_a_collection_that_was_made_stays_while_it_is_empty(catalog: Catalog, bees: str) -> None:
    catalog.collections.make("Stings", CollectionMembers((bees,)))
    catalog.collections.take_out("Stings", [bees])
    assert catalog.collections.list()[1] == CollectionEntry("Stings", 0)
    assert members(catalog, "Insects") == [bees]


def test_a_document_in_no_collection_is_in_the_library(catalog: Catalog) -> None:
    catalog.documents.queue("ants", "/ants.md", Kind.MARKDOWN, "")
    assert catalog.collections.list() == ()
    (entry,) = catalog.documents.list()
    assert entry.collections == ()


def test_renaming_takes_documents_and_folders_along(catalog: Catalog, bees: str) -> None:
    catalog.folders.follow("/notes", "Insects")
    catalog.collections.rename("Insects", "Beetles")
    assert members(catalog, "Beetles") == [bees]
    assert [folder.collection for folder in catalog.folders.list()] == ["Beetles"]


def test_deleting_can_be_taken_back(catalog: Catalog, bees: str) -> None:
    catalog.folders.follow("/notes", "Insects")
    was_in_it = catalog.collections.delete("Insects")
    assert was_in_it == CollectionMembers((bees,), ("/notes",))
    assert catalog.collections.list() == ()
    catalog.collections.make("Insects", was_in_it)
    assert members(catalog, "Insects") == [bees]
    assert [folder.collection for folder in catalog.folders.list()] == ["Insects"]


@pytest.mark.parametrize("name", ["", "  ", " Insects", "In\nsects", "x" * 81])
def test_a_name_that_cannot_be_is_refused(catalog: Catalog, name: str) -> None:
    with pytest.raises(BadRequest, match="cannot be a collection's name"):
        catalog.collections.make(name, NOBODY)


@pytest.mark.parametrize(
    "change",
    [
        lambda catalog: catalog.collections.rename("Nothing", "Something"),
        lambda catalog: catalog.collections.delete("Nothing"),
        lambda catalog: catalog.collections.take_out("Nothing", []),
    ],
)
def test_a_collection_that_is_not_there_is_told(
    catalog: Catalog, change: Callable[[Catalog], object]
) -> None:
    with pytest.raises(BadRequest, match="There is no collection “Nothing”"):
        change(catalog)


def test_collections_and_folders_of_older_libraries_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for step in MIGRATIONS[: MIGRATIONS.index(follow_folders) + 1]:
            step(db)
        db.execute(f"PRAGMA user_version = {MIGRATIONS.index(follow_folders) + 1}")
        db.execute(
            "INSERT INTO documents VALUES ('b', '/b.md', '', 0, 0, 'text', 'B', 'ready', '', 0)"
        )
        db.execute("INSERT INTO memberships VALUES ('b', 'Insects')")
        db.execute("INSERT INTO folders VALUES ('/notes', 'Notes')")
    with closing(Catalog(path)) as catalog:
        listed = [(entry.name, entry.document_count) for entry in catalog.collections.list()]
        assert listed == [("Insects", 1), ("Notes", 0)]
        (folder,) = catalog.folders.list()
        assert (folder.path, folder.patterns, folder.looked_at) == ("/notes", (), 0)

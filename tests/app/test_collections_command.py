"""`deskbook collections`: made, renamed, removed, and what belongs to them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def library(deskbook: Any, tmp_path: Path) -> Any:
    """Two documents, one of them in a collection of its own."""
    for name, collection in (("bees", "Insects"), ("rocks", "Library")):
        (tmp_path / f"{name}.md").write_text(f"# {name.title()}\n\nAll about {name}.\n")
        deskbook("add", tmp_path / f"{name}.md", "--collection", collection)
    return deskbook


def listed(deskbook: Any, *typed: str) -> dict[str, int]:
    lines = deskbook("collections", *typed, "--json").lines
    return {line["collection"]: line["documents"] for line in lines}


def test_collections_are_listed_with_their_documents_counted(library: Any) -> None:
    assert listed(library) == {"Insects": 1, "Library": 1}


def test_a_document_is_in_one_or_many(library: Any) -> None:
    assert listed(library, "assign", "rocks.md", "--collection", "Insects")["Insects"] == 2
    searched = library("search", "rocks", "--collection", "Insects", "--json").line["passages"]
    assert "rocks" in searched[0]["text"]
    assert listed(library, "unassign", "rocks.md", "bees.md", "--collection", "Insects") == {
        "Insects": 0,
        "Library": 1,
    }
    assert len(library("documents", "--json").lines) == 2


def test_a_collection_that_is_not_there_is_empty_and_said(library: Any) -> None:
    ran = library("documents", "--collection", "Insect", "--json")
    assert (ran.code, ran.out) == (0, "")
    assert "There is no collection “Insect”." in ran.err
    ran = library("search", "rocks", "--collection", "Insect", "--json")
    assert ran.line["passages"] == []
    assert "There is no collection “Insect”." in ran.err


def test_a_collection_is_renamed_and_removed_and_its_documents_stay(library: Any) -> None:
    assert listed(library, "rename", "Insects", "Bees and wasps")["Bees and wasps"] == 1
    assert listed(library, "remove", "Bees and wasps") == {"Library": 1}
    assert len(library("documents", "--json").lines) == 2


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["rename", "Nothing", "Something"], "There is no collection “Nothing”."),
        (["rename", "Insects", "Library"], "There is a collection “Library” already."),
        (["make", " "], "cannot be a collection's name"),
        (["assign", "bees.md"], "No collection was named."),
    ],
)
def test_a_wrong_command_names_what_is_wrong(library: Any, typed: list[str], said: str) -> None:
    ran = library("collections", *typed)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.err

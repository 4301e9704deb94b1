"""Searches kept to a part of the library: by a scope, and by what a question says."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from rag.catalog import Catalog
from rag.errors import BadRequest
from rag.retrieval.retriever import Retriever
from rag.retrieval.said_scope import said_scope
from rag.retrieval.search_notes import SAID
from rag.types import EVERYWHERE, AddedFile, Kind, Scope

CHANGED = {"cat.txt": "2024-03-01", "Bee notes.md": "2024-03-02", "hens.csv": "2025-01-01"}
TEXTS = {
    "cat.txt": "Our cat Mimi sleeps in the kitchen.",
    "Bee notes.md": "# Bees in June\n\nThe bees sleep in the orchard.",
    "hens.csv": "hen,sleeps in\nBerta,the barn\n",
}


@pytest.fixture
def farm(add: Callable[..., AddedFile], tmp_path: Path, catalog: Catalog) -> Path:
    """Three files of three kinds and days, the notes in a collection of their own."""
    (tmp_path / "farm" / "hens").mkdir(parents=True)
    for name, text in TEXTS.items():
        path = tmp_path / "farm" / ("hens" if name == "hens.csv" else "") / name
        path.write_text(text)
        changed = datetime.fromisoformat(CHANGED[name]).timestamp() + 3_600
        os.utime(path, (changed, changed))
        assert add(path, "Notes" if name.endswith(".md") else "Library").verdict.is_success
    return tmp_path / "farm"


def names_in(catalog: Catalog, scope: Scope) -> set[str]:
    within = catalog.documents.within(scope)
    entries = catalog.documents.list()
    return {Path(e.path).name for e in entries if within is None or e.document in within}


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        (EVERYWHERE, set(TEXTS)),
        (Scope(collection="Notes"), {"Bee notes.md"}),
        (Scope(collection="Nowhere"), set()),
        (Scope(kinds=(Kind.TEXT, Kind.CSV)), {"cat.txt", "hens.csv"}),
        (Scope(documents=("gone",)), set()),
        (Scope(modified_from="2024-03-02"), {"Bee notes.md", "hens.csv"}),
        (Scope(modified_until="2024-03-02"), {"cat.txt", "Bee notes.md"}),
        (Scope(modified_from="2024-03-02", modified_until="2024-03-02"), {"Bee notes.md"}),
        (Scope(collection="Notes", kinds=(Kind.TEXT,)), set()),
    ],
)
@pytest.mark.usefixtures("farm")
def test_a_scope_holds_the_documents_that_meet_all_it_says(
    catalog: Catalog, scope: Scope, names: set[str]
) -> None:
    assert names_in(catalog, scope) == names


def test_a_folder_holds_what_is_below_it_and_not_beside_it(farm: Path, catalog: Catalog) -> None:
    assert names_in(catalog, Scope(folder=str(farm))) == set(TEXTS)
    assert names_in(catalog, Scope(folder=f"{farm / 'hens'}{os.sep}")) == {"hens.csv"}
    assert names_in(catalog, Scope(folder=str(farm)[:-1])) == set()


@pytest.mark.parametrize("day", ["yesterday", "2024-13-01", "2024"])
def test_a_day_that_is_none_is_refused(catalog: Catalog, day: str) -> None:
    with pytest.raises(BadRequest, match=f"^'{day}' is no date to search by. Write it as 2026-01"):
        catalog.documents.within(Scope(modified_from=day))


@pytest.mark.usefixtures("farm")
def test_a_search_finds_nothing_outside_its_scope(retriever: Retriever) -> None:
    found = retriever.retrieve("Who sleeps?", limit=5, scope=Scope(kinds=(Kind.CSV,)))
    assert {Path(each.path).name for each in found.passages} == {"hens.csv"}
    nothing = retriever.retrieve("Who sleeps?", limit=5, scope=Scope(documents=("gone",)))
    assert (nothing.passages, nothing.evidence) == ((), 0)


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Who sleeps, in cat.txt?", {"cat.txt"}),
        ("What does Bee notes.md say of sleep?", {"Bee notes.md"}),
        ("What does \u201cBees in June\u201d say?", {"Bee notes.md"}),
        ("Who sleeps in my notes?", {"Bee notes.md"}),
        ("Who sleeps in our spreadsheets?", {"hens.csv"}),
        ("Who sleeps in my slides?", set(TEXTS)),
        ("Who sleeps in gone.pdf?", set(TEXTS)),
        ("Who sleeps in the notes?", set(TEXTS)),
        ("Version 3.5 or \u201cnothing\u201d, e.g. this?", set(TEXTS)),
    ],
)
@pytest.mark.usefixtures("farm")
def test_a_question_may_say_where_its_answer_stands(
    catalog: Catalog, question: str, names: set[str]
) -> None:
    assert names_in(catalog, said_scope(question, catalog)) == names


@pytest.mark.usefixtures("farm")
def test_a_search_narrowed_by_the_question_says_so(retriever: Retriever) -> None:
    found = retriever.retrieve("Who sleeps in my notes?", limit=5)
    assert {Path(each.path).name for each in found.passages} == {"Bee notes.md"}
    assert found.notes == (SAID,)
    assert retriever.retrieve("Who sleeps?", limit=5).notes == ()

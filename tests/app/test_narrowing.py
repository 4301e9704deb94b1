"""What is named to keep a question to a part of the library, and what is no such thing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.narrowing import Narrowing, narrowing_in, scope_of
from rag.catalog import Catalog
from rag.errors import BadRequest
from rag.types import EVERYWHERE, Kind, Scope


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    """A library of two files, noted and not read."""
    with closing(Catalog(tmp_path / "catalog.db")) as opened:
        opened.documents.queue("a1", str(tmp_path / "bees" / "bees.pdf"), Kind.PDF, "")
        opened.documents.queue("b2", str(tmp_path / "rocks.md"), Kind.MARKDOWN, "")
        yield opened


def test_nothing_named_is_everything(catalog: Catalog) -> None:
    assert scope_of(Narrowing(), catalog) == EVERYWHERE


def test_what_is_named_is_found_in_the_library(catalog: Catalog, tmp_path: Path) -> None:
    named = Narrowing(
        collection="Nature",
        documents=("bees.pdf", "b2"),
        kinds=("PDF", "pdf"),
        folder=str(tmp_path / "rocks" / ".." / "bees"),
        since="2024-01-31",
        until="2024-02-01",
    )
    assert scope_of(named, catalog) == Scope(
        "Nature", ("a1", "b2"), (Kind.PDF,), str(tmp_path / "bees"), "2024-01-31", "2024-02-01"
    )


@pytest.mark.parametrize(
    ("named", "said"),
    [
        (Narrowing(documents=("bee.pdf",)), "There is no document 'bee.pdf' in the library."),
        (Narrowing(documents=("bee.pdf",)), "There is bees.pdf."),
        (Narrowing(documents=("",)), "There is no document ''"),
        (Narrowing(kinds=("epub",)), "no documents of the kind 'epub'. There is markdown and pdf."),
        (Narrowing(folder="/nowhere"), "No document lies in the folder"),
        (Narrowing(since="31.1.2024"), "'31.1.2024' is no date. Write it as 2026-01-31."),
        (Narrowing(until="2024-02-30"), "'2024-02-30' is no date."),
        (Narrowing(since="2024-02-01", until="2024-01-31"), "2024-02-01 is after 2024-01-31."),
    ],
)
def test_what_is_not_there_is_told(catalog: Catalog, named: Narrowing, said: str) -> None:
    with pytest.raises(BadRequest) as refused:
        scope_of(named, catalog)
    assert said in str(refused.value)


def test_a_request_names_what_it_wants_and_the_server_s_collection_stands_else() -> None:
    body = {"documents": ["a"], "kinds": ["pdf"], "folder": "/f", "since": "2024-01-31"}
    assert narrowing_in(body, collection="Nature") == Narrowing(
        "Nature", ("a",), ("pdf",), "/f", "2024-01-31"
    )
    assert narrowing_in({"collection": ""}, collection="Nature") == Narrowing()


@pytest.mark.parametrize("body", [{"documents": "a"}, {"kinds": [1]}, {"folder": None}])
def test_a_value_of_another_type_is_told(body: dict[str, object]) -> None:
    with pytest.raises(BadRequest, match=r"is no (list of texts|text)"):
        narrowing_in(body, collection="")

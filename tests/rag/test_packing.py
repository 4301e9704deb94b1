"""What the catalog keeps packed comes out as it went in; an older library is packed as it opens."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.catalog import Catalog, Scored
from rag.catalog.packing import (
    BLOCK,
    add_functions,
    pack_folded,
    pack_runs,
    unpack_folded,
    unpack_runs,
    write_text,
)
from rag.types import Run, Span

VERSION_4 = Path(__file__).parents[1] / "data" / "libraries" / "version-4.sqlite3"
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
CUT = (
    "SELECT cut_text(?1, ?2, start, text) FROM text_blocks "
    "WHERE document = 'bees' AND start > ?1 - 16384 AND start < ?2"
)


@given(part=TEXTS, start=st.integers(0, 3 * BLOCK), length=st.integers(1, 2 * BLOCK))
def test_what_is_cut_is_the_text_at_the_span(part: str, start: int, length: int) -> None:
    text = part * (1 + 3 * BLOCK // len(part))
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE TABLE text_blocks (document, start, text)")
        add_functions(db)
        write_text(db, "bees", text)
        end = min(start + length, len(text))
        ((cut,),) = db.execute(CUT, (min(start, end - 1), end)).fetchall()
    assert cut == text[min(start, end - 1) : end]


@given(folded=TEXTS, text=TEXTS)
def test_what_is_folded_comes_back(folded: str, text: str) -> None:
    assert unpack_folded(pack_folded(folded, text), text) == folded
    assert unpack_folded(pack_folded("", text), text) == text


def test_what_is_folded_takes_a_few_bytes() -> None:
    text = "".join(f"The {number} bees polli-\nnate. " for number in range(40))
    assert len(pack_folded(text.replace("-\n", ""), text)) < len(text) / 4


@given(st.lists(st.builds(Run, *[st.integers(0, 1 << 40)] * 3)))
def test_runs_come_back_in_whatever_order_they_are(runs: list[Run]) -> None:
    assert unpack_runs(pack_runs(runs)) == tuple(runs)


# --- a library of version 4 ---------------------------------------------------------------------


@pytest.fixture
def path(tmp_path: Path) -> Path:
    copy = tmp_path / "catalog.sqlite3"
    copy.write_bytes(VERSION_4.read_bytes())
    return copy


@pytest.fixture
def migrated(path: Path) -> Iterator[Catalog]:
    with closing(Catalog(path)) as catalog:
        yield catalog


def before(query: str) -> list[Any]:
    """Rows of the library as version 4 left it."""
    with closing(sqlite3.connect(f"file:{VERSION_4}?mode=ro", uri=True)) as db:
        return db.execute(query).fetchall()


def test_the_passages_of_version_4_are_the_same_under_the_same_ids(migrated: Catalog) -> None:
    rows = before('SELECT id, start, "end", text, folded FROM passages ORDER BY id')
    found = migrated.passages.found([Scored(passage_id, 1, 1, 1) for passage_id, *_ in rows])
    for row, each in zip(rows, found, strict=True):
        passage = each.passage
        place = (each.passage_id, passage.span.start, passage.span.end)
        assert (*place, passage.text, passage.folded) == row


def test_the_heading_paths_of_version_4_are_the_same(migrated: Catalog) -> None:
    rows = before(
        "SELECT passages.id, title, heading_path, CASE folded WHEN '' THEN text ELSE folded END "
        "FROM passages JOIN documents ON documents.id = document ORDER BY passages.id"
    )
    embedded = migrated.passages.to_embed([passage_id for passage_id, *_ in rows])
    for row, each in zip(rows, sorted(embedded, key=lambda each: each.passage_id), strict=True):
        _, title, path, text = row
        headings = [part for part in path.strip('[]"').split('", "') if part]
        assert each.text == " > ".join([title, *headings]) + "\n" + text


def test_the_texts_and_pages_of_version_4_are_the_same(migrated: Catalog) -> None:
    for document, text in before("SELECT document, text FROM texts"):
        assert migrated.documents.text(document) == text
    for document, number, start, end, runs in before(
        'SELECT document, number, start, "end", runs FROM pages'
    ):
        page = migrated.pages.of(document)[number - 1]
        assert page.span == Span(start, end)
        assert str([[run.start, run.index, run.length] for run in page.runs]) == runs


def test_the_index_of_version_4_is_whole_and_finds(migrated: Catalog) -> None:
    assert migrated.problems() == ()
    ((passage_id, _),) = migrated.passages.search("nectar", limit=5)
    assert (passage_id,) in before("SELECT id FROM passages WHERE text LIKE '%nectar%'")


def test_an_id_of_version_4_that_was_removed_is_never_used_again(
    migrated: Catalog, path: Path
) -> None:
    ((last,),) = before("SELECT seq FROM sqlite_sequence WHERE name = 'passages'")
    assert last > max(passage_id for (passage_id,) in before("SELECT id FROM passages"))
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("SELECT seq FROM sqlite_sequence").fetchone() == (last,)


def test_a_library_of_version_4_keeps_no_space_that_it_does_not_need(
    migrated: Catalog, path: Path
) -> None:
    migrated.close()
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA freelist_count").fetchone() == (0,)
        assert db.execute("PRAGMA auto_vacuum").fetchone() == (2,)  # incremental

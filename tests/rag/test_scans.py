"""Scanned pages in the catalog: what waits, what was recognised, and libraries older than both."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from rag.catalog import Catalog, FileStamp
from rag.catalog.schema import MIGRATIONS, keep_scans, transaction
from rag.types import Box, Document, Kind, Page, RecognizedPage, Run, ScannedLine, Span, State

STAMP = FileStamp(size_bytes=10, modified_ns=20, content_hash="c0ffee")
LINES = (ScannedLine(Span(0, 5), Box(72.5, 90.0, 120.25, 101.0), 0.98),)
HONEY = RecognizedPage(2, "Honey", LINES)
BLANK = RecognizedPage(3, "", ())


def queue(catalog: Catalog, document: str, numbers: Sequence[int]) -> None:
    catalog.documents.queue(document, f"/d/{document}.pdf", Kind.PDF, "Library")
    catalog.scans.queue(document, numbers)


def test_pages_wait_in_the_order_of_their_documents(catalog: Catalog) -> None:
    queue(catalog, "wasps", [4])
    queue(catalog, "bees", [3, 2])
    assert catalog.scans.waiting() == (("wasps", 4), ("bees", 2), ("bees", 3))


def test_a_page_that_was_recognised_waits_no_more(catalog: Catalog) -> None:
    queue(catalog, "bees", [2, 3, 5])
    for page in (BLANK, HONEY):
        catalog.scans.keep("bees", page)
    assert catalog.scans.waiting() == (("bees", 5),)
    assert catalog.scans.of("bees") == (HONEY, BLANK)


def test_a_document_is_named_until_its_pages_are_part_of_its_text(catalog: Catalog) -> None:
    queue(catalog, "bees", [2, 3])
    for page in (HONEY, BLANK):
        catalog.scans.keep("bees", page)
    assert catalog.scans.waiting() == ()
    assert catalog.scans.documents() == ("bees",)  # a sudden end may come here
    catalog.scans.settle("bees")
    assert catalog.scans.documents() == catalog.scans.of("bees") == ()


def test_while_a_page_waits_the_others_are_kept(catalog: Catalog) -> None:
    queue(catalog, "bees", [2, 3])
    catalog.scans.keep("bees", HONEY)
    catalog.scans.settle("bees")
    assert catalog.scans.waiting() == (("bees", 3),)
    assert catalog.scans.of("bees") == (HONEY,)


def test_a_file_that_changed_is_recognised_anew(catalog: Catalog) -> None:
    queue(catalog, "bees", [2])
    catalog.scans.keep("bees", HONEY)
    queue(catalog, "bees", [1])
    assert catalog.scans.of("bees") == ()
    assert catalog.scans.waiting() == (("bees", 1),)


def test_what_comes_for_a_document_that_is_gone_is_left_out(catalog: Catalog) -> None:
    queue(catalog, "bees", [2])
    catalog.documents.remove("bees")
    catalog.scans.keep("bees", HONEY)
    assert catalog.scans.waiting() == catalog.scans.of("bees") == ()


def test_a_recognised_page_comes_out_with_its_lines(catalog: Catalog) -> None:
    page = Page(1, "iv", Span(0, 5), runs=(), lines=LINES)
    document = Document(Kind.PDF, "Bees", "Honey", pages=(page,), headings=())
    queue(catalog, "bees", [])
    catalog.documents.write("bees", STAMP, document, [], state=State.READY)
    assert catalog.pages.of("bees") == (page,)


@pytest.mark.parametrize("version", range(1, MIGRATIONS.index(keep_scans) + 1))
def test_pages_of_an_older_library_stay(tmp_path: Path, version: int) -> None:
    path = tmp_path / "catalog.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        with transaction(db):
            for step in MIGRATIONS[:version]:
                step(db)
            db.execute(f"PRAGMA user_version = {version}")
        db.execute(
            "INSERT INTO documents VALUES ('bees', '/b', '', 0, 0, 'pdf', 'B', 'ready', '', 0)"
        )
        db.execute("INSERT INTO pages VALUES ('bees', 1, 'iv', 0, 5, '[[0, 3, 5]]')")
    with closing(Catalog(path)) as catalog:
        assert catalog.pages.of("bees") == (Page(1, "iv", Span(0, 5), (Run(0, 3, 5),)),)
        catalog.scans.queue("bees", [1])
        assert catalog.scans.waiting() == (("bees", 1),)

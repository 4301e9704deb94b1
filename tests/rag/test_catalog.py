"""The catalog on a real SQLite file: what goes in comes out, whole, whoever reads meanwhile."""

from __future__ import annotations

import sqlite3
import threading
import zlib
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.catalog import Catalog, FileStamp, Scored
from rag.catalog.schema import MIGRATIONS
from rag.errors import LibraryDamaged, LibraryNotWritable, LibraryTooNew, UnknownDocument
from rag.types import (
    Document,
    Heading,
    Kind,
    Page,
    PageRef,
    Passage,
    Run,
    Scope,
    Span,
    State,
)

STAMP = FileStamp(size_bytes=10, modified_ns=20, content_hash="c0ffee")
TWO_PAGES = Document(
    kind=Kind.PDF,
    title="Bees",
    text="Honey\n\nBees fly.\f\nThey sleep.",
    pages=(
        Page(1, "iv", Span(0, 16), (Run(0, 3, 5), Run(7, 10, 9))),
        Page(2, "1", Span(18, 29), (Run(18, 0, 11),)),
    ),
    headings=(Heading("Honey", 1, Span(0, 5)),),
)


def document_of(text: str, *, title: str = "Bees") -> Document:
    return Document(Kind.TEXT, title, text, pages=(), headings=())


def passages_of(document: Document, *spans: tuple[int, int]) -> list[Passage]:
    return [
        Passage(Span(start, end), document.text[start:end], ("Honey", "Its making"), ())
        for start, end in spans
    ]


def write(
    catalog: Catalog,
    document: str = "bees",
    content: Document = TWO_PAGES,
    *,
    passages: Sequence[tuple[int, int]] = ((0, 16), (18, 29)),
    path: str = "",
    collection: str = "Library",
) -> list[int]:
    """A document in the catalog; the ids of its passages come back."""
    catalog.documents.queue(document, path or f"/d/{document}.txt", content.kind, collection)
    catalog.documents.write(
        document, STAMP, content, passages_of(content, *passages), state=State.SEARCHABLE
    )
    return catalog.passages.ids_of(document)


def found_by(catalog: Catalog, query: str, *, collection: str = "") -> list[int]:
    documents = catalog.documents.within(Scope(collection=collection))
    hits = catalog.passages.search(query, limit=10, documents=documents)
    return [passage_id for passage_id, _ in hits]


def is_consistent(catalog: Catalog) -> bool:
    """Whether SQLite finds nothing amiss, and the full-text index holds just what the tables do."""
    return catalog.problems() == ()


# --- opening ------------------------------------------------------------------------------------


def test_a_new_catalog_has_the_newest_version_and_nothing_in_it(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    with closing(Catalog(path)) as catalog:
        assert catalog.documents.list() == ()
        assert is_consistent(catalog)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)


def test_what_was_written_is_there_after_closing_and_opening(tmp_path: Path) -> None:
    with closing(Catalog(tmp_path / "catalog.sqlite3")) as catalog:
        write(catalog)
    with closing(Catalog(tmp_path / "catalog.sqlite3")) as catalog:
        assert catalog.documents.text("bees") == TWO_PAGES.text
        assert is_consistent(catalog)


def test_keywords_and_the_name_of_the_file_are_searched_with_the_title(catalog: Catalog) -> None:
    tagged = replace(TWO_PAGES, keywords=("apiary", "Apis mellifera"))
    ids = write(catalog, content=tagged, path="/d/hive_scan.pdf")
    for word in ("apiary", "mellifera", "hive", "scan", "bees"):
        assert sorted(found_by(catalog, f'"{word}"')) == ids, word
    assert all("apiary" not in each.text for each in catalog.passages.to_embed(ids))
    assert all("mellifera" in each.indexed() for each in catalog.passages.indexed(ids).values())


def test_a_document_with_other_keywords_is_found_by_them_alone(catalog: Catalog) -> None:
    write(catalog, content=replace(TWO_PAGES, keywords=("apiary",)))
    ids = write(catalog, content=replace(TWO_PAGES, keywords=("wax",)))
    assert sorted(found_by(catalog, "wax")) == ids
    assert found_by(catalog, "apiary") == []
    catalog.documents.remove("bees")
    assert found_by(catalog, "wax") == []
    assert is_consistent(catalog)


def test_a_library_from_a_newer_deskbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(LibraryTooNew) as failure:
        Catalog(path)
    assert str(failure.value) == (
        f"This library has version 99, and this Deskbook knows {len(MIGRATIONS)}. "
        "Open it with a newer Deskbook."
    )


@pytest.mark.parametrize("folder", ["missing", "a-file"])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, folder: str) -> None:
    (tmp_path / "a-file").touch()
    with pytest.raises(LibraryNotWritable) as failure:
        Catalog(tmp_path / folder / "catalog.sqlite3")
    assert str(failure.value) == (
        f"The library at {tmp_path / folder} cannot be written to: "
        "unable to open database file. Check that the folder exists, is yours and has space "
        "left, or choose another with --data-dir."
    )


def test_a_file_that_is_no_catalog_is_told(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(LibraryDamaged) as failure:
        Catalog(path)
    assert failure.value.what == f"The library's catalog {path} is damaged: file is not a database."
    assert failure.value.remedy.startswith("Put back a backup of it, or move the file away")


def test_a_migration_that_fails_leaves_the_version_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_half_way(db: sqlite3.Connection) -> None:
        db.execute("CREATE TABLE half_made (id INTEGER)")
        raise InterruptedError

    path = tmp_path / "catalog.sqlite3"
    monkeypatch.setattr("rag.catalog.schema.MIGRATIONS", (*MIGRATIONS, fail_half_way))
    with pytest.raises(InterruptedError):
        Catalog(path)
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        assert not db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'half_made'").fetchall()


def test_a_copy_is_a_whole_catalog(catalog: Catalog, tmp_path: Path) -> None:
    write(catalog)
    catalog.copy_to(tmp_path / "copy.sqlite3")
    with closing(Catalog(tmp_path / "copy.sqlite3")) as copy:
        assert copy.documents.list() == catalog.documents.list()
        assert is_consistent(copy)


def test_the_space_of_what_was_removed_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    text = " ".join(sha256(bytes([n % 256, n // 256])).hexdigest() for n in range(9_000))
    spans = [(start, start + 500) for start in range(0, 500_000, 500)]
    with closing(Catalog(path)) as catalog:
        write(catalog)
    small = path.stat().st_size
    with closing(Catalog(path)) as catalog:
        write(catalog, "large", document_of(text), passages=spans)
    assert path.stat().st_size > small + 500_000
    with closing(Catalog(path)) as catalog:
        catalog.documents.remove("large")
        assert is_consistent(catalog)
    assert path.stat().st_size < small + 50_000


# --- damage found later -------------------------------------------------------------------------


def test_a_full_text_index_out_of_step_is_a_problem_that_rebuilding_mends(
    catalog: Catalog, tmp_path: Path
) -> None:
    write(catalog)
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite3")) as db, db:
        db.execute("UPDATE text_blocks SET text = ?", (zlib.compress(b"wasps " * 9),))
    assert len(catalog.problems()) == 1
    assert catalog.problems()[0].startswith("the full-text index: ")
    catalog.passages.rebuild_index()
    assert is_consistent(catalog)
    assert len(found_by(catalog, "wasps")) == 2


def test_a_catalog_damaged_in_the_middle_says_so(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    text = " ".join(sha256(bytes([n % 256, n // 256])).hexdigest() for n in range(9_000))
    with closing(Catalog(path)) as catalog:
        write(catalog, content=document_of(text), passages=[(0, 1_000)])
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        file.seek(size // 2)  # the text is nearly all of it
        file.write(b"\xa5" * (size // 2))
    with closing(Catalog(path)) as catalog:
        assert catalog.problems()
        with pytest.raises(LibraryDamaged, match="is damaged"):
            catalog.documents.text("bees")


def test_a_damaged_text_says_so_whoever_reads_it(catalog: Catalog, tmp_path: Path) -> None:
    (first, _) = write(catalog)
    with closing(sqlite3.connect(tmp_path / "catalog.sqlite3")) as db, db:
        db.execute("UPDATE text_blocks SET text = x'a5a5'")
    with pytest.raises(LibraryDamaged, match="is damaged"):
        catalog.documents.text("bees")
    with pytest.raises(LibraryDamaged, match="is damaged"):
        catalog.passages.found([Scored(first, 1, 1, 1)])


# --- documents ----------------------------------------------------------------------------------


def test_a_queued_document_is_listed_under_its_file_name(catalog: Catalog) -> None:
    catalog.documents.queue("bees", "/d/Bees in June.pdf", Kind.PDF, "Garden")
    (entry,) = catalog.documents.list()
    assert (entry.document, entry.title) == ("bees", "Bees in June")
    assert (entry.state, entry.collections) == (State.QUEUED, ("Garden",))
    assert (entry.page_count, entry.passage_count) == (0, 0)


def test_text_pages_and_headings_come_back_as_they_were(catalog: Catalog) -> None:
    write(catalog)
    assert catalog.documents.text("bees") == TWO_PAGES.text
    assert catalog.pages.of("bees") == TWO_PAGES.pages
    assert catalog.documents.headings("bees") == (Span(0, 5),)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs"])), label=st.text("ivx7–"))  # noqa: RUF001
def test_any_text_comes_back_character_for_character(
    catalog: Catalog, text: str, label: str
) -> None:
    page = Page(1, label, Span(0, len(text)), ())
    write(catalog, content=Document(Kind.PDF, text, text, (page,), ()), passages=[(0, len(text))])
    assert catalog.documents.text("bees") == text
    assert catalog.pages.of("bees") == (page,)
    assert catalog.documents.list()[0].title == text


def test_a_document_that_is_queued_again_keeps_its_content(catalog: Catalog) -> None:
    write(catalog)
    catalog.documents.queue("another", "/d/bees.txt", Kind.PDF, "Garden")
    (entry,) = catalog.documents.list()
    assert (entry.document, entry.state, entry.passage_count) == ("bees", State.QUEUED, 2)
    assert entry.collections == ("Garden", "Library")


def test_a_file_is_known_by_its_path_and_by_its_bytes(catalog: Catalog) -> None:
    write(catalog)
    known = catalog.documents.file_at("/d/bees.txt")
    assert known == catalog.documents.file_with("c0ffee")
    assert known is not None
    assert (known.document, known.state, known.stamp) == ("bees", State.SEARCHABLE, STAMP)
    assert catalog.documents.file_at("/d/wasps.txt") is None


def test_documents_are_listed_by_title_whatever_its_case(catalog: Catalog) -> None:
    for document, title in (("1", "wasps"), ("2", "Ants"), ("3", "bees")):
        write(catalog, document, document_of("x", title=title), passages=[(0, 1)])
    assert [entry.title for entry in catalog.documents.list()] == ["Ants", "bees", "wasps"]


def test_a_document_can_be_in_two_collections(catalog: Catalog) -> None:
    write(catalog, "bees", collection="Garden")
    write(catalog, "tax", collection="Money")
    catalog.documents.join("bees", "Money")
    catalog.documents.join("bees", "Money")
    assert [entry.document for entry in catalog.documents.list("Garden")] == ["bees"]
    assert len(catalog.documents.list("Money")) == 2
    assert catalog.documents.list("Nowhere") == ()


def test_a_document_without_text_says_what_to_do(catalog: Catalog) -> None:
    with pytest.raises(UnknownDocument, match=r"no text of the document gone\. Add its file again"):
        catalog.documents.text("gone")


# --- finding one by name ------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["bees", "/d/Bees.pdf", "Bees.pdf", "On Bees"])
def test_a_document_is_found_by_id_path_file_name_and_title(catalog: Catalog, name: str) -> None:
    write(catalog, "bees", document_of("x", title="On Bees"), passages=[], path="/d/Bees.pdf")
    write(catalog, "wasps", document_of("x", title="On Wasps"), passages=[], path="/d/Wasps.pdf")
    assert catalog.documents.find(name).document == "bees"


def test_a_path_from_here_names_its_file_alone(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(catalog, "here", path=str(tmp_path / "notes.md"))
    write(catalog, "there", path="/d/notes.md")
    monkeypatch.chdir(tmp_path)
    assert catalog.documents.find("notes.md").document == "here"


def test_a_name_of_two_documents_is_told(catalog: Catalog) -> None:
    write(catalog, "a", path="/a/notes.md")
    write(catalog, "b", path="/b/notes.md")
    with pytest.raises(UnknownDocument) as failure:
        catalog.documents.find("notes.md")
    assert str(failure.value) == (
        "2 documents are called 'notes.md'. `deskbook documents` lists what there is, each with "
        "its id."
    )


def test_a_name_of_no_document_is_told(catalog: Catalog) -> None:
    with pytest.raises(UnknownDocument, match="There is no document 'wasps' in the library"):
        catalog.documents.find("wasps")


# --- passages and their index -------------------------------------------------------------------


def test_a_passage_comes_back_with_its_place(catalog: Catalog) -> None:
    (first, second) = write(catalog)
    scored = [Scored(second, 0.9, 0.5, 1.0), Scored(999, 0.8, 0, 0), Scored(first, 0.2, 0.1, 0)]
    best, other = catalog.passages.found(scored)
    assert (best.rank, best.passage_id, best.document, best.title) == (1, second, "bees", "Bees")
    assert (best.score, best.dense_score, best.keyword_score) == (0.9, 0.5, 1.0)
    assert best.passage == Passage(
        Span(18, 29), "They sleep.", ("Honey", "Its making"), (PageRef(2, "1"),)
    )
    assert (other.rank, other.passage.pages) == (2, (PageRef(1, "iv"),))


def test_a_passage_is_on_the_pages_that_it_touches(catalog: Catalog) -> None:
    (over_the_break, before, between) = write(catalog, passages=[(10, 20), (0, 16), (16, 18)])
    over_the_break, before, between = sorted((over_the_break, before, between))
    pages = {
        found.passage_id: [page.label for page in found.passage.pages]
        for found in catalog.passages.found(
            [Scored(i, 0, 0, 0) for i in (over_the_break, before, between)]
        )
    }
    assert pages == {over_the_break: ["iv", "1"], before: ["iv"], between: []}


def test_the_embedder_reads_title_and_headings_before_the_text(catalog: Catalog) -> None:
    (first, _) = write(catalog)
    (passage,) = catalog.passages.to_embed([first])
    assert (passage.passage_id, passage.document) == (first, "bees")
    assert passage.text == "Bees > Honey > Its making\nHoney\n\nBees fly."


def test_the_index_knows_words_by_their_stem_and_without_accents(catalog: Catalog) -> None:
    content = document_of("Übung macht Meister. She was walking.")
    (passage_id,) = write(catalog, content=content, passages=[(0, 37)])
    for query in ("ubung", "ÜBUNG", "walk"):
        assert found_by(catalog, query) == [passage_id]
    assert catalog.passages.count_with("walk") == 1


def test_titles_and_headings_are_searched_and_weigh_more(catalog: Catalog) -> None:
    in_text = write(catalog, "a", document_of("wasps and bees", title="On"), passages=[(0, 14)])
    in_title = write(catalog, "b", document_of("this is a hive", title="Wasps"), passages=[(0, 14)])
    assert found_by(catalog, "wasp") == in_title + in_text


def test_an_index_of_other_stemmers_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "catalog.sqlite3"
    with closing(Catalog(path)) as catalog:
        write(catalog)
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("UPDATE index_maker SET stemmers = 'Snowball 0.1'")
        db.execute("INSERT INTO passage_index (passage_index) VALUES ('delete-all')")
    with closing(Catalog(path)) as catalog:
        assert found_by(catalog, "honey")
        assert is_consistent(catalog)


def test_a_search_can_be_kept_to_a_collection(catalog: Catalog) -> None:
    write(catalog, "a", collection="Garden")
    inside = write(catalog, "b", collection="Money")
    assert set(found_by(catalog, "bees", collection="Money")) == set(inside)
    assert found_by(catalog, "bees", collection="Nowhere") == []


def test_new_content_replaces_passages_and_their_words(catalog: Catalog) -> None:
    old = write(catalog, path="/d/insects.txt")
    wasps = document_of("Wasps sting.", title="Wasps")
    new = write(catalog, content=wasps, passages=[(0, 12)], path="/d/insects.txt")
    assert not set(old) & set(new)  # an id is never used twice: vectors are kept by it
    assert catalog.passages.ids() == set(new)
    assert found_by(catalog, "bees") == []
    assert found_by(catalog, "wasps") == new
    assert catalog.pages.of("bees") == ()
    assert is_consistent(catalog)


def test_what_is_removed_leaves_nothing_behind(catalog: Catalog) -> None:
    write(catalog, "bees")
    kept = write(catalog, "wasps", document_of("Wasps sting."), passages=[(0, 12)])
    catalog.documents.remove("bees")
    assert catalog.documents.entry("bees") is None
    assert catalog.passages.ids() == set(kept)
    assert found_by(catalog, "honey") == kept  # its heading path, and no other's
    assert catalog.documents.list("Library")[0].document == "wasps"
    assert is_consistent(catalog)


def test_the_index_stays_whole_when_a_document_moves_or_is_queued_again(catalog: Catalog) -> None:
    write(catalog)
    catalog.documents.move("bees", "/elsewhere/wasps.txt", 5)
    catalog.documents.queue("x", "/elsewhere/wasps.txt", Kind.TEXT, "Library")
    catalog.documents.set_state("bees", State.READY)
    assert is_consistent(catalog)
    write(catalog, "bees", path="/elsewhere/wasps.txt")
    assert is_consistent(catalog)


def test_a_write_that_fails_changes_nothing(catalog: Catalog) -> None:
    before = write(catalog)
    twice = Document(Kind.PDF, "T", "x", (TWO_PAGES.pages[0],) * 2, ())
    with pytest.raises(sqlite3.IntegrityError):
        write(catalog, content=twice, passages=[(0, 1)])
    assert catalog.documents.text("bees") == TWO_PAGES.text
    assert catalog.passages.ids_of("bees") == before
    assert is_consistent(catalog)


def test_a_full_disk_is_told_and_nothing_is_lost(catalog: Catalog) -> None:
    before = write(catalog)
    catalog._connections.connection.execute("PRAGMA max_page_count = 30")
    with pytest.raises(LibraryNotWritable, match=r"database or disk is full\. Check that"):
        write(catalog, content=document_of("bees " * 100_000), passages=[(0, 500_000)])
    assert catalog.documents.text("bees") == TWO_PAGES.text
    assert catalog.passages.ids_of("bees") == before
    assert is_consistent(catalog)


# --- several threads ----------------------------------------------------------------------------


def test_readers_never_see_half_a_document(catalog: Catalog) -> None:
    versions = [document_of(letter * 200, title=letter) for letter in "ab"]
    spans = [(at, at + 20) for at in range(0, 200, 20)]
    write(catalog, content=versions[0], passages=spans)
    is_over = threading.Event()
    seen: set[tuple[str, str]] = set()

    def read_on() -> None:
        while not is_over.is_set():
            ranked = [Scored(i, 0, 0, 0) for i in catalog.passages.ids_of("bees")]
            passages = catalog.passages.found(ranked)
            seen.add((catalog.documents.text("bees")[:1], str(len(ranked))))
            seen.update((found.title, found.passage.text[0]) for found in passages)

    readers = [threading.Thread(target=read_on) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(2_000):
        write(catalog, content=versions[number % 2], passages=spans)
        if number > 60 and {("a", "a"), ("b", "b")} <= seen:
            break
    is_over.set()
    for reader in readers:
        reader.join()
    assert seen <= {("a", "a"), ("b", "b"), ("a", "10"), ("b", "10")}
    assert {("a", "a"), ("b", "b")} <= seen


def test_connections_of_threads_that_have_ended_are_closed(catalog: Catalog) -> None:
    for _ in range(20):
        thread = threading.Thread(target=catalog.documents.list)
        thread.start()
        thread.join()
    assert len(catalog._connections._connections) <= 2

"""Recognised pages put into a document: nothing else is lost, and every span still fits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.documents.recognized import with_recognized
from rag.types import (
    Box,
    Document,
    Heading,
    Kind,
    Page,
    RecognizedPage,
    Run,
    ScannedLine,
    Span,
    Table,
)

BOX = Box(72, 72, 200, 84)
GARBLED = "\ufffd\ufffd\ue001\ue002\ufffd\ufffd"


def document_of(*texts: str) -> Document:
    """A PDF of these pages, each a heading, a table, a running head and one run."""
    whole = "\n\n\f".join(texts) if any(texts) else ""
    pages, spans, start = [], [], 0
    for number, text in enumerate(texts, start=1):
        span = Span(start, start + len(text))
        runs = (Run(span.start, 0, len(text)),) if text else ()
        pages.append(Page(number, str(number), span, runs, is_unread=not text or text == GARBLED))
        spans += [span] if text else []
        start += (len(text) + 3) if whole else 0
    headings = tuple(Heading(span.of(whole), 1, span) for span in spans)
    tables = tuple(Table(span, header=spans[0]) for span in spans)
    return Document(Kind.PDF, "Bees", whole, tuple(pages), headings, tables, tuple(spans))


def recognized(number: int, *lines: str) -> RecognizedPage:
    text = "\n".join(lines)
    spans = [Span(text.index(line), text.index(line) + len(line)) for line in lines]
    return RecognizedPage(number, text, tuple(ScannedLine(span, BOX, 0.9) for span in spans))


def test_a_scan_after_a_page_of_text_is_read() -> None:
    document = with_recognized(document_of("Honey.", ""), [recognized(2, "Bees fly.", "Far.")])
    assert document.text == "Honey.\n\n\fBees fly.\nFar."
    first, second = document.pages
    assert first.span.of(document.text) == "Honey."
    assert [line.span.of(document.text) for line in second.lines] == ["Bees fly.", "Far."]
    assert not second.is_unread


def test_a_document_of_scans_alone_is_read_page_by_page() -> None:
    scans = document_of("", "", "")
    some = with_recognized(scans, [recognized(2, "Bees")])
    assert [page.span.of(some.text) for page in some.pages] == ["", "Bees", ""]
    assert [page.is_unread for page in some.pages] == [True, False, True]
    assert with_recognized(scans, [recognized(1), recognized(2)]).text == ""


def test_a_sentence_runs_on_to_the_next_scan() -> None:
    pages = [recognized(1, "Bees fly"), recognized(2, "far away.")]
    assert with_recognized(document_of("", ""), pages).text == "Bees fly\n\ffar away."


def test_garbled_text_goes_with_all_that_pointed_into_it() -> None:
    document = with_recognized(document_of(GARBLED, "Wax."), [recognized(1, "Honey.")])
    assert document.text == "Honey.\n\n\fWax."
    assert document.pages[0].runs == ()
    assert [heading.span.of(document.text) for heading in document.headings] == ["Wax."]
    assert [table.header for table in document.tables] == [Span(0, 0)]


def test_text_over_a_scan_stays_unless_it_was_recognised_too() -> None:
    noted = with_recognized(document_of("See page 9"), [recognized(1, "Bees fly.")])
    assert noted.text == "Bees fly.\n\nSee page 9"
    (run,) = noted.pages[0].runs
    assert noted.text[run.start : run.start + run.length] == "See page 9"
    stamped = with_recognized(document_of("Bees"), [recognized(1, "Bees fly.")])
    assert stamped.text == "Bees fly."


def test_garbled_recognition_changes_nothing() -> None:
    document = with_recognized(document_of("Honey."), [recognized(1, GARBLED)])
    assert document == document_of("Honey.")


TEXTS = st.sampled_from(["", "Honey.", "bees fly", GARBLED])
FOUND = st.sampled_from([None, (), ("Wax.",), ("soft wax", "and hard.")])


@given(pages=st.lists(st.tuples(TEXTS, FOUND), min_size=1, max_size=5))
def test_every_span_cuts_out_what_it_did(
    pages: list[tuple[str, tuple[str, ...] | None]],
) -> None:
    before = document_of(*(text for text, _ in pages))
    found = [recognized(at, *lines) for at, (_, lines) in enumerate(pages, 1) if lines is not None]
    after = with_recognized(before, found)
    assert [page.number for page in after.pages] == [page.number for page in before.pages]
    assert all(heading.span.of(after.text) == heading.title for heading in after.headings)
    assert all(span.of(after.text) in dict(pages) for span in after.marginalia)
    for page, (own, lines) in zip(after.pages, pages, strict=True):
        assert [line.span.of(after.text) for line in page.lines] == list(lines or ())
        assert all(after.text[run.start : run.start + run.length] == own for run in page.runs)
        assert all(page.span.start <= line.span.start <= page.span.end for line in page.lines)

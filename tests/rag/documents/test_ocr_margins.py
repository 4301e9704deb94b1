"""Running heads, feet and page numbers of scans are told by what comes again page by page."""

from __future__ import annotations

from collections.abc import Sequence

from rag.chunking import chunk
from rag.documents.ocr_margins import margins_of
from rag.documents.recognized import with_recognized
from rag.types import Box, Document, Kind, Page, RecognizedPage, ScannedLine, Span

BODY = [f"This is line {word} of it" for word in ["one", "two", "three", "four", "five", "six"]]


def body_of(number: int) -> list[str]:
    page = ["alpha", "beta", "gamma", "delta"][number - 1]
    return [f"{line}, on the page {page}" for line in BODY]


def recognized(number: int, lines: Sequence[str], *, top: float = 50) -> RecognizedPage:
    text, placed = "\n".join(lines), []
    start = 0
    for at, line in enumerate(lines):
        box = Box(40, top + 14 * at, 300, top + 14 * at + 10)
        placed.append(ScannedLine(Span(start, start + len(line)), box, 0.9))
        start += len(line) + 1
    return RecognizedPage(number, text, tuple(placed))


def scanned(pages: Sequence[RecognizedPage]) -> Document:
    empty = tuple(
        Page(p.number, str(p.number), Span(3 * at, 3 * at), (), is_unread=True)
        for at, p in enumerate(pages)
    )
    unread = Document(Kind.PDF, "Scan", "\n\n\f" * (len(pages) - 1), empty, headings=())
    return with_recognized(unread, pages)


def margins(document: Document) -> list[str]:
    return [span.of(document.text) for span in document.marginalia]


def test_heads_and_page_numbers_are_in_no_passage() -> None:
    foot = ["- 1 -", "-2-", "- 3-", "-4 -"]
    pages = [recognized(n, [f"The Keeper {n}", *body_of(n), foot[n - 1]]) for n in (1, 2, 3, 4)]
    document = scanned(pages)
    assert margins(document) == [
        line for n in (1, 2, 3, 4) for line in (f"The Keeper {n}", foot[n - 1])
    ]
    words = " ".join(passage.text for passage in chunk(document, size=60, count=len))
    assert "Keeper" not in words
    assert "This is line six of it, on the page delta" in words


def test_what_two_pages_share_is_text() -> None:
    document = scanned([recognized(n, ["A title", *BODY, "end"]) for n in (1, 2)])
    assert margins(document) == []


def test_what_stands_elsewhere_on_each_page_is_text() -> None:
    pages = [recognized(n, ["Dear Ada,", *body_of(n), "Yours"], top=150 * n) for n in (1, 2, 3)]
    assert not any("Dear" in margin for margin in margins(scanned(pages)))


def test_pages_of_a_few_words_have_no_margins() -> None:
    assert margins(scanned([recognized(n, ["Name", "Date", "Place"]) for n in (1, 2, 3)])) == []
    assert margins_of((), "") == ()

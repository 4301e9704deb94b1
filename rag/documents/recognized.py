"""Puts recognised pages into a document, in the place of the empty or garbled text they had."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.documents.garbled import is_garbled
from rag.documents.ocr_margins import margins_of
from rag.types import Document, Page, RecognizedPage, ScannedLine, Span, Table

PARAGRAPH_BREAK = "\n\n"
PAGE_BREAK = "\n\n\f"
OPEN_PAGE_BREAK = "\n\f"  # where a sentence runs on from one page to the next
NOWHERE = Span(0, 0)


def with_recognized(document: Document, recognized: Iterable[RecognizedPage]) -> Document:
    """The document with what was recognised on these pages, and all that follows moved along.

    Garbled text is replaced; text that can be read, such as a stamp's or a note's, follows what
    was recognised unless that holds it too. None of the pages handed in is unread any longer.
    """
    found = {page.number: page for page in recognized}
    changes = [_change(document.text, page, found.get(page.number)) for page in document.pages]
    if not any(change.found for change in changes):
        pages = tuple(replace(page, is_unread=_is_unread(page, found)) for page in document.pages)
        return replace(document, pages=pages)
    text, placed = _joined(document.text, changes)
    pages = tuple(_page(place, _is_unread(place.change.page, found)) for place in placed)
    kept = (span for old in document.marginalia if (span := _moved(old, placed)))
    return replace(
        document,
        text=text,
        pages=pages,
        headings=tuple(
            replace(heading, span=span)
            for heading in document.headings
            if (span := _moved(heading.span, placed))
        ),
        tables=tuple(
            Table(span, _moved(table.header, placed) or NOWHERE)
            for table in document.tables
            if (span := _moved(table.span, placed))
        ),
        marginalia=tuple(sorted({*kept, *margins_of(pages, text)}, key=lambda span: span.start)),
    )


def _is_unread(page: Page, found: dict[int, RecognizedPage]) -> bool:
    return page.is_unread and page.number not in found


@dataclass(frozen=True, slots=True)
class _Change:
    """What becomes of a page's text: what was found comes first, then what it keeps of its own."""

    page: Page  # as it was
    found: tuple[ScannedLine, ...]  # empty where it stays as it is
    text: str
    own_start: int  # where its own text begins in `text`; its length where that is gone


def _change(text: str, page: Page, found: RecognizedPage | None) -> _Change:
    own = page.span.of(text)
    if found is None or not found.lines or is_garbled(found.text):
        return _Change(page, (), own, 0)
    if is_garbled(own) or set(own.split()) <= set(found.text.split()):
        return _Change(page, found.lines, found.text, len(found.text))
    both = found.text + PARAGRAPH_BREAK + own
    return _Change(page, found.lines, both, len(both) - len(own))


@dataclass(frozen=True, slots=True)
class _Placed:
    """A change and where its text begins in the new document's."""

    change: _Change
    start: int

    @property
    def has_own(self) -> bool:
        return self.change.own_start < len(self.change.text)

    @property
    def shift(self) -> int:
        """How far the page's own text moved."""
        return self.start + self.change.own_start - self.change.page.span.start


def _joined(text: str, changes: Sequence[_Change]) -> tuple[str, list[_Placed]]:
    parts = [changes[0].text]
    placed = [_Placed(changes[0], 0)]
    length = len(parts[0])
    for above, below in pairwise(changes):
        page_break = _page_break(text, above, below)
        parts += page_break, below.text
        placed.append(_Placed(below, length + len(page_break)))
        length += len(page_break) + len(below.text)
    return "".join(parts), placed


def _page_break(text: str, above: _Change, below: _Change) -> str:
    was = text[above.page.span.end : below.page.span.start]
    if was and not above.found and not below.found:
        return was
    ends_open = bool(above.text) and not above.text.endswith((".", "!", "?", ":", "”", '"'))
    return OPEN_PAGE_BREAK if ends_open and below.text[:1].islower() else PAGE_BREAK


def _page(placed: _Placed, is_unread: bool) -> Page:
    change, page = placed.change, placed.change.page
    found = (_moved_line(line, placed.start) for line in change.found)
    kept = (_moved_line(line, placed.shift) for line in page.lines if placed.has_own)
    runs = (replace(run, start=run.start + placed.shift) for run in page.runs if placed.has_own)
    return replace(
        page,
        span=Span(placed.start, placed.start + len(change.text)),
        runs=tuple(runs),
        lines=(*found, *kept),
        is_unread=is_unread,
    )


def _moved_line(line: ScannedLine, by: int) -> ScannedLine:
    return replace(line, span=Span(line.span.start + by, line.span.end + by))


def _moved(span: Span, placed: Sequence[_Placed]) -> Span | None:
    """Where a span of the old text is in the new one; None where it is gone."""
    for place in placed:
        page = place.change.page.span
        if len(span) and page.start <= span.start and span.end <= page.end:
            by = place.shift
            return Span(span.start + by, span.end + by) if place.has_own else None
    return None

"""Puts recognised pages into a document, in the place of the empty or garbled text they had."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from rag.documents.garbled import is_garbled
from rag.types import Document, Heading, Page, RecognizedPage, ScannedLine, Span

PAGE_BREAK = "\n\n\f"
OPEN_PAGE_BREAK = "\n\f"  # where a sentence runs on from one page to the next
BETTER = 2  # times its letters: what makes a recognised text better than a readable one


def with_recognized(document: Document, recognized: Iterable[RecognizedPage]) -> Document:
    """The document with these pages' texts in place of its own, and all that follows moved along.

    A page on which nothing better was recognised than it had keeps its text. None of the pages
    handed in is unread any longer. Headings on the pages replaced go.
    """
    found = {page.number: page for page in recognized}
    read = [replace(p, is_unread=p.is_unread and p.number not in found) for p in document.pages]
    better = {
        page.number: found[page.number]
        for page in read
        if page.number in found and _is_better(found[page.number].text, page.span.of(document.text))
    }
    if not better:
        return replace(document, pages=tuple(read))
    parts = list(_parts(document.text, read, better))
    pages = tuple(_pages(read, better, parts))
    return replace(
        document,
        text="".join(parts),
        pages=pages,
        headings=tuple(_headings(document, read, pages, better)),
    )


def _is_better(found: str, own: str) -> bool:
    if not found or is_garbled(found):
        return False
    letters, own_letters = (sum(map(str.isalnum, text)) for text in (found, own))
    return is_garbled(own) or letters > BETTER * own_letters


def _parts(text: str, pages: Sequence[Page], better: Mapping[int, RecognizedPage]) -> Iterator[str]:
    """The texts of the pages and, between each two, what parts them."""

    def text_of(page: Page) -> str:
        return better[page.number].text if page.number in better else page.span.of(text)

    yield text_of(pages[0])
    for above, below in pairwise(pages):
        between = text[above.span.end : below.span.start]
        is_untouched = above.number not in better and below.number not in better
        yield between if between and is_untouched else _page_break(text_of(above), text_of(below))
        yield text_of(below)


def _page_break(above: str, below: str) -> str:
    ends_open = bool(above) and not above.endswith((".", "!", "?", ":", "”", '"'))
    return OPEN_PAGE_BREAK if ends_open and below[:1].islower() else PAGE_BREAK


def _pages(
    pages: Sequence[Page], better: Mapping[int, RecognizedPage], parts: Sequence[str]
) -> Iterator[Page]:
    start = 0
    for at, page in enumerate(pages):
        span = Span(start, start + len(parts[2 * at]))
        if page.number in better:
            lines = tuple(_moved_line(line, start) for line in better[page.number].lines)
            yield replace(page, span=span, runs=(), lines=lines)
        else:
            yield _moved_page(page, span)
        start += sum(map(len, parts[2 * at : 2 * at + 2]))


def _moved_page(page: Page, span: Span) -> Page:
    shift = span.start - page.span.start
    runs = tuple(replace(run, start=run.start + shift) for run in page.runs)
    lines = tuple(_moved_line(line, shift) for line in page.lines)
    return replace(page, span=span, runs=runs, lines=lines)


def _moved_line(line: ScannedLine, by: int) -> ScannedLine:
    return replace(line, span=_moved(line.span, by))


def _headings(
    document: Document,
    before: Sequence[Page],
    after: Sequence[Page],
    better: Mapping[int, RecognizedPage],
) -> Iterator[Heading]:
    """Those of the pages that kept their text; a heading stands on one page."""
    for heading in document.headings:
        for old, new in zip(before, after, strict=True):
            if old.number not in better and _holds(old.span, heading.span):
                shift = new.span.start - old.span.start
                yield replace(heading, span=_moved(heading.span, shift))
                break


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)

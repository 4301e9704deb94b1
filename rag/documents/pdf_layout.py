"""The lines of a PDF's pages into one text: where paragraphs end, and where each line went.

Lines are parted by line feeds, paragraphs by blank lines, pages by form feeds; none of these
belongs to a run, since PDFium knows no such characters.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.documents.pdf_headings import HeadingLines
from rag.documents.pdf_lines import Line
from rag.documents.pdf_pages import PageLines
from rag.documents.pdf_tables import TableLines
from rag.types import Heading, Page, Run, Span, Table

LINE_BREAK = "\n"
PARAGRAPH_BREAK = "\n\n"
FORM_FEED = "\f"

WIDER = 1.25  # times the usual pitch: the gap that ends a paragraph
FARTHEST = 3.0  # times the type's size: a gap beyond says nothing of the usual pitch


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The text of a document and where things stand in it."""

    text: str
    pages: tuple[Page, ...]
    headings: tuple[Heading, ...]
    tables: tuple[Table, ...]
    marginalia: tuple[Span, ...]


def lay_out(
    pages: Sequence[PageLines], headings: Sequence[HeadingLines], page_labels: Sequence[str]
) -> LaidOut:
    """The text of all pages; empty, with empty pages, where no page has a line or a note."""
    has_text = any(page.lines or page.notes for page in pages)
    text = _Text()
    laid_out, spans_by_page = [], []
    for page_index, page in enumerate(pages):
        if page_index and has_text:
            text.append(_page_break(pages[page_index - 1], page))
        start = text.length
        spans = _append_page(text, page, _borders(page, headings, page_index))
        span = Span(start, text.length)
        runs = tuple(_runs(page.lines, spans))
        laid_out.append(Page(page_index + 1, page_labels[page_index], span, runs))
        spans_by_page.append(spans)
    return LaidOut(
        text=text.whole(),
        pages=tuple(laid_out),
        headings=tuple(_heading(lines, spans_by_page[lines.page_index]) for lines in headings),
        tables=tuple(_tables(pages, spans_by_page)),
        marginalia=tuple(_marginalia(pages, spans_by_page)),
    )


def _heading(lines: HeadingLines, spans: Sequence[Span]) -> Heading:
    return Heading(lines.title, lines.level, _whole(spans, lines.first, lines.after_last))


def _tables(pages: Sequence[PageLines], spans_by_page: Sequence[Sequence[Span]]) -> Iterator[Table]:
    """The tables; one that goes on from the page before has its header there."""
    header, last = Span(0, 0), None
    for page, spans in zip(pages, spans_by_page, strict=True):
        for table in page.tables:
            if table.header_count:
                header = _whole(spans, table.first, table.first + table.header_count)
            elif last is None or not _goes_on(last, table, page):
                header = Span(0, 0)
            yield Table(_whole(spans, table.first, table.after_last), header)
        ends_page = page.tables and page.tables[-1].after_last == page.body.stop
        last = page.tables[-1] if ends_page else None


def _goes_on(above: TableLines, table: TableLines, page: PageLines) -> bool:
    return table.first == page.body.start and table.column_count == above.column_count


# A line of a table of contents: its heading stands in the text, and it answers nothing.
_LEADER = re.compile(r"(?:\. ?){6,}\s*[\divxlcIVXLC]*\s*$|…{3,}\s*\d*\s*$")


def _marginalia(
    pages: Sequence[PageLines], spans_by_page: Sequence[Sequence[Span]]
) -> Iterator[Span]:
    for page, spans in zip(pages, spans_by_page, strict=True):
        if page.head_count:
            yield _whole(spans, 0, page.head_count)
        yield from (spans[at] for at in page.body if _LEADER.search(page.lines[at].text))
        if page.foot_count:
            yield _whole(spans, page.body.stop, len(page.lines))


def _whole(spans: Sequence[Span], first: int, after_last: int) -> Span:
    return Span(spans[first].start, spans[after_last - 1].end)


class _Text:
    """A text that grows and knows its length."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.length = 0

    def append(self, part: str) -> Span:
        """Adds the part; where it stands."""
        self._parts.append(part)
        self.length += len(part)
        return Span(self.length - len(part), self.length)

    def whole(self) -> str:
        return "".join(self._parts)


def _append_page(text: _Text, page: PageLines, borders: set[int]) -> list[Span]:
    rows = page.in_tables() - borders
    pitch = _usual_pitch(page.lines)
    spans = []
    for at, line in enumerate(page.lines):
        if at:
            is_break = at in borders or (
                at not in rows and _ends_paragraph(page.lines[at - 1], line, pitch)
            )
            text.append(PARAGRAPH_BREAK if is_break else LINE_BREAK)
        spans.append(text.append(line.text))
    for at, note in enumerate(page.notes):
        if at or page.lines:
            text.append(PARAGRAPH_BREAK)
        text.append(note)
    return spans


def _borders(page: PageLines, headings: Sequence[HeadingLines], page_index: int) -> set[int]:
    """The lines before which there is a blank one: something else than a paragraph begins or ends.

    That is a heading, a table, or what the page has on top and at its foot.
    """
    own = [heading for heading in headings if heading.page_index == page_index]
    return {
        page.body.start,
        page.body.stop,
        *(at for heading in own for at in (heading.first, heading.after_last)),
        *(at for table in page.tables for at in (table.first, table.after_last)),
    }


def _runs(lines: Sequence[Line], spans: Sequence[Span]) -> list[Run]:
    return [
        Run(span.start + run.start, run.index, run.length)
        for line, span in zip(lines, spans, strict=True)
        for run in line.runs
    ]


def _usual_pitch(lines: Sequence[Line]) -> float:
    """The distance of neighbouring lines inside a paragraph: among the smaller third of all."""
    pitches = sorted(
        pitch
        for above, below in pairwise(lines)
        if 0.5 * below.size < (pitch := above.y - below.y) < FARTHEST * below.size
    )
    return pitches[(len(pitches) - 1) // 3] if pitches else 0.0


def _ends_paragraph(above: Line, below: Line, pitch: float) -> bool:
    """Whether a paragraph ends between two lines that follow each other in the file."""
    down = above.y - below.y
    if down < -FARTHEST * below.size:  # back up: to the next column, or the foot was drawn first
        return below.x <= above.x
    return down > max(WIDER * pitch, below.size)


def _page_break(above: PageLines, below: PageLines) -> str:
    return (LINE_BREAK if _runs_on(above, below) else PARAGRAPH_BREAK) + FORM_FEED


def _runs_on(above: PageLines, below: PageLines) -> bool:
    """Whether a sentence seems to run from one page to the next, with no foot or head between."""
    if len(above.lines) < 2 or not below.lines or above.notes:
        return False
    if above.foot_count or below.head_count:
        return False
    *_, one, last = above.lines
    foot_is_apart = _ends_paragraph(one, last, _usual_pitch(above.lines))
    ends_open = not last.text.endswith((".", "!", "?", ":", "”", '"'))
    return not foot_is_apart and ends_open and below.lines[0].text[0].islower()

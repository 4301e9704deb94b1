"""The lines of a PDF's pages into one text: where paragraphs end, and where each line went.

Lines are parted by line feeds, paragraphs by blank lines, pages by form feeds; none of these
belongs to a run, since PDFium knows no such characters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.documents.pdf_headings import HeadingLines
from rag.documents.pdf_lines import Line
from rag.types import Heading, Page, Run, Span

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


def lay_out(
    lines_by_page: Sequence[Sequence[Line]],
    headings: Sequence[HeadingLines],
    page_labels: Sequence[str],
) -> LaidOut:
    """The text of all pages; empty, with empty pages, where no page has a line."""
    has_text = any(lines_by_page)
    text = _Text()
    pages, spans_by_page = [], []
    for page_index, lines in enumerate(lines_by_page):
        if page_index and has_text:
            text.append(_page_break(lines_by_page[page_index - 1], lines))
        start = text.length
        spans = _append_page(text, lines, _heading_borders(headings, page_index))
        page = Page(
            number=page_index + 1,
            label=page_labels[page_index],
            span=Span(start, text.length),
            runs=tuple(_runs(lines, spans)),
        )
        pages.append(page)
        spans_by_page.append(spans)
    found = tuple(_heading(lines, spans_by_page[lines.page_index]) for lines in headings)
    return LaidOut(text.whole(), tuple(pages), found)


def _heading(lines: HeadingLines, spans: Sequence[Span]) -> Heading:
    span = Span(spans[lines.first].start, spans[lines.after_last - 1].end)
    return Heading(lines.title, lines.level, span)


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


def _append_page(text: _Text, lines: Sequence[Line], borders: set[int]) -> list[Span]:
    pitch = _usual_pitch(lines)
    spans = []
    for at, line in enumerate(lines):
        if at:
            is_break = at in borders or _ends_paragraph(lines[at - 1], line, pitch)
            text.append(PARAGRAPH_BREAK if is_break else LINE_BREAK)
        spans.append(text.append(line.text))
    return spans


def _heading_borders(headings: Sequence[HeadingLines], page_index: int) -> set[int]:
    """The lines of a page before which there is a blank one, for a heading begins or ends there."""
    own = [heading for heading in headings if heading.page_index == page_index]
    return {at for heading in own for at in (heading.first, heading.after_last)}


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


def _page_break(above: Sequence[Line], below: Sequence[Line]) -> str:
    return (LINE_BREAK if _runs_on(above, below) else PARAGRAPH_BREAK) + FORM_FEED


def _runs_on(above: Sequence[Line], below: Sequence[Line]) -> bool:
    """Whether a sentence seems to run from one page to the next, with no foot or head between."""
    if len(above) < 2 or not below:
        return False
    foot_is_apart = _ends_paragraph(above[-2], above[-1], _usual_pitch(above))
    ends_open = not above[-1].text.endswith((".", "!", "?", ":", "”", '"'))
    return not foot_is_apart and ends_open and below[0].text[0].islower()

"""Where a span of a document's text stands on its drawn pages: PDFium's characters, or boxes.

The numbers are those of `FPDFText_GetUnicode`, which Qt's `getSelectionAtIndex` counts by too.
Boxes stand for words that were recognised in a picture, of which PDFium knows nothing.
"""

from bisect import bisect_left
from collections.abc import Iterator

from rag.types import Box, BoxMark, Mark, Page, Run, ScannedLine, Span

# Between two runs, characters were left out of the text: blanks at a line's end, the line end
# itself, glyphs without a code. So many are marked along with what stands on both sides of them.
LEFT_OUT_AT_MOST = 8


def marks_of(span: Span, pages: tuple[Page, ...]) -> tuple[Mark | BoxMark, ...]:
    """What to mark for a span, in reading order; empty where nothing of it is drawn."""
    return tuple(
        mark
        for page in pages
        if page.span.start < span.end and span.start < page.span.end
        for mark in _drawn(page, span)
    )


def _drawn(page: Page, span: Span) -> Iterator[Mark | BoxMark]:
    yield from _joined(_marks_on(page, span), page)
    yield from _boxes_on(page, span)


def _marks_on(page: Page, span: Span) -> Iterator[Mark]:
    for run in page.runs:
        shared = _overlap(run, span)
        if shared:
            yield Mark(page.number, run.index + shared.start - run.start, len(shared))


def _overlap(run: Run, span: Span) -> Span | None:
    return _shared(Span(run.start, run.start + run.length), span)


def _shared(one: Span, other: Span) -> Span | None:
    start, end = max(one.start, other.start), min(one.end, other.end)
    return Span(start, end) if start < end else None


def _boxes_on(page: Page, span: Span) -> Iterator[BoxMark]:
    for line in page.lines:
        shared = _shared(line.span, span)
        if shared:
            yield BoxMark(page.number, _part_of(line, shared), line.score)


def _part_of(line: ScannedLine, part: Span) -> Box:
    """The box of a part of a line, its letters taken to be equally wide.

    A line that runs up or down the page is marked whole: which of the two is not known.
    """
    box = line.box
    if box.height > box.width:
        return box
    width = box.width / len(line.span)
    left = box.left + width * (part.start - line.span.start)
    return Box(left, box.top, left + width * len(part), box.bottom)


def _joined(marks: Iterator[Mark], page: Page) -> Iterator[Mark]:
    """The marks of one page, those that all but touch made one.

    Where text runs to the left, the next mark may end where the one before it begins.
    """
    starts = sorted(run.index for run in page.runs)
    previous: Mark | None = None
    for mark in marks:
        if previous is None:
            previous = mark
        elif _touch(previous, mark, starts):
            previous = Mark(mark.page, previous.index, mark.index + mark.length - previous.index)
        elif mark.index + mark.length == previous.index:
            previous = Mark(mark.page, mark.index, mark.length + previous.length)
        else:
            yield previous
            previous = mark
    if previous is not None:
        yield previous


def _touch(one: Mark, other: Mark, starts: list[int]) -> bool:
    """Whether there is next to nothing between two marks, and nothing that the text holds."""
    end = one.index + one.length
    is_near = 0 <= other.index - end <= LEFT_OUT_AT_MOST
    return is_near and bisect_left(starts, end) == bisect_left(starts, other.index)

"""Where a span of a document's text stands on its drawn pages, in PDFium's character numbers.

The numbers are those of `FPDFText_GetUnicode`, which Qt's `getSelectionAtIndex` counts by too.
"""

from collections.abc import Iterator

from rag.types import Mark, Page, Run, Span

# Between two runs, characters were left out of the text: blanks at a line's end, the line end
# itself, glyphs without a code. So many are marked along with what stands on both sides of them.
LEFT_OUT_AT_MOST = 8


def marks_of(span: Span, pages: tuple[Page, ...]) -> tuple[Mark, ...]:
    """The characters to mark for a span, in reading order; empty where nothing of it is drawn."""
    return tuple(
        mark
        for page in pages
        if page.span.start < span.end and span.start < page.span.end
        for mark in _joined(_marks_on(page, span))
    )


def _marks_on(page: Page, span: Span) -> Iterator[Mark]:
    for run in page.runs:
        shared = _overlap(run, span)
        if shared:
            yield Mark(page.number, run.index + shared.start - run.start, len(shared))


def _overlap(run: Run, span: Span) -> Span | None:
    start, end = max(run.start, span.start), min(run.start + run.length, span.end)
    return Span(start, end) if start < end else None


def _joined(marks: Iterator[Mark]) -> Iterator[Mark]:
    """The marks of one page, those that all but touch made one."""
    previous: Mark | None = None
    for mark in marks:
        if previous is None:
            previous = mark
        elif 0 <= mark.index - (previous.index + previous.length) <= LEFT_OUT_AT_MOST:
            previous = Mark(mark.page, previous.index, mark.index + mark.length - previous.index)
        else:
            yield previous
            previous = mark
    if previous is not None:
        yield previous

"""From a span of the text to PDFium's characters on the pages."""

from hypothesis import given
from hypothesis import strategies as st

from rag.marks import marks_of
from rag.types import Mark, Page, Run, Span

# Two pages: "abc\ndef" with a carriage return before the line feed, then "\n\f", then "xyz".
PAGES = (
    Page(1, "i", Span(0, 7), (Run(0, 0, 3), Run(4, 5, 3))),
    Page(2, "ii", Span(9, 12), (Run(9, 4, 3),)),
)


def test_a_span_inside_a_line_is_one_mark() -> None:
    assert marks_of(Span(1, 3), PAGES) == (Mark(1, 1, 2),)


def test_a_mark_runs_on_over_the_line_end_that_is_not_in_the_text() -> None:
    assert marks_of(Span(2, 6), PAGES) == (Mark(1, 2, 5),)


def test_a_mark_runs_on_over_blanks_at_a_line_end() -> None:
    page = Page(1, "1", Span(0, 7), (Run(0, 0, 3), Run(4, 7, 3)))  # two blanks, two for the end
    assert marks_of(Span(0, 7), (page,)) == (Mark(1, 0, 10),)


def test_a_span_over_a_page_break_is_marked_on_both_pages() -> None:
    assert marks_of(Span(5, 10), PAGES) == (Mark(1, 6, 2), Mark(2, 4, 1))


def test_what_is_not_drawn_has_no_mark() -> None:
    assert marks_of(Span(7, 9), PAGES) == ()
    assert marks_of(Span(0, 3), ()) == ()


def test_runs_out_of_order_or_far_apart_are_marked_apart() -> None:
    page = Page(1, "1", Span(0, 9), (Run(0, 50, 3), Run(3, 10, 3), Run(6, 90, 3)))
    assert marks_of(Span(0, 9), (page,)) == (Mark(1, 50, 3), Mark(1, 10, 3), Mark(1, 90, 3))


def test_letters_that_run_to_the_left_are_one_mark() -> None:
    page = Page(1, "1", Span(0, 4), tuple(Run(at, 9 - at, 1) for at in range(4)))
    assert marks_of(Span(1, 4), (page,)) == (Mark(1, 6, 3),)


def test_a_short_word_of_the_next_column_is_not_marked_along() -> None:
    """Two lines of two columns, drawn row by row: "left", "1", "down", "2"."""
    page = Page(1, "1", Span(0, 13), (Run(0, 0, 4), Run(5, 7, 4), Run(10, 5, 1), Run(12, 12, 1)))
    assert marks_of(Span(0, 9), (page,)) == (Mark(1, 0, 4), Mark(1, 7, 4))


@given(
    gaps=st.lists(st.integers(0, 12), min_size=1, max_size=6),
    bounds=st.tuples(st.integers(0, 30), st.integers(0, 30)).map(sorted),
)
def test_each_drawn_character_of_the_span_is_in_one_mark(
    gaps: list[int], bounds: list[int]
) -> None:
    runs, index = [], 0
    for number, gap in enumerate(gaps):
        runs.append(Run(start=6 * number, index=index + gap, length=5))
        index += gap + 5
    page = Page(1, "1", Span(0, 6 * len(gaps)), tuple(runs))
    span = Span(*bounds)
    wanted = {
        run.index + at - run.start
        for run in runs
        for at in range(run.start, run.start + run.length)
        if span.start <= at < span.end
    }
    marks = marks_of(span, (page,))
    marked = [at for mark in marks for at in range(mark.index, mark.index + mark.length)]
    assert wanted <= set(marked)
    assert len(marked) == len(set(marked))
    assert not marked or {marked[0], marked[-1]} <= wanted

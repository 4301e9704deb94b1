"""From a span of recognised text to boxes on the pages."""

from hypothesis import given
from hypothesis import strategies as st

from rag.marks import marks_of
from rag.types import Box, BoxMark, Page, ScannedLine, Span

# "Honey is\nsweet." on a page in a document, after two characters of something else.
SCAN = Page(
    2,
    "2",
    Span(2, 17),
    runs=(),
    lines=(
        ScannedLine(Span(2, 10), Box(100, 50, 180, 60), 0.9),
        ScannedLine(Span(11, 17), Box(100, 65, 160, 75), 0.8),
    ),
)


def test_a_line_is_marked_whole() -> None:
    assert marks_of(Span(11, 17), (SCAN,)) == (BoxMark(2, Box(100, 65, 160, 75), 0.8),)


def test_a_part_of_a_line_is_marked_in_proportion() -> None:
    assert marks_of(Span(2, 7), (SCAN,)) == (BoxMark(2, Box(100, 50, 150, 60), 0.9),)


def test_a_sentence_over_two_lines_has_two_boxes() -> None:
    first, second = marks_of(Span(8, 16), (SCAN,))
    assert (first, second) == (
        BoxMark(2, Box(160, 50, 180, 60), 0.9),
        BoxMark(2, Box(100, 65, 150, 75), 0.8),
    )


def test_a_line_that_runs_up_the_page_is_marked_whole() -> None:
    upright = ScannedLine(Span(0, 8), Box(100, 50, 110, 130), 1.0)
    page = Page(1, "1", Span(0, 8), runs=(), lines=(upright,))
    assert marks_of(Span(2, 4), (page,)) == (BoxMark(1, upright.box, 1.0),)


@given(bounds=st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted))
def test_the_boxes_of_a_span_are_as_wide_as_its_letters(bounds: list[int]) -> None:
    marks = marks_of(Span(*bounds), (SCAN,))
    letters = sum(
        line.span.start <= at < line.span.end for at in range(*bounds) for line in SCAN.lines
    )
    assert sum(mark.box.width for mark in marks if isinstance(mark, BoxMark)) == 10 * letters

"""Recognised lines become a text: columns, rows and paragraphs by their boxes alone."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rag.documents.ocr_layout import PictureLine, lay_out
from rag.types import Box


def line(
    text: str, left: float, top: float, *, width: float = 0, height: float = 20
) -> PictureLine:
    right = left + (width or 10 * len(text))
    return PictureLine(text, Box(left, top, right, top + height), 1.0)


def text_of(*lines: PictureLine) -> str:
    return lay_out(lines)[0]


def column(letter: str, left: float, tops: range) -> list[PictureLine]:
    return [
        line(f"{letter}{at} runs over the whole width", left, top) for at, top in enumerate(tops)
    ]


def test_two_columns_are_read_one_after_the_other() -> None:
    tops, later = range(100, 220, 30), range(112, 232, 30)
    lines = [*column("A", 0, tops), *column("B", 320, later), line("A title over both", 230, 20)]
    starts = [row.split()[0] for row in text_of(*lines).split("\n") if row]
    assert starts == ["A", "A0", "A1", "A2", "A3", "B0", "B1", "B2", "B3"]


def test_a_sentence_runs_on_into_the_next_column() -> None:
    left, right = column("A", 0, range(0, 90, 30)), column("b", 320, range(0, 90, 30))
    assert "width\nb0" in text_of(*left, *right)


def test_a_table_is_read_row_by_row() -> None:
    cells = [
        line(text, left, top)
        for top, row in enumerate(("Name Born", "Ada 1815", "Grace 1906"))
        for text, left, top in zip(row.split(), (0, 300), (40 * top, 40 * top + 3), strict=True)
    ]
    assert text_of(*cells) == "Name\tBorn\nAda\t1815\nGrace\t1906"


def test_a_wider_gap_ends_a_paragraph() -> None:
    tops = (0, 30, 60, 110, 140)
    rows = text_of(*(line(f"Row {top}", 0, top) for top in tops))
    assert rows == "Row 0\nRow 30\nRow 60\n\nRow 110\nRow 140"


def test_parts_of_one_line_are_parted_by_a_blank() -> None:
    assert text_of(line("7.", 0, 1), line("Honey", 40, 0)) == "7. Honey"


def test_no_lines_are_no_text() -> None:
    assert lay_out(()) == ("", ())


places = st.tuples(
    st.integers(0, 600), st.integers(0, 800), st.integers(1, 400), st.integers(5, 40)
)


@given(boxes=st.lists(places, max_size=25))
def test_each_line_stands_once_where_its_span_says(boxes: list[tuple[int, int, int, int]]) -> None:
    lines = [
        line(f"line {at}", left, top, width=width, height=height)
        for at, (left, top, width, height) in enumerate(boxes)
    ]
    text, placed = lay_out(lines)
    assert sorted(each.text for each, _ in placed) == sorted(each.text for each in lines)
    assert all(span.of(text) == each.text for each, span in placed)
    assert all(a.end < b.start for (_, a), (_, b) in pairwise(placed))

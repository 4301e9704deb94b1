"""Lines are read from top to bottom where the page leaves no doubt, else as the file has them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

from rag.documents.pdf import read
from rag.documents.pdf_lines import Line
from rag.documents.pdf_order import in_order


def line(text: str, y: float, *, x: float = 72, size: float = 10, angle: float = 0) -> Line:
    right = x + 5 * len(text)
    return Line(text, (), x=x, y=y, size=size, is_even=True, right=right, angle=angle)


def order_of(*lines: Line) -> str:
    return " ".join(each.text for each in in_order(lines))


def test_a_form_drawn_in_another_order_is_read_from_the_top() -> None:
    labels = line("Gender", 600), line("Nationality", 550), line("Name", 650), line("Birthday", 635)
    assert order_of(*labels) == "Name Birthday Gender Nationality"


def test_columns_keep_the_order_of_the_file() -> None:
    left = [line(word, 700 - 12 * at) for at, word in enumerate(["one", "two", "three"])]
    right = [line(word, 695 - 12 * at, x=300) for at, word in enumerate(["four", "five", "six"])]
    assert order_of(*left, *right) == "one two three four five six"


def test_a_stamp_at_the_margin_that_runs_up_moves_nothing() -> None:
    page = line("Title", 700), line("Text", 600), line("arXiv", 650, angle=1.57)
    assert order_of(*page) == "Title Text arXiv"


def test_a_paragraph_drawn_from_its_last_line_is_turned_over() -> None:
    table = line("Sales", 700), line("12.5", 700, x=300)
    paragraph = line("first line", 650), line("last line", 626), line("middle line", 638)
    assert order_of(*table, *paragraph) == "Sales 12.5 first line middle line last line"


def test_ticks_of_an_axis_are_no_paragraph() -> None:
    ticks = line("5", 600), line("10", 612), line("label", 600, x=200), line("15", 624)
    assert order_of(*ticks) == "5 10 label 15"


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=12))
def test_no_line_is_lost_or_doubled(places: list[tuple[int, int]]) -> None:
    lines = [line(f"line {n}", 12 * y, x=80 * x) for n, (x, y) in enumerate(places)]
    assert sorted(each.text for each in in_order(lines)) == sorted(each.text for each in lines)


def test_a_page_shown_on_its_side_is_read_line_by_line(tmp_path: Path) -> None:
    words = [f"Line {number} of this page goes on" for number in ("one", "two", "three", "four")]
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(400, 600))
    for at, text in enumerate(words):
        canvas.drawString(50, 500 - 14 * at, text)
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(buffer))
    writer.pages[0].rotate(90)
    writer.write(tmp_path / "side.pdf")
    assert read(tmp_path / "side.pdf").text.split("\n") == words

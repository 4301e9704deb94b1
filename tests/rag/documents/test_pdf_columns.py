"""Pages in columns, drawn in the wrong order: read as a person reads them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtPdf import QPdfDocument
from reportlab.pdfgen.canvas import Canvas

from rag.documents.pdf import read
from rag.marks import marks_of
from rag.types import Span

LEFT, RIGHT, THIRD = 60, 310, 460  # points
TOP, PITCH = 700, 14

WORDS = ["and", "the", "bees", "fly", "on", "over", "fields", "of", "clover", "to"]
LEFT_COLUMN = [f"{WORDS[at % 10]} left {at} goes on for a good while here" for at in range(14)]
RIGHT_COLUMN = [f"{WORDS[at % 10]} right {at} goes on for a good while too" for at in range(14)]


@pytest.fixture
def drawn(tmp_path: Path) -> Callable[[Callable[[Canvas], None]], Path]:
    """Draws a page."""

    def draw(on: Callable[[Canvas], None]) -> Path:
        path = tmp_path / "columns.pdf"
        canvas = Canvas(str(path))
        canvas.setFont("Helvetica", 10)
        on(canvas)
        canvas.save()
        return path

    return draw


Drawn = Callable[[Callable[[Canvas], None]], Path]


def row_by_row(canvas: Canvas) -> None:
    for at, (left, right) in enumerate(zip(LEFT_COLUMN, RIGHT_COLUMN, strict=True)):
        canvas.drawString(LEFT, TOP - PITCH * at, left)
        canvas.drawString(RIGHT, TOP - PITCH * at, right)


def column(canvas: Canvas, lines: list[str], x: float, *, top: float = TOP) -> None:
    for at, text in enumerate(lines):
        canvas.drawString(x, top - PITCH * at, text)


def right_column_first(canvas: Canvas) -> None:
    column(canvas, RIGHT_COLUMN, RIGHT)
    column(canvas, LEFT_COLUMN, LEFT)


def from_the_foot_up(canvas: Canvas) -> None:
    for at in reversed(range(14)):
        canvas.drawString(RIGHT, TOP - PITCH * at, RIGHT_COLUMN[at])
        canvas.drawString(LEFT, TOP - PITCH * at, LEFT_COLUMN[at])


@pytest.mark.parametrize("draw", [row_by_row, right_column_first, from_the_foot_up])
def test_columns_are_read_one_after_the_other(drawn: Drawn, draw: Callable[[Canvas], None]) -> None:
    assert read(drawn(draw)).text.split("\n") == LEFT_COLUMN + RIGHT_COLUMN


def test_what_is_marked_in_a_column_is_what_was_read(drawn: Drawn, qapp: object) -> None:
    path = drawn(row_by_row)
    document = read(path)
    file = QPdfDocument()
    file.load(str(path))
    words = f"{LEFT_COLUMN[3]}\n{LEFT_COLUMN[4]}"
    start = document.text.index(words)
    marks = marks_of(Span(start, start + len(words)), document.pages)
    selected = [file.getSelectionAtIndex(0, mark.index, mark.length).text() for mark in marks]
    assert selected == LEFT_COLUMN[3:5]


def test_a_line_across_both_columns_parts_what_is_above_from_what_is_below(drawn: Drawn) -> None:
    across = "A heading that runs across both of the columns of this page, from left to right"

    def draw(canvas: Canvas) -> None:
        row_by_row(canvas)
        canvas.drawString(LEFT, TOP - PITCH * 15, across)
        canvas.translate(0, -PITCH * 17)
        row_by_row(canvas)

    assert read(drawn(draw)).text.replace("\n\n", "\n").split("\n") == [
        *LEFT_COLUMN,
        *RIGHT_COLUMN,
        across,
        *LEFT_COLUMN,
        *RIGHT_COLUMN,
    ]


def test_three_columns_are_read_one_after_the_other(drawn: Drawn) -> None:
    columns = [
        [f"{WORDS[at % 10]} {name} {at} in its column" for at in range(14)]
        for name in ("first", "second", "third")
    ]

    def draw(canvas: Canvas) -> None:
        for at in range(14):
            for lines, x in zip(columns, (40, 220, 400), strict=True):
                canvas.drawString(x, TOP - PITCH * at, lines[at])

    assert read(drawn(draw)).text.split("\n") == [line for lines in columns for line in lines]


def test_a_page_in_one_column_is_read_from_the_top(drawn: Drawn) -> None:
    def draw(canvas: Canvas) -> None:
        column(canvas, LEFT_COLUMN, LEFT, top=400)
        column(canvas, RIGHT_COLUMN, LEFT, top=TOP)

    text = read(drawn(draw)).text
    assert text.index(RIGHT_COLUMN[0]) < text.index(LEFT_COLUMN[0])


def test_a_table_of_two_columns_is_read_row_by_row(drawn: Drawn) -> None:
    """Its cells begin with capitals: no line runs on from the one above."""

    def draw(canvas: Canvas) -> None:
        for at in range(12):
            canvas.drawString(LEFT, TOP - PITCH * at, f"Name of the risk with number {at} here")
            canvas.drawString(RIGHT, TOP - PITCH * at, f"What we do about risk {at} every day")

    first = read(drawn(draw)).text.split("\n")[0]
    assert first == "Name of the risk with number 0 here\tWhat we do about risk 0 every day"

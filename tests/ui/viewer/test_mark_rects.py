"""Marks lie over the very words that are cited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QObject, QRectF

from rag.types import Box, BoxMark, Mark
from ui.places import Place
from ui.viewer.mark_rects import first_of, join_lines
from ui.viewer.pdf_file import open_pdf

PAIRING = "Hold the PAIR key of the display for three seconds, until the antenna\r\nsign blinks."


def words_under(pdf: Path, page: int, box: QRectF) -> str:
    """What pypdfium2 reads inside a box that is given from the page's top left."""
    with pypdfium2.PdfDocument(pdf) as document:
        drawn = document[page - 1]
        height = drawn.get_height()
        return drawn.get_textpage().get_text_bounded(
            box.left() - 1, height - box.bottom() - 1, box.right() + 1, height - box.top() + 1
        )


def test_a_mark_covers_the_cited_words_line_by_line(
    qapp: object, manual: Path, place_of: Callable[[str, int], Place]
) -> None:
    (mark,) = place_of(PAIRING, 5).marks
    owner = QObject()
    document = open_pdf(str(manual), owner)
    rects = document.rects(mark)
    assert [words_under(manual, 5, rect).strip() for rect in rects] == PAIRING.split("\r\n")


@pytest.mark.parametrize("mark", [Mark(99, 0, 5), Mark(1, 10_000, 5), Mark(1, 0, 0)])
def test_a_mark_that_is_not_there_marks_nothing(qapp: object, manual: Path, mark: Mark) -> None:
    owner = QObject()
    assert open_pdf(str(manual), owner).rects(mark) == []


def test_boxes_of_one_line_are_joined_and_columns_are_not() -> None:
    line = [QRectF(0, 0, 5, 10), QRectF(6, 1, 5, 8)]
    columns = [QRectF(0, 14, 5, 10), QRectF(200, 14, 5, 10)]
    assert join_lines(line + columns) == [QRectF(0, 0, 11, 10), *columns]


def test_lines_that_run_up_the_page_stay_apart() -> None:
    sideways = [QRectF(0, 0, 10, 300), QRectF(12, 0, 10, 300)]
    assert join_lines(sideways) == sideways
    narrow_letters = [QRectF(0, 0, 2, 10), QRectF(2, 0, 2, 10)]
    assert join_lines(narrow_letters) == [QRectF(0, 0, 4, 10)]


def test_a_recognised_line_is_marked_where_its_box_stands(qapp: object, manual: Path) -> None:
    owner = QObject()
    document = open_pdf(str(manual), owner)
    box = Box(10, 20, 110, 32)
    assert document.rects(BoxMark(5, box, 0.9)) == [QRectF(10, 20, 100, 12)]
    assert document.rects(BoxMark(99, box, 0.9)) == []


def test_the_mark_that_is_read_first_leads() -> None:
    over_two_pages = (Mark(3, 5, 4), Mark(3, 0, 4), BoxMark(2, Box(0, 0, 9, 9), 1.0))
    assert first_of(over_two_pages) == over_two_pages[2]
    assert first_of(over_two_pages[:2]) == over_two_pages[0]
    assert first_of(()) is None

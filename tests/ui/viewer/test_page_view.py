"""The view of pages: what is drawn, marked and in view."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from rag.types import Box, BoxMark
from ui.places import Place
from ui.theme import Theme
from ui.viewer.page_view import PageView
from ui.viewer.pdf_file import PdfFile, open_pdf

RESET = "5.1 The rain gauge"


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> PageView:
    made = PageView(theme)
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    return made


@pytest.fixture
def pages(view: PageView, manual: Path) -> PdfFile:
    opened = open_pdf(str(manual), view)
    view.show_pages(opened)
    return opened


def drawn_colors(view: PageView) -> set[str]:
    image = view.viewport().grab().toImage()
    sample = range(0, image.width(), 3), range(0, image.height(), 3)
    return {QColor(image.pixel(x, y)).name() for x in sample[0] for y in sample[1]}


def test_pages_are_drawn_when_they_come_into_view(
    qtbot: QtBot, view: PageView, pages: PdfFile
) -> None:
    view.show_page(5)
    qtbot.waitUntil(lambda: len(drawn_colors(view)) > 10)  # text has come
    assert view.page == 5


def test_a_passage_is_marked_and_in_view(
    qtbot: QtBot, view: PageView, pages: PdfFile, place_of: Callable[[str, int], Place]
) -> None:
    view.show_marks(pages, place_of(RESET, 7).marks)
    (box,) = view.mark_boxes()
    assert view.viewport().rect().contains(box.toRect())
    assert view.page == 7
    edge = box.topLeft() + QPointF(1, 1)
    marked = QColor(view.viewport().grab().toImage().pixel(edge.toPoint()))
    assert marked.name() == "#ffe066"


def test_marks_that_overlap_are_not_darker_for_it(view: PageView, pages: PdfFile) -> None:
    view.show_marks(pages, [BoxMark(1, Box(10, 10, 60, y), 1.0) for y in (40, 50)])
    first, second = view.mark_boxes()
    shared = first.intersected(second).center().toPoint()
    assert QColor(view.viewport().grab().toImage().pixel(shared)).name() == "#ffe066"


def test_the_passage_stays_in_view_when_the_view_is_resized(
    view: PageView, pages: PdfFile, place_of: Callable[[str, int], Place]
) -> None:
    view.show_marks(pages, place_of(RESET, 7).marks)
    view.resize(300, 250)
    QApplication.processEvents()
    (box,) = view.mark_boxes()
    assert view.viewport().rect().contains(box.toRect())


def test_zoom_keeps_the_page_and_fit_width_undoes_it(view: PageView, pages: PdfFile) -> None:
    view.show_page(4)
    view.zoom_in()
    view.zoom_in()
    assert view.horizontalScrollBar().maximum() > 0
    assert view.page == 4
    view.fit_width()
    assert view.horizontalScrollBar().maximum() == 0
    assert view.page == 4


def test_the_wheel_zooms_with_control(view: PageView, pages: PdfFile) -> None:
    turn = QWheelEvent(
        QPointF(50, 50),
        QPointF(view.mapToGlobal(QPoint(50, 50))),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    view.wheelEvent(turn)
    assert view.horizontalScrollBar().maximum() > 0


def test_scrolling_tells_the_page(qtbot: QtBot, view: PageView, pages: PdfFile) -> None:
    with qtbot.waitSignal(view.page_changed) as changed:
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    assert changed.args == [9]


def test_a_view_without_a_document_is_quiet(view: PageView) -> None:
    view.zoom_in()
    view.fit_width()
    view.show_page(3)
    assert view.page == 0


def test_odd_pdfs_are_drawn(qtbot: QtBot, view: PageView, odd_pdf: Path) -> None:
    view.show_pages(open_pdf(str(odd_pdf), view))
    view.grab()
    assert view.page == 1

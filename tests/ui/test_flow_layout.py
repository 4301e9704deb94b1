"""Widgets that stand side by side and go on in the next line."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from ui.flow_layout import FlowLayout


@pytest.fixture
def row(qtbot: QtBot) -> QWidget:
    """Three widgets of 100 by 20 pixels, 10 apart."""
    made = QWidget()
    qtbot.addWidget(made)
    made.setLayout(FlowLayout(10))
    for _ in range(3):
        made.layout().addWidget(QPushButton(minimumWidth=0))
    for button in made.findChildren(QPushButton):
        button.setFixedSize(100, 20)
    made.show()
    return made


@pytest.mark.parametrize(
    ("width", "places"),
    [
        (320, [(0, 0), (110, 0), (220, 0)]),
        (319, [(0, 0), (110, 0), (0, 30)]),
        (90, [(0, 0), (0, 30), (0, 60)]),
    ],
)
def test_what_does_not_fit_goes_on_in_the_next_line(
    row: QWidget, width: int, places: list[tuple[int, int]]
) -> None:
    height = row.layout().heightForWidth(width)
    row.setFixedSize(width, height)
    row.layout().activate()
    assert height == places[-1][1] + 20
    assert [(each.x(), each.y()) for each in row.findChildren(QPushButton)] == places

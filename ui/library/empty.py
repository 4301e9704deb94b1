"""The library while there is nothing in it: says what belongs here, and offers a start."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ui.actions import Actions
from ui.style import set_look
from ui.tokens import LARGE, SMALL, WIDE


class EmptyLibrary(QWidget):
    """An invitation to drop files, with buttons for those who would rather click."""

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        set_look(self, "pane")
        title = QLabel("Drop PDFs and notes here", alignment=Qt.AlignmentFlag.AlignCenter)
        title.setWordWrap(True)
        set_look(title, "title")
        words = QLabel(
            "Files and whole folders: PDF, Office, web pages, notes. They stay where they are,"
            " and nothing leaves this computer.",
            wordWrap=True,
            alignment=Qt.AlignmentFlag.AlignCenter,
        )
        set_look(words, "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, WIDE, LARGE, WIDE)
        column.setSpacing(SMALL)
        column.addStretch(1)
        column.addWidget(title)
        column.addWidget(words)
        column.addSpacing(SMALL)
        column.addWidget(_button(actions.add_files, "primary"))
        column.addWidget(_button(actions.add_folder, ""))
        column.addWidget(_button(actions.add_samples, ""))
        column.addStretch(2)


def _button(action: QAction, look: str) -> QPushButton:
    button = QPushButton(action.text().replace("&", ""))
    set_look(button, look)
    button.clicked.connect(action.trigger)
    if not action.isVisible():
        button.hide()
    action.visibleChanged.connect(lambda: button.setVisible(action.isVisible()))
    return button

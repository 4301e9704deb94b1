"""Files dropped anywhere on the window: a veil that says what will happen, and their paths."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ui.style import set_look
from ui.tokens import WIDE


def dropped_paths(source: QMimeData) -> Sequence[str]:
    """The files and folders that are being dragged; links and the like are left out."""
    return [url.toLocalFile() for url in source.urls() if url.isLocalFile()]


class DropVeil(QFrame):
    """Lies over the window while files are dragged over it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        set_look(self, "drop")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        words = QLabel("Drop to add to the library", alignment=Qt.AlignmentFlag.AlignCenter)
        QVBoxLayout(self).addWidget(words)
        self.hide()

    def cover(self) -> None:
        """Show over the whole window."""
        inner = self._window.rect().adjusted(WIDE, WIDE, -WIDE, -WIDE)
        self.setGeometry(inner)
        self.raise_()
        self.show()

"""Files dropped anywhere on the window: a veil that says what will happen, and their paths."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ui.style import set_look
from ui.tokens import WIDE
from ui.wording import shortened


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
        self._words = QLabel(alignment=Qt.AlignmentFlag.AlignCenter, wordWrap=True)
        QVBoxLayout(self).addWidget(self._words)
        self.hide()

    def cover(self, collection: str = "") -> None:
        """Show over the whole window; what is dropped goes to this collection, if one is named."""
        where = f"“{shortened(collection, 40)}”" if collection else "the library"
        self._words.setText(f"Drop to add to {where}")
        inner = self._window.rect().adjusted(WIDE, WIDE, -WIDE, -WIDE)
        self.setGeometry(inner)
        self.raise_()
        self.show()

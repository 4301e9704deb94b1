"""Files dropped anywhere on the window: a veil that says what will happen, and their paths.

A file whose name ends as a model's does is a model, all else is for the library.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMimeData, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ui.style import set_look
from ui.tokens import WIDE
from ui.wording import shortened

_MODEL = ".gguf"


def dropped_paths(source: QMimeData) -> Sequence[str]:
    """The files and folders that are being dragged; links and the like are left out."""
    return [url.toLocalFile() for url in source.urls() if url.isLocalFile()]


def is_model(path: str) -> bool:
    """Whether a file is a language model, by its name."""
    return path.lower().endswith(_MODEL)


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

    def cover(self, collection: str = "", *, are_models: bool = False) -> None:
        """Show over the whole window; documents go to this collection, if one is named."""
        where = f"“{shortened(collection, 40)}”" if collection else "the library"
        self._words.setText("Drop to import the model" if are_models else f"Drop to add to {where}")
        inner = self._window.rect().adjusted(WIDE, WIDE, -WIDE, -WIDE)
        self.setGeometry(inner)
        self.raise_()
        self.show()

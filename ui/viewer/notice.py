"""What the viewer shows where there is no page to show: why, and the words that were cited."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.icons import program_pixmap
from ui.parts import selectable_label
from ui.style import set_look
from ui.tokens import MEDIUM, SMALL, WIDE


class Notice(QWidget):
    """A sentence and, where there is one, a quotation beneath it, and something to do."""

    acted = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_look(self, "surface")
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._sentence = selectable_label("muted")
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._action = QPushButton()
        set_look(self._action, "primary")
        self._action.clicked.connect(self.acted)
        self._quote = selectable_label("")
        self._frame = QFrame()
        set_look(self._frame, "quotation")
        QVBoxLayout(self._frame).addWidget(self._quote)
        column = QVBoxLayout(self)
        column.setContentsMargins(WIDE, WIDE, WIDE, WIDE)
        column.setSpacing(MEDIUM)
        column.addStretch(2)
        column.addWidget(self._picture)
        column.addWidget(self._sentence)
        column.addWidget(self._action, alignment=Qt.AlignmentFlag.AlignCenter)
        column.addSpacing(SMALL)
        column.addWidget(self._frame)
        column.addStretch(3)

    def say(
        self, sentence: str, quote: str = "", *, with_picture: bool = False, action: str = ""
    ) -> None:
        """Show a sentence, a quotation and a button, where there is one."""
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._picture.setVisible(with_picture)
        if with_picture and self._picture.pixmap().isNull():
            self._picture.setPixmap(program_pixmap(72))
        self._sentence.setText(sentence)
        self._quote.setText(quote)
        self._frame.setVisible(bool(quote))

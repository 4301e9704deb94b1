"""What a person must know of the model that answers, over the conversation: it stays readable.

Where questions go to another computer, that stands there for as long as it is so; all else can be
put away.
"""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from app.messages import Ready
from ui.parts import label, selectable_label
from ui.style import set_look
from ui.tokens import LARGE, SMALL, TIGHT


class ModelNotice(QFrame):
    """Hidden where there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        set_look(self, "notice")
        self._host = label("warn")
        self._words = selectable_label("")
        self._close = QPushButton("Got it")
        self._close.setAccessibleName("Put the notice on the model away")
        set_look(self._close, "link")
        self._close.clicked.connect(self._put_away)
        row = QHBoxLayout()
        row.setSpacing(SMALL)
        row.addWidget(self._words, 1)
        row.addWidget(self._close)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, SMALL, LARGE, SMALL)
        column.setSpacing(TIGHT)
        column.addWidget(self._host)
        column.addLayout(row)
        self._read = ""  # the notice that was put away: it does not come back by itself
        self.hide()

    @property
    def text(self) -> str:
        """What it says."""
        parts = (self._host, self._words)
        return " ".join(part.text() for part in parts if part.text())

    def show_ready(self, ready: Ready) -> None:
        """Say what is told of the model that answers from now on."""
        if ready.host and ready.host in ready.notice:
            self._show(ready.notice, "")  # it says where questions go, in its own words
            return
        where = f"Your questions, and what is found for them, go to {ready.host}."
        self._show(where if ready.host else "", "" if ready.notice == self._read else ready.notice)

    def _put_away(self) -> None:
        self._read = self._words.text()
        self._show(self._host.text(), "")

    def _show(self, where: str, words: str) -> None:
        self._host.setText(where)
        self._words.setText(words)
        self._host.setVisible(bool(where))
        for part in (self._words, self._close):
            part.setVisible(bool(words))
        self.setVisible(bool(where or words))

"""One short notice with one thing to do about it; it goes away by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from ui.style import set_look
from ui.tokens import MEDIUM, SMALL

_LINGER_MS = 12_000


class Toast(QFrame):
    """Hidden until it has something to say."""

    def __init__(self) -> None:
        super().__init__()
        set_look(self, "toast")
        self._words = QLabel(wordWrap=True)
        self._action = QPushButton()
        set_look(self._action, "link")
        self._action.clicked.connect(self._act)
        row = QHBoxLayout(self)
        row.setContentsMargins(MEDIUM, SMALL, SMALL, SMALL)
        row.addWidget(self._words, 1)
        row.addWidget(self._action)
        self._on_action: Callable[[], None] | None = None
        self._hide_later = QTimer(self, singleShot=True, interval=_LINGER_MS)
        self._hide_later.timeout.connect(self.hide)
        self.hide()

    def say(
        self, words: str, action: str = "", on_action: Callable[[], None] | None = None
    ) -> None:
        """Show `words`, and a button where there is something to do."""
        self._words.setText(words)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self._on_action = on_action
        self.show()
        self._hide_later.start()

    def _act(self) -> None:
        self.hide()
        if self._on_action is not None:
            self._on_action()

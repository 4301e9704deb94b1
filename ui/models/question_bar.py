"""A question that is asked in place, with a button for each answer; it blocks nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from ui.parts import label
from ui.style import set_look
from ui.tokens import MEDIUM, SMALL


class QuestionBar(QFrame):
    """Hidden until something is asked; Escape is the answer that changes nothing."""

    def __init__(self) -> None:
        super().__init__()
        set_look(self, "toast")
        self._words = label("")
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(SMALL)
        column = QVBoxLayout(self)
        column.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        column.setSpacing(SMALL)
        column.addWidget(self._words)
        column.addLayout(self._buttons)
        self.hide()

    def ask(
        self, question: str, answers: Mapping[str, Callable[[], None]], *, refusal: str
    ) -> None:
        """Ask, with a button for each answer and one, last, that changes nothing."""
        self._clear()
        self._words.setText(question)
        made = [self._add(word, act) for word, act in answers.items()]
        self._add(refusal, lambda: None)
        self._buttons.addStretch(1)
        self.show()
        made[0].setFocus()

    def _add(self, word: str, act: Callable[[], None]) -> QPushButton:
        button = QPushButton(word)
        button.setAutoDefault(False)
        button.setAccessibleName(f"{word}: {self._words.text()}")
        button.clicked.connect(lambda: self._answer(act))
        self._buttons.addWidget(button)
        return button

    def _answer(self, act: Callable[[], None]) -> None:
        self.hide()
        act()

    def _clear(self) -> None:
        while (item := self._buttons.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()  # it is deleted only when nothing else is to do
                widget.deleteLater()

    # --- Qt's events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

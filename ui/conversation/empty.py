"""The conversation before the first question: what can be asked, and some questions to try."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from ui.style import set_look
from ui.tokens import MEDIUM, SMALL, WIDE


class EmptyConversation(QWidget):
    """An invitation to ask."""

    question_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        title = QLabel("Ask your documents", alignment=Qt.AlignmentFlag.AlignCenter)
        set_look(title, "headline")
        self._words = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        set_look(self._words, "muted")
        self._try = QLabel("Try one of these", alignment=Qt.AlignmentFlag.AlignCenter)
        set_look(self._try, "caption")
        self._questions = QVBoxLayout()
        self._questions.setSpacing(SMALL)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, WIDE, 0, WIDE)
        column.setSpacing(MEDIUM)
        column.addStretch(1)
        column.addWidget(title)
        column.addWidget(self._words)
        column.addSpacing(SMALL)
        column.addWidget(self._try)
        column.addLayout(self._questions)
        column.addStretch(2)
        self.show_library(has_documents=True)  # until it is known
        self.suggest(())

    def show_library(self, *, has_documents: bool) -> None:
        """Say what the next step is."""
        self._words.setText(
            "Each sentence of an answer shows where it stands: click its number to see the page."
            if has_documents
            else "Add a document first: drop it anywhere on this window."
        )

    def add_invitation(self, invitation: QWidget) -> None:
        """Give a place beneath the words to an offer, which shows itself when it has one."""
        self._column.insertWidget(self._column.count() - 1, invitation)

    def suggest(self, questions: Sequence[str]) -> None:
        """Offer these questions instead of those before."""
        while (item := self._questions.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for question in questions:
            button = QPushButton(question.replace("&", "&&"))
            set_look(button, "entry")
            button.clicked.connect(
                lambda _=False, chosen=question: self.question_chosen.emit(chosen)
            )
            self._questions.addWidget(button)
        self._try.setVisible(bool(questions))

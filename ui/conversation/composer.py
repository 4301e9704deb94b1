"""Where the person writes a question, and chooses whether the documents or the model answers."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
)

from rag.types import Mode
from ui.actions import Actions
from ui.parts import tool_button
from ui.style import set_look
from ui.tokens import MEDIUM, SMALL, TIGHT
from ui.wording import shortened

_MOST_LINES = 8
_LONGEST_NAME = 28  # characters of a collection's name beside the modes


class QuestionBox(QPlainTextEdit):
    """Enter sends, Shift+Enter starts a new line; grows with what is written."""

    submitted = Signal()
    focus_changed = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Your question")
        self.setTabChangesFocus(True)
        self.setPlaceholderText("Ask your documents…")
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.submitted.emit()
        else:
            super().keyPressEvent(event)

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Files that are dropped here go to the library, as anywhere on the window."""
        return not source.hasUrls() and super().canInsertFromMimeData(source)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit(False)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        lines = min(max(1, round(self.document().size().height())), _MOST_LINES)
        margin = 2 * round(self.document().documentMargin())
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + margin + 2)


class Composer(QFrame):
    """The question box with the mode's choice and the button that sends or stops."""

    sent = Signal(str, object)  # the question and its Mode
    scope_cleared = Signal()  # not in this collection any more, but in all of the library

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        set_look(self, "composer")
        self.box = QuestionBox()
        self._actions = actions
        self._modes = QButtonGroup(self)
        self._documents = self._segment("Documents", "Answer from the documents alone")
        self._assistant = self._segment("Assistant", "Answer from the model alone")
        self._documents.setChecked(True)
        self._collection = ""
        self._scope = self._make_scope()
        self._send, self._stop = tool_button(actions.ask), tool_button(actions.stop)
        row = QHBoxLayout()
        row.setSpacing(TIGHT)
        row.addWidget(self._documents)
        row.addWidget(self._assistant)
        row.addStretch(1)
        for button in (self._send, self._stop):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(MEDIUM, SMALL, SMALL, SMALL)
        column.setSpacing(TIGHT)
        column.addWidget(self._scope, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.box)
        column.addLayout(row)
        self._connect()
        self.show_answering(False)

    @property
    def mode(self) -> Mode:
        """The mode that is chosen."""
        return Mode.ASSISTANT if self._assistant.isChecked() else Mode.DOCUMENTS

    @property
    def collection(self) -> str:
        """The collection that is asked; empty for all of the library."""
        return self._collection

    def show_collection(self, name: str) -> None:
        """From now on ask within this collection, and say so."""
        self._collection = name
        self._scope.setText(f"in {shortened(name, _LONGEST_NAME)}  ✕")
        self._scope.setToolTip(f"Asked within “{name}” alone. Click to ask all documents.")
        self._scope.setAccessibleName(f"Asked within {name}; ask all documents instead")
        self._show_mode()

    def show_answering(self, is_answering: bool) -> None:
        """Offer Stop while an answer comes, else Send. One can always write."""
        self._is_answering = is_answering
        self._actions.stop.setEnabled(is_answering)
        self._stop.setVisible(is_answering)
        self._send.setVisible(not is_answering)
        self._offer_to_send()

    def submit(self) -> None:
        """Send what is written, unless there is nothing or an answer is still coming."""
        question = self.box.toPlainText().strip()
        if question and not self._is_answering:
            self.box.clear()
            self.sent.emit(question, self.mode)

    def _segment(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setCheckable(True)
        button.setObjectName(text.lower())
        button.setAccessibleName(tip)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        set_look(button, "segment")
        self._modes.addButton(button)
        return button

    def _make_scope(self) -> QToolButton:
        button = QToolButton()
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.hide()
        button.clicked.connect(self.scope_cleared)
        set_look(button, "chip")
        return button

    def _connect(self) -> None:
        self.box.submitted.connect(self.submit)
        self.box.textChanged.connect(self._offer_to_send)
        self.box.focus_changed.connect(self._show_focus)
        self._actions.ask.triggered.connect(self.submit)
        self._actions.focus_question.triggered.connect(self.box.setFocus)
        self._modes.buttonToggled.connect(self._show_mode)

    def _offer_to_send(self) -> None:
        is_written = bool(self.box.toPlainText().strip())
        self._actions.ask.setEnabled(is_written and not self._is_answering)

    def _show_mode(self) -> None:
        asks_documents = self.mode is Mode.DOCUMENTS
        whom = f"“{shortened(self._collection, 40)}”" if self._collection else "your documents"
        self.box.setPlaceholderText(f"Ask {whom}…" if asks_documents else "Ask the model…")
        self._scope.setVisible(asks_documents and bool(self._collection))

    def _show_focus(self, has_focus: bool) -> None:
        self.setProperty("focused", has_focus)
        set_look(self, "composer")

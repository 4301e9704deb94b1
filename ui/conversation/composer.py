"""Where the person writes a question, and chooses who answers it, the documents, a part of them or
the model, and how thoroughly.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPlainTextEdit,
    QToolButton,
    QVBoxLayout,
)

from rag.types import EVERYWHERE, Mode, Scope
from ui.actions import Actions
from ui.conversation.filter_popup import FilterPopup
from ui.conversation.scope_chips import ScopeChips
from ui.conversation.scope_choice import ScopeChoice
from ui.conversation.scope_words import place_in_words
from ui.parts import tool_button
from ui.style import set_look
from ui.tokens import MEDIUM, SMALL, TIGHT
from ui.wording import about

_MOST_LINES = 8
_NATIVE = QKeySequence.SequenceFormat.NativeText
_THOROUGH = "Read about three times as much of the documents for each answer, which takes longer"


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
    changed = Signal()  # what is written, or what is chosen for it

    def __init__(self, actions: Actions, scope: ScopeChoice) -> None:
        super().__init__()
        set_look(self, "composer")
        self.box = QuestionBox()
        self._actions = actions
        self._modes = QButtonGroup(self)
        self._documents = self._segment("Documents", "Answer from the documents alone")
        self._assistant = self._segment("Assistant", "Answer from the model alone")
        self._documents.setChecked(True)
        self._scope = scope
        self._chips = ScopeChips(scope)
        self._filter = tool_button(actions.filter)
        self.thorough = tool_button(actions.thorough)
        set_look(self.thorough, "segment")
        self.show_speed(0.0, 0.0)
        self._send, self._stop = tool_button(actions.ask), tool_button(actions.stop)
        row = QHBoxLayout()
        row.setSpacing(TIGHT)
        row.addWidget(self._documents)
        row.addWidget(self._assistant)
        row.addWidget(self._filter)
        row.addWidget(self.thorough)
        row.addStretch(1)
        for button in (self._send, self._stop):
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(MEDIUM, SMALL, SMALL, SMALL)
        column.setSpacing(TIGHT)
        column.addWidget(self._chips)
        column.addWidget(self.box)
        column.addLayout(row)
        self._connect()
        self._show_mode()
        self.show_answering(False)

    @property
    def mode(self) -> Mode:
        """The mode that is chosen."""
        return Mode.ASSISTANT if self._assistant.isChecked() else Mode.DOCUMENTS

    @property
    def scope(self) -> Scope:
        """The part of the library that is asked; all of it where the model alone answers."""
        return self._scope.scope if self.mode is Mode.DOCUMENTS else EVERYWHERE

    @property
    def is_thorough(self) -> bool:
        """Whether more of the documents is to be read, and longer."""
        return self._actions.thorough.isChecked()

    def show_speed(self, quick_s: float, thorough_s: float) -> None:
        """Say in seconds what thorough answers cost, as far as that is known."""
        action, cost = self._actions.thorough, _THOROUGH
        if quick_s and thorough_s:
            cost = (
                "Read more of the documents for each answer: it then begins after "
                f"{about(thorough_s)}, and otherwise after {about(quick_s)}"
            )
        action.setToolTip(f"{cost} ({action.shortcut().toString(_NATIVE)})")

    def ask_documents(self) -> None:
        """Choose that the documents answer, and let the person write."""
        self._documents.setChecked(True)
        self.box.setFocus()

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

    def _connect(self) -> None:
        self.box.submitted.connect(self.submit)
        self.box.textChanged.connect(self._offer_to_send)
        self.box.focus_changed.connect(self._show_focus)
        self._actions.ask.triggered.connect(self.submit)
        self._actions.filter.triggered.connect(self._open_filter)
        self._actions.focus_question.triggered.connect(self.box.setFocus)
        self._modes.buttonToggled.connect(self._show_mode)
        self._scope.changed.connect(self._show_mode)
        self._chips.dropped.connect(self.box.setFocus)
        for change in (
            self.box.textChanged,
            self._modes.buttonToggled,
            self._scope.changed,
            self._actions.thorough.toggled,
        ):
            change.connect(self.changed)

    def _offer_to_send(self) -> None:
        is_written = bool(self.box.toPlainText().strip())
        self._actions.ask.setEnabled(is_written and not self._is_answering)

    def _show_mode(self) -> None:
        asks_documents = self.mode is Mode.DOCUMENTS
        whom = place_in_words(self._scope.scope, self._scope.titles)
        self.box.setPlaceholderText(f"Ask {whom}…" if asks_documents else "Ask the model…")
        self._chips.setVisible(asks_documents and self._scope.scope != EVERYWHERE)
        self._actions.filter.setEnabled(asks_documents)
        self._actions.thorough.setEnabled(asks_documents)

    def _open_filter(self) -> None:
        FilterPopup(self._scope, self).open_above(self)

    def _show_focus(self, has_focus: bool) -> None:
        self.setProperty("focused", has_focus)
        set_look(self, "composer")

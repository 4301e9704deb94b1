"""The conversation pane: the exchanges so far, and the box for the next question."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QScrollBar,
    QVBoxLayout,
    QWidget,
)

from app.messages import Ready
from rag.types import EVERYWHERE, Answer, Mode, Scope
from ui.actions import Actions
from ui.conversation.anticipation import Anticipation
from ui.conversation.asking import Asking
from ui.conversation.composer import Composer
from ui.conversation.context_meter import ContextMeter
from ui.conversation.empty import EmptyConversation
from ui.conversation.exchange import ExchangeView
from ui.conversation.scope_choice import ScopeChoice
from ui.conversation.scope_words import scope_line
from ui.link import EngineLink
from ui.models.notice import ModelNotice
from ui.parts import header
from ui.style import set_look
from ui.theme import Theme
from ui.tokens import COLUMN, LARGE, SMALL, WIDE

_AT_END = 24  # pixels from the end that still count as reading the end


class ConversationPane(QWidget):
    """Asks what the person writes and shows what comes."""

    place_opened = Signal(object)  # Place

    def __init__(self, link: EngineLink, actions: Actions, theme: Theme) -> None:
        super().__init__()
        set_look(self, "surface")
        self._link = link
        self._theme = theme
        self._asking = Asking(link, self)
        self._exchanges: list[ExchangeView] = []
        self.empty = EmptyConversation()
        self.scope = ScopeChoice(self)
        self.composer = Composer(actions, self.scope)
        self._anticipation = Anticipation(link, self.composer, self._asking)
        self.notice = ModelNotice()
        self.meter = ContextMeter()
        self._column = QVBoxLayout()
        self._scroll = self._make_scroll()
        self._follows_end = True
        self._lay_out(actions)
        self._connect(actions)

    def _make_scroll(self) -> QScrollArea:
        content = QWidget()
        set_look(content, "surface")
        middle = QWidget(maximumWidth=COLUMN)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(WIDE)
        self._column.addWidget(self.empty, 1)
        self._column.addStretch(0)
        middle.setLayout(self._column)
        row = QHBoxLayout(content)
        row.setContentsMargins(WIDE, LARGE, WIDE, SMALL)
        row.addWidget(middle)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        set_look(scroll, "surface")
        scroll.setWidget(content)
        return scroll

    def _lay_out(self, actions: Actions) -> None:
        foot = QHBoxLayout()
        foot.setContentsMargins(LARGE, SMALL, LARGE, LARGE)
        self.composer.setMaximumWidth(COLUMN + 2 * SMALL)
        foot.addWidget(self.composer)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        title = QLabel("Conversation")
        set_look(title, "title")
        column.addWidget(header((title, self.meter), (actions.new_conversation,)))
        column.addWidget(self.notice)
        column.addWidget(self._scroll, 1)
        column.addLayout(foot)

    def _connect(self, actions: Actions) -> None:
        self.composer.sent.connect(self.ask)
        self.empty.question_chosen.connect(lambda question: self.ask(question, self.composer.mode))
        self._asking.answering_changed.connect(self.composer.show_answering)
        actions.stop.triggered.connect(self._asking.stop)
        actions.new_conversation.triggered.connect(self.start_anew)
        bar = self._scroll.verticalScrollBar()
        bar.rangeChanged.connect(self._stay_at_end)
        bar.valueChanged.connect(self._note_place)
        self._link.loading.connect(self._show_loading)
        self._link.ready.connect(self._show_ready)

    @property
    def scroll_bar(self) -> QScrollBar:
        """The conversation's own scroll bar."""
        return self._scroll.verticalScrollBar()

    @property
    def exchanges(self) -> Sequence[ExchangeView]:
        """The questions and answers of this conversation, oldest first."""
        return self._exchanges

    def ask_about(self, documents: Sequence[str]) -> None:
        """Keep the next question to these documents, and let the person write it."""
        self.scope.choose_documents(documents)
        self.composer.ask_documents()

    def ask(self, question: str, mode: Mode) -> None:
        """Put a question to what is chosen, and show its answer as it comes."""
        self._ask_within(self.scope.scope if mode is Mode.DOCUMENTS else EVERYWHERE, question, mode)

    def _ask_within(self, scope: Scope, question: str, mode: Mode) -> None:
        if self._asking.is_answering:
            return
        model = self._link.model
        exchange = ExchangeView(
            question,
            mode,
            self._theme,
            is_demonstration=model is None or model.is_demonstration,
            asked_only=scope_line(scope, self.scope.titles),
        )
        exchange.all_asked.connect(lambda: self._ask_within(EVERYWHERE, question, mode))
        exchange.place_opened.connect(self.place_opened)
        exchange.answered.connect(self._show_context)
        self.empty.hide()
        self._column.insertWidget(self._column.count() - 1, exchange)
        self._exchanges.append(exchange)
        self._follows_end = True
        self.composer.box.setFocus()
        self._asking.ask(
            question,
            mode,
            exchange.receive,
            scope=scope,
            is_thorough=self.composer.is_thorough and mode is Mode.DOCUMENTS,
        )
        if model is None:
            exchange.show_waiting("The engine is still starting; the question waits for it…")

    def start_anew(self) -> None:
        """Begin a new conversation."""
        self._asking.forget()
        for exchange in self._exchanges:
            self._column.removeWidget(exchange)
            exchange.deleteLater()
        self._exchanges.clear()
        self.empty.show()
        self.meter.hide()
        self.composer.box.setFocus()

    def _show_loading(self, what: str) -> None:
        if self._asking.is_answering and self._exchanges:
            self._exchanges[-1].show_waiting(f"Loading {what}; the question waits for it…")

    def _show_ready(self, ready: Ready) -> None:
        self.notice.show_ready(ready)
        self.composer.show_speed(ready.quick_s, ready.thorough_s)
        if self._asking.is_answering and self._exchanges:
            self._exchanges[-1].show_waiting("")

    def _show_context(self, answer: Answer) -> None:
        model = self._link.model
        self.meter.show_use(answer.tokens, model.context_tokens if model else 0)

    def _stay_at_end(self, _least: int, most: int) -> None:
        if self._follows_end:
            self._scroll.verticalScrollBar().setValue(most)

    def _note_place(self, value: int) -> None:
        self._follows_end = value >= self._scroll.verticalScrollBar().maximum() - _AT_END

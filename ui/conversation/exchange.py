"""One question and its answer on the screen, from the first passage found to the checked text.

Takes the events of one request; sends none.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from app.messages import (
    Answered,
    Done,
    EngineLost,
    Event,
    Failed,
    Found,
    Quoted,
    WasStopped,
    Words,
)
from rag.types import Answer, Mode, Quotation
from ui.conversation.blocks import Block, FailureBlock, Fold, NearestPassages
from ui.conversation.speed_words import how_fast
from ui.conversation.word_stream import WordStream
from ui.parts import label, selectable_label
from ui.theme import Theme
from ui.tokens import MEDIUM, SMALL
from ui.wording import counted

_STARTER_CAPTION = "In the starter model's words: often wrong, for demonstration"

_SILENT = "The model has ended its answer without a word. Ask in other words, or use another model."


class ExchangeView(QWidget):
    """Shows what is known of one answer so far."""

    place_opened = Signal(object)  # Place
    answered = Signal(object)  # Answer
    all_asked = Signal()  # the same question is to be put to the whole library

    def __init__(
        self,
        question: str,
        mode: Mode,
        theme: Theme,
        *,
        is_demonstration: bool,
        asked_only: str = "",
    ) -> None:
        """`asked_only` says which part of the library was asked; empty for all of it."""
        super().__init__()
        self._mode = mode
        self._question = self._make_question(question)
        self._scope = label("fine", asked_only)
        self._ask_all = QPushButton("Ask the whole library")
        self._progress = label("muted")
        self._answer = Block(theme, look="answer", caption="")
        self._quotation = Block(theme, look="quotation", caption="From your documents")
        self._starter = Block(theme, look="demonstration", caption=_STARTER_CAPTION)
        self._nearest = NearestPassages()
        self._failure = FailureBlock()
        self._notes = label("muted")
        self._footer = label("fine")
        self._stream = WordStream(self)
        self._streamed = self._starter if is_demonstration else self._answer
        self._lay_out()
        for block in (self._answer, self._quotation, self._starter, self._nearest):
            block.place_opened.connect(self.place_opened)
        self._stream.changed.connect(self._show_words)
        self.show_progress("Searching your documents…" if mode is Mode.DOCUMENTS else "Thinking…")

    def _make_question(self, question: str) -> QLabel:
        words = selectable_label("question", question)
        words.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        words.setAccessibleName("Question")
        return words

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, MEDIUM)
        self._column.setSpacing(SMALL + 2)
        for part in (
            self._question,
            self._scope,
            self._quotation,
            self._answer,
            self._starter,
            self._progress,
            self._notes,
            self._ask_all,
            self._nearest,
            self._failure,
            self._footer,
        ):
            self._column.addWidget(part)
        self._column.setAlignment(self._ask_all, Qt.AlignmentFlag.AlignLeft)
        self._scope.setVisible(bool(self._scope.text()))
        self._ask_all.hide()
        self._ask_all.clicked.connect(self.all_asked)
        self._notes.hide()
        self._footer.hide()

    def receive(self, event: Event) -> None:
        """Show what an event of this request tells."""
        match event:
            case Found():
                self.show_progress("Reading what was found…")
            case Quoted():
                self._show_quotation(event.quotation)
            case Words():
                self._progress.hide()
                self._stream.add(event.text)
            case Answered():
                self._show_answer(event.answer)
            case Done():
                self._end("")
            case WasStopped():
                self._end("Stopped.")
            case Failed() | EngineLost():
                self._end("")
                self._failure.say(event.what, event.remedy)

    def show_progress(self, words: str) -> None:
        """Say what is going on until there is something to read."""
        self._step = words
        self._progress.setText(words)
        self._progress.show()

    def show_waiting(self, words: str) -> None:
        """Say what the answer waits for, if anything; nothing to say goes back to what went on."""
        self._progress.setText(words or self._step)

    def _show_quotation(self, quotation: Quotation) -> None:
        if quotation.text:
            self._quotation.words.show_plain(quotation.text, quotation.citations)
            self._quotation.show()
            self.show_progress("Writing an answer…")

    def _show_words(self, text: str) -> None:
        self._streamed.words.show_markdown(text)
        self._streamed.show()

    def _show_answer(self, answer: Answer) -> None:
        self._stream.drop()
        self._progress.hide()
        if answer.is_abstention:
            self._show_abstention(answer)
        elif answer.words or not answer.model:
            self._show_quoted_answer(answer)
        else:
            self._show_model_answer(answer)
        self._notes.setText("\n".join(answer.notes))
        self._notes.setVisible(bool(answer.notes))
        self._show_footer(answer)
        self.answered.emit(answer)

    def _show_quoted_answer(self, answer: Answer) -> None:
        """The quotation leads; the words of a model that only demonstrates stand apart."""
        self._quotation.words.show_plain(answer.text, answer.citations)
        self._quotation.show()
        self._answer.hide()
        self._starter.words.show_markdown(answer.words)
        self._starter.setVisible(bool(answer.words))

    def _show_model_answer(self, answer: Answer) -> None:
        """The model's checked answer leads; what was quoted folds away beneath it."""
        self._answer.words.show_markdown(answer.text or _SILENT, answer.citations, answer.claims)
        self._answer.show()
        self._starter.hide()
        if self._quotation.isVisibleTo(self):
            self._quotation.caption.hide()  # the fold says it
            self._column.removeWidget(self._quotation)
            place = self._column.indexOf(self._answer) + 1
            self._column.insertWidget(place, Fold("Quoted from your documents", self._quotation))
            self._column.insertWidget(place + 1, self._quotation)

    def _show_abstention(self, answer: Answer) -> None:
        self._quotation.hide()
        self._starter.hide()
        words = answer.text or "Your documents do not seem to answer this."
        is_part = bool(self._scope.text())
        where = "this part of your documents" if is_part else "your documents"
        self._answer.caption.setText(f"Not in {where}")
        self._answer.caption.show()
        self._answer.words.show_markdown(words, answer.citations)
        self._answer.show()
        self._ask_all.setVisible(is_part)
        self._nearest.show_passages(answer.passages)

    def _show_footer(self, answer: Answer) -> None:
        doubtful = sum(not claim.is_supported for claim in answer.claims)
        is_checked = self._mode is Mode.DOCUMENTS and bool(answer.model) and not answer.words
        parts = [
            answer.model,
            f"{answer.timings.total:.1f} s" if answer.timings.total else "",
            f"{counted(doubtful, 'sentence')} not verified (dotted)"
            if doubtful and is_checked and not answer.is_abstention
            else "",
        ]
        self._footer.setText(" · ".join(filter(None, parts)))
        self._footer.setVisible(bool(self._footer.text()))
        self._footer.setToolTip(how_fast(answer))
        self._footer.setAccessibleDescription(self._footer.toolTip())

    def _end(self, words: str) -> None:
        self._stream.finish()
        self._progress.setText(words)
        self._progress.setVisible(bool(words))

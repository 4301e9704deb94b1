"""`deskbook ask QUESTION`: the cited answer as it comes, then its sources."""

from __future__ import annotations

import argparse
import textwrap

from app.commands.asking import ScopedQuestion, add_question_arguments, for_each_question
from app.commands.invocation import Invocation
from app.commands.terminal import Terminal
from app.engine import Engine
from app.lines import answer_line
from app.messages import Answered, Ask, Event, Quoted, Words
from app.performing import perform
from rag.generation.server_address import notice_of
from rag.scheduler import Work
from rag.types import EVERYWHERE, Answer, Citation, FoundPassage, Mode, PageRef

EXAMPLE = 'deskbook ask "How often must the filter be rinsed?"'
DEMONSTRATION = "In the words of {}, a small model for demonstration, often wrong:"
ASK_ALL = (
    "Only a part of the library was asked: leave out what keeps to it (see `deskbook ask --help`) "
    "to ask all of it."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `ask`."""
    add_question_arguments(parser)
    parser.add_argument(
        "--mode",
        choices=[mode.value for mode in Mode],
        default=Mode.DOCUMENTS.value,
        help="answer from the documents alone, or from the model alone",
    )
    parser.add_argument(
        "--thorough",
        action="store_true",
        help="read about three times as much of the documents, and take longer",
    )


def run(invocation: Invocation) -> int:
    """Answer each question; 1 if one of them failed."""
    if elsewhere := notice_of(invocation.settings.server.address):
        invocation.terminal.complain(elsewhere)
    return for_each_question(invocation, _ask)


def _ask(invocation: Invocation, engine: Engine, work: Work, question: ScopedQuestion) -> None:
    mode = Mode(invocation.arguments.mode)
    is_thorough = invocation.arguments.thorough or engine.settings.answers.is_thorough
    request = Ask(1, question.text, mode, question.scope, history=(), is_thorough=is_thorough)
    terminal = invocation.terminal
    if terminal.is_json:

        def show(event: Event) -> None:
            if isinstance(event, Answered) and not event.answer.was_stopped:
                terminal.line(answer_line(question.id, question.text, event.answer))

        perform(engine, request, show, work)
    else:
        model = engine.answering.model
        if (notice := engine.language_models.notice) and not engine.settings.server.address:
            terminal.complain(notice)
        is_demonstration = engine.answering.is_demonstration
        label = DEMONSTRATION.format(model.name) if model and is_demonstration else ""
        printed = _Printed(terminal, label, is_part=question.scope != EVERYWHERE)
        try:
            perform(engine, request, printed.show, work)
        finally:
            printed.end_line()


class _Printed:
    """An answer on the terminal, from its first quoted sentence to its sources."""

    def __init__(self, terminal: Terminal, label: str, *, is_part: bool) -> None:
        self._terminal = terminal
        self._label = label  # over the words of a model that only demonstrates
        self._is_part = is_part  # of the library, that was asked
        self._is_quoted = False
        self._has_words = False
        self._is_in_line = False

    def show(self, event: Event) -> None:
        """Print what an event brings."""
        match event:
            case Quoted() if self._label:
                self._terminal.result(event.quotation.text)
                self._is_quoted = True
            case Words():
                if self._label and not self._has_words:
                    self._terminal.result(f"\n{self._label}" if self._is_quoted else self._label)
                self._has_words = self._is_in_line = True
                self._terminal.words(event.text)
            case Answered() if not event.answer.was_stopped:
                self._finish(event.answer)

    def end_line(self) -> None:
        """Nothing more is said on the line of the words, be it the end or a stop."""
        if self._is_in_line:
            self._terminal.result("")
            self._is_in_line = False

    def _finish(self, answer: Answer) -> None:
        self.end_line()
        if not (self._has_words or self._is_quoted):
            self._terminal.result(answer.text)
        if answer.citations:
            self._terminal.result("\nSources:")
        for citation in answer.citations:
            self._terminal.result(_source(citation))
        for note in answer.notes:
            self._terminal.result(f"\n{note}")
        if answer.is_abstention and answer.passages:
            self._terminal.result("\nThe nearest passages:")
            for found in answer.passages[:3]:
                self._terminal.result(_nearest(found))
        if answer.is_abstention and self._is_part:
            self._terminal.say(ASK_ALL)


def _source(citation: Citation) -> str:
    place = _place(citation.title, citation.heading_path, citation.pages)
    quote = textwrap.shorten(citation.quote, 200, placeholder=" …")
    return f'[{citation.n}] {place}\n    {citation.path}\n    "{quote}"'


def _nearest(found: FoundPassage) -> str:
    place = _place(found.title, found.passage.heading_path, found.passage.pages)
    return f"  - {place}\n    {textwrap.shorten(found.passage.text, 200, placeholder=' …')}"


def _place(title: str, heading_path: tuple[str, ...], pages: tuple[PageRef, ...]) -> str:
    headings = " > ".join(dict.fromkeys((title, *heading_path)))
    if not pages:
        return headings
    number, label = pages[0].number, pages[0].label
    aside = "" if label == str(number) else f" (page {number} of the file)"
    return f"{headings}, p. {label}{aside}"

"""`deskbook search QUESTION`: ranked passages."""

from __future__ import annotations

import argparse

from app.commands.asking import ScopedQuestion, add_question_arguments, for_each_question
from app.commands.invocation import Invocation
from app.engine import Engine
from app.lines import search_line
from app.messages import Event, Found, Search
from app.performing import perform
from rag.scheduler import Work
from rag.types import FoundPassage

EXAMPLE = 'deskbook search "error E07" -k 3'


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `search`."""
    add_question_arguments(parser)
    parser.add_argument("-k", type=int, default=10, metavar="N", help="how many passages (10)")


def run(invocation: Invocation) -> int:
    """Search for each question; 1 if one of them failed."""
    if invocation.arguments.k < 1:
        invocation.arguments.parser.error("-k must be 1 or more")
    return for_each_question(invocation, _search)


def _search(invocation: Invocation, engine: Engine, work: Work, question: ScopedQuestion) -> None:
    terminal = invocation.terminal

    def show(event: Event) -> None:
        match event:
            case Found() if terminal.is_json:
                terminal.line(search_line(question.id, question.text, event))
            case Found():
                terminal.result("\n\n".join(map(_sentence, event.passages)) or "Nothing found.")

    request = Search(1, question.text, question.scope, invocation.arguments.k)
    perform(engine, request, show, work)


def _sentence(found: FoundPassage) -> str:
    passage = found.passage
    pages = f", p. {passage.pages[0].label}" if passage.pages else ""
    place = " > ".join(dict.fromkeys((found.title, *passage.heading_path)))
    text = " ".join(passage.text.split())
    return f"{found.rank}. {place}{pages} ({found.score:.2f})\n   {text}"

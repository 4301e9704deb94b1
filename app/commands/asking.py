"""What `ask` and `search` share: a question typed, or many from a file, in one process."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

from app.commands.invocation import Invocation
from app.commands.scope_options import add_scope_arguments, narrowing_typed
from app.commands.terminal import Terminal
from app.engine import Engine
from app.narrowing import scope_of
from app.questions import Question, read_questions, typed_question
from rag.errors import BadRequest, DeskbookError, LibraryError, ModelError
from rag.scheduler import Work
from rag.types import Scope


@dataclasses.dataclass(frozen=True, slots=True)
class ScopedQuestion(Question):
    """A question and the part of the library that is asked."""

    scope: Scope


Answerer: TypeAlias = Callable[[Invocation, Engine, Work, ScopedQuestion], None]


def add_question_arguments(parser: argparse.ArgumentParser) -> None:
    """A question, or a file of them, and the part of the library that is asked."""
    parser.add_argument("question", nargs="?", metavar="QUESTION", help="in your own words")
    parser.add_argument(
        "--questions",
        type=Path,
        metavar="FILE",
        help='JSON lines {"id", "question"}, each answered by a JSON line; "-" for standard input',
    )
    add_scope_arguments(parser)


def for_each_question(invocation: Invocation, answer: Answerer) -> int:
    """Answer the question typed, or those of the file one after the other.

    Returns 1 if one of them failed. Raises LibraryError and ModelError, which concern all,
    BadRequest where there is no question or no such scope to begin with, and Stopped.
    """
    arguments = invocation.arguments
    if (arguments.question is None) == (arguments.questions is None):
        arguments.parser.error("give a QUESTION or --questions FILE, and not both")
    questions: Iterable[Question | BadRequest]
    if arguments.questions is None:
        questions = [typed_question(arguments.question)]
    else:
        questions = read_questions(arguments.questions)
        terminal = Terminal(is_json=True, is_quiet=invocation.terminal.is_quiet)
        invocation = dataclasses.replace(invocation, terminal=terminal)
    with invocation.opened() as (engine, work):
        engine.language_models.keep_no_conversations()
        invocation.note_unknown_collection(engine)
        engine.library.reconcile(work)
        scope = scope_of(narrowing_typed(invocation), engine.catalog)

        def answer_scoped(question: Question) -> None:
            scoped = ScopedQuestion(question.id, question.text, scope)
            answer(invocation, engine, work, scoped)

        failures = [_is_failed(invocation, work, answer_scoped, each) for each in questions]
    return 1 if any(failures) else 0


def _is_failed(
    invocation: Invocation,
    work: Work,
    answer: Callable[[Question], None],
    question: Question | BadRequest,
) -> bool:
    """Answer a question; whether that failed."""
    work.checkpoint()
    try:
        if isinstance(question, BadRequest):
            raise question
        answer(question)
    except (LibraryError, ModelError):
        raise
    except DeskbookError as error:
        invocation.terminal.fail(error)
        return True
    return False

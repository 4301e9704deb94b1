"""What `ask` and `search` share: a question typed, or many from a file, in one process."""

from __future__ import annotations

import argparse
import dataclasses
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias

from app.commands.invocation import Invocation
from app.commands.terminal import Terminal
from app.engine import Engine
from app.questions import Question, read_questions, typed_question
from rag.errors import BadRequest, DeskbookError, LibraryError, ModelError
from rag.scheduler import Work

Answerer: TypeAlias = Callable[[Invocation, Engine, Work, Question], None]


def add_question_arguments(parser: argparse.ArgumentParser) -> None:
    """A question, or a file of them."""
    parser.add_argument("question", nargs="?", metavar="QUESTION", help="in your own words")
    parser.add_argument(
        "--questions",
        type=Path,
        metavar="FILE",
        help='JSON lines {"id", "question"}, each answered by a JSON line; "-" for standard input',
    )


def for_each_question(invocation: Invocation, answer: Answerer) -> int:
    """Answer the question typed, or those of the file one after the other.

    Returns 1 if one of them failed. Raises LibraryError and ModelError, which concern all,
    BadRequest where there is no question to begin with, and Stopped.
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
        invocation.note_unknown_collection(engine)
        engine.library.reconcile(work)
        failures = [_answer_one(invocation, engine, work, answer, each) for each in questions]
    return 1 if any(failures) else 0


def _answer_one(
    invocation: Invocation,
    engine: Engine,
    work: Work,
    answer: Answerer,
    question: Question | BadRequest,
) -> bool:
    """Whether it failed."""
    work.checkpoint()
    try:
        if isinstance(question, BadRequest):
            raise question
        answer(invocation, engine, work, question)
    except (LibraryError, ModelError):
        raise
    except DeskbookError as error:
        invocation.terminal.fail(error)
        return True
    return False

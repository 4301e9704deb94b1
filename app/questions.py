"""Questions as they are typed, or from a file of JSON lines for those who ask many at once."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from rag.errors import BadRequest


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the id under which its answer is wanted."""

    id: object  # as it stands in the file; None for a question typed
    text: str


def typed_question(text: str) -> Question:
    """The question that a person typed. Raises BadRequest where it is empty."""
    if not text.strip():
        raise BadRequest("The question is empty.", remedy="Type a question.")
    return Question(None, text)


def read_questions(path: Path) -> Iterator[Question | BadRequest]:
    """The questions in a file, "-" for standard input; a line that is none comes as an error.

    Each line is an object with "id" and "question". Raises BadRequest where the file cannot be
    read.
    """
    try:
        # Some editors put a byte order mark in front, which is no part of the first question.
        opened = nullcontext(sys.stdin) if str(path) == "-" else path.open(encoding="utf-8-sig")
        with opened as lines:
            yield from _parse(lines, path)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text in UTF-8"
        raise BadRequest(
            f"The file of questions {path} cannot be read: {reason}.",
            remedy='Give a file with a JSON object {"id": …, "question": …} on each line.',
        ) from error


def _parse(lines: Iterable[str], path: Path) -> Iterator[Question | BadRequest]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _question(line) or BadRequest(
                f"Line {number} of {path} is no question.",
                remedy='It must be a JSON object like {"id": "1", "question": "Who …?"}.',
            )


def _question(line: str) -> Question | None:
    try:
        parsed = json.loads(line)
    except ValueError:
        return None
    text = parsed.get("question") if isinstance(parsed, dict) else None
    return Question(parsed.get("id"), text) if isinstance(text, str) and text.strip() else None

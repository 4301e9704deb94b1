"""Questions from a file of JSON lines, for those who ask many at once."""

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


def read_questions(path: Path) -> Iterator[Question | BadRequest]:
    """The questions in a file, "-" for standard input; a line that is none comes as an error.

    Each line is an object with "id" and "question". Raises BadRequest where the file cannot be
    read.
    """
    try:
        opened = nullcontext(sys.stdin) if str(path) == "-" else path.open(encoding="utf-8")
        with opened as lines:
            yield from _parse(lines, path)
    except (OSError, UnicodeDecodeError) as error:
        raise BadRequest(
            f"The file of questions {path} cannot be read: {error}.",
            remedy='Give a file with a JSON object {"id": …, "question": …} on each line.',
        ) from error


def _parse(lines: Iterable[str], path: Path) -> Iterator[Question | BadRequest]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            parsed = json.loads(line)
            yield Question(parsed.get("id"), str(parsed["question"]))
        except (ValueError, KeyError, AttributeError, TypeError):
            yield BadRequest(
                f"Line {number} of {path} is no question.",
                remedy='It must be a JSON object like {"id": "1", "question": "Who …?"}.',
            )

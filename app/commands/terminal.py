"""What a command has to print with: results on standard output, all else on standard error."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass

from app.lines import Line
from rag.errors import DeskbookError


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where and how the person reads what a command says."""

    is_json: bool
    is_quiet: bool

    def result(self, text: str) -> None:
        """A line that was asked for."""
        print(text, flush=True)

    def words(self, text: str) -> None:
        """A piece of a text that was asked for, as it comes."""
        print(text, end="", flush=True)

    def line(self, line: Line) -> None:
        """A JSON object on a line of its own, whole in every encoding."""
        is_unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        print(json.dumps(line, ensure_ascii=not is_unicode), flush=True)

    def say(self, text: str) -> None:
        """What goes on; not if the person wants it quiet."""
        if not self.is_quiet:
            print(text, file=sys.stderr, flush=True)

    def fail(self, error: DeskbookError) -> None:
        """A failure, with what to do."""
        self.complain(str(error))

    def complain(self, sentence: str) -> None:
        """What the person must know even if they want it quiet."""
        print(f"deskbook: {sentence}", file=sys.stderr, flush=True)


def size_of(page_count: int, passage_count: int) -> str:
    """How large a document is, for a person: "9 pages, 27 passages"."""
    passages = _counted(passage_count, "passage")
    return f"{_counted(page_count, 'page')}, {passages}" if page_count else passages


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"

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
        """A JSON object on a line of its own."""
        print(json.dumps(line, ensure_ascii=False), flush=True)

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

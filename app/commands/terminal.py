"""What a command has to print with: results on standard output, all else on standard error."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass

from app.lines import Line
from rag.errors import DeskbookError

# A name may hold anything, also what clears a terminal or writes elsewhere on it.
SYMBOLS = {code: 0x2400 + code for code in range(32)} | {127: 0x2421}  # Unicode's for controls
LAYOUT = "\n\t"  # what a text of several lines is set with


def one_line(text: str) -> str:
    """The text with a symbol for each control character, line ends among them."""
    return text.translate(SYMBOLS)


def _harmless(text: str) -> str:
    return text.translate({code: to for code, to in SYMBOLS.items() if chr(code) not in LAYOUT})


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where and how the person reads what a command says."""

    is_json: bool
    is_quiet: bool

    def result(self, text: str) -> None:
        """A line that was asked for."""
        print(_harmless(text), flush=True)

    def words(self, text: str) -> None:
        """A piece of a text that was asked for, as it comes."""
        print(_harmless(text), end="", flush=True)

    def line(self, line: Line) -> None:
        """A JSON object on a line of its own, whole in every encoding."""
        is_unicode = (sys.stdout.encoding or "").lower().replace("-", "") == "utf8"
        print(json.dumps(line, ensure_ascii=not is_unicode), flush=True)

    def say(self, text: str) -> None:
        """What goes on; not if the person wants it quiet."""
        if not self.is_quiet:
            print(one_line(text), file=sys.stderr, flush=True)

    def fail(self, error: DeskbookError) -> None:
        """A failure, with what to do."""
        self.complain(str(error))

    def complain(self, sentence: str) -> None:
        """What the person must know even if they want it quiet."""
        print(f"deskbook: {one_line(sentence)}", file=sys.stderr, flush=True)


def size_of(page_count: int, passage_count: int) -> str:
    """How large a document is, for a person: "9 pages, 27 passages"."""
    passages = _counted(passage_count, "passage")
    return f"{_counted(page_count, 'page')}, {passages}" if page_count else passages


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"

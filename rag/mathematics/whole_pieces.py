"""Words as they come, given out in pieces that never end within a formula or code."""

from __future__ import annotations

import re

from rag.mathematics.formulas import Kind, parts

_UNDECIDED = re.compile(r"(?:\\|\$|`+|~+)\Z")  # what may be the first half of a sign


class WholePieces:
    """Holds back what has begun until it is whole.

    A fence is held back until it is closed, or, where `is_code_whole` is false, given out line by
    line: a model on a slow machine is minutes about a long one.
    """

    def __init__(self, *, is_code_whole: bool = True) -> None:
        self._text = ""
        self._given = 0
        self._is_code_whole = is_code_whole
        self._closed = 0  # before it, nothing is open

    def feed(self, words: str) -> str:
        """The next words; gives what may be shown now, often nothing."""
        self._text += words
        return self._give(self._ready())

    def finish(self) -> str:
        """The rest, whatever is open in it."""
        return self._give(len(self._text))

    def _ready(self) -> int:
        """Up to where nothing is open."""
        for part in parts(self._text, start=self._closed, is_whole=False):
            if not part.is_open:
                self._closed = part.span.end
            elif part.kind is Kind.FENCE and not self._is_code_whole:
                return max(part.span.start, self._text.rfind("\n") + 1)
            else:
                return part.span.start
        undecided = _UNDECIDED.search(self._text, self._closed)
        return len(self._text) - (len(undecided[0]) if undecided else 0)

    def _give(self, end: int) -> str:
        end = max(end, self._given)
        piece, self._given = self._text[self._given : end], end
        return piece

"""Positions in Python's text (code points) as positions in Qt's (UTF-16 units)."""

from __future__ import annotations

from rag.types import Span


def units(text: str) -> int:
    """How many UTF-16 units a text has: two for each character beyond U+FFFF."""
    return len(text) + sum(character > "\uffff" for character in text)


def document_span(text: str, span: Span) -> Span:
    """Where a span of `text` lies in the QTextDocument that was filled with `text`.

    Qt holds a line's end as one character, so a carriage return with its line feed counts once.
    """
    return Span(_position(text, span.start), _position(text, span.end))


def _position(text: str, offset: int) -> int:
    before = text[:offset]
    joined = before.count("\r\n")
    return units(before) - joined

"""Positions in Python's text are found again in Qt's."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QTextCursor, QTextDocument

from rag.types import Span
from ui.utf16 import document_span, units

# Qt takes U+0000 and its own frame signs out of a text; no reader lets them through.
TEXTS = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufdd0\ufdd1"), max_size=80
)


def qt_selection(text: str, span: Span) -> str:
    document = QTextDocument(text)
    place = document_span(text, span)
    cursor = QTextCursor(document)
    cursor.setPosition(place.start)
    cursor.setPosition(place.end, QTextCursor.MoveMode.KeepAnchor)
    return cursor.selectedText()


def as_qt_holds_it(text: str) -> str:
    joined = text.replace("\r\n", "\n").replace("\r", "\n")
    return joined.replace("\n", "\u2029")


@given(before=TEXTS, marked=TEXTS, after=TEXTS)
def test_a_span_selects_the_same_characters_in_qt(before: str, marked: str, after: str) -> None:
    text = before.rstrip("\r") + marked.lstrip("\n").rstrip("\r") + after.lstrip("\n")
    start = len(before.rstrip("\r"))
    span = Span(start, start + len(marked.lstrip("\n").rstrip("\r")))
    assert qt_selection(text, span) == as_qt_holds_it(span.of(text))


def test_an_emoji_is_two_units_and_a_windows_line_end_one() -> None:
    assert units("a🌱b") == 4
    assert document_span("🌱\r\nfind me", Span(3, 7)) == Span(3, 7)
    assert qt_selection("🌱\r\nfind me", Span(3, 7)) == "find"

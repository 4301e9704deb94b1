"""A note or a text file as its text, with the cited passage marked."""

from __future__ import annotations

from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from rag.types import Span
from ui.style import set_look
from ui.theme import Theme
from ui.utf16 import document_span


class NoteView(QPlainTextEdit):
    """Read only; text can be selected and copied."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Text of the document")
        set_look(self, "note")
        self.setReadOnly(True)
        self._theme = theme
        self._text = ""
        self._span = Span(0, 0)
        theme.changed.connect(self._mark)

    def show_text(self, text: str, span: Span) -> None:
        """Show `text` with `span` marked and in view; an empty span marks nothing."""
        if text != self._text:
            self._text = text
            self.setPlainText(text)
        self._span = span
        self._mark()
        self._bring_into_view()

    def marked_text(self) -> str:
        """What is marked, as Qt holds it."""
        return "".join(mark.cursor.selectedText() for mark in self.extraSelections())

    def zoom_in(self) -> None:
        self.zoomIn(1)

    def zoom_out(self) -> None:
        self.zoomOut(1)

    def _mark(self) -> None:
        mark = QTextEdit.ExtraSelection()
        mark.cursor = self._cursor()
        look = QTextCharFormat()
        look.setBackground(QColor(self._theme.colors.marker))
        look.setForeground(QColor("#1c2025"))  # the marker is light in both themes
        mark.format = look
        self.setExtraSelections([mark] if len(self._span) else [])

    def _cursor(self) -> QTextCursor:
        place = document_span(self._text, self._span)
        cursor = QTextCursor(self.document())
        cursor.setPosition(place.start)
        cursor.setPosition(place.end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _bring_into_view(self) -> None:
        cursor = self._cursor()
        cursor.setPosition(cursor.selectionStart())
        self.setTextCursor(cursor)
        if len(self._span):
            self.centerCursor()

"""Where the citation chips stand in a text that is shown: as spans and as rectangles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QTextBlock, QTextDocument, QTextFragment, QTextLine

from rag.types import Span
from ui.conversation.markdown import CITATION_SCHEME


def chip_spans(document: QTextDocument) -> list[Span]:
    """The chips' places in the document's text, in characters of `toPlainText()`."""
    spans = []
    text = document.toPlainText()
    for _, fragment in _chips(document):
        start = _code_points(text, fragment.position())
        spans.append(Span(start, start + len(fragment.text())))
    return spans


def chip_boxes(document: QTextDocument) -> list[QRectF]:
    """The chips' rectangles, in the document's coordinates."""
    return [_box(document, block, fragment) for block, fragment in _chips(document)]


def _chips(document: QTextDocument) -> Iterator[tuple[QTextBlock, QTextFragment]]:
    block = document.begin()
    while block.isValid():
        position = block.begin()
        while not position.atEnd():
            fragment = position.fragment()
            if fragment.charFormat().anchorHref().startswith(CITATION_SCHEME):
                yield block, fragment
            position += 1
        block = block.next()


def _box(document: QTextDocument, block: QTextBlock, fragment: QTextFragment) -> QRectF:
    start = fragment.position() - block.position()
    line = block.layout().lineForTextPosition(start)
    left, right = (_x(line, at) for at in (start, start + fragment.length()))
    corner = document.documentLayout().blockBoundingRect(block).topLeft()
    box = QRectF(left, line.y() + 1, right - left, line.height() - 2)
    return box.translated(corner)


def _x(line: QTextLine, position: int) -> float:
    # Qt hands back the x and the position it found; the stubs of PySide6 know of neither.
    found: Any = line.cursorToX(position)
    return float(found[0])


def _code_points(text: str, units: int) -> int:
    """How many characters the first `units` UTF-16 units of a text are."""
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le"))

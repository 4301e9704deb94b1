"""The rectangles of a mark: PDFium's boxes of single characters, joined into lines of text.

A mark over recognised words has its box with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QRectF
from PySide6.QtPdf import QPdfDocument

from rag.types import BoxMark, Mark

_TALLEST_LETTER = 40.0  # points
_WIDEST_GAP = 1.5  # of a line's height: what may lie between two words of one line


def mark_rects(document: QPdfDocument, mark: Mark | BoxMark) -> list[QRectF]:
    """Where a mark's characters stand on their page, in points from its top left as it is drawn."""
    if not 1 <= mark.page <= document.pageCount():
        return []
    if isinstance(mark, BoxMark):
        return [QRectF(mark.box.left, mark.box.top, mark.box.width, mark.box.height)]
    selection = document.getSelectionAtIndex(mark.page - 1, mark.index, mark.length)
    if not selection.isValid():
        return []
    return join_lines(polygon.boundingRect() for polygon in selection.bounds())


def join_lines(boxes: Iterable[QRectF]) -> list[QRectF]:
    """Boxes that follow each other on one line of text become one."""
    lines: list[QRectF] = []
    for box in boxes:
        if lines and _continues(lines[-1], box):
            lines[-1] = lines[-1].united(box)
        else:
            lines.append(QRectF(box))
    return lines


def _continues(line: QRectF, box: QRectF) -> bool:
    if _runs_up_the_page(line) or _runs_up_the_page(box):
        return False
    shared = min(line.bottom(), box.bottom()) - max(line.top(), box.top())
    lower = min(line.height(), box.height())
    gap = max(box.left() - line.right(), line.left() - box.right())
    return shared > lower / 2 and gap < _WIDEST_GAP * max(line.height(), box.height())


def _runs_up_the_page(line: QRectF) -> bool:
    """Whether this is a line of text set sideways: no single letter is so tall and narrow."""
    return line.height() > max(_TALLEST_LETTER, 3 * line.width())


def first_of(marks: Sequence[Mark | BoxMark]) -> Mark | BoxMark | None:
    """The mark that is read first, of marks in reading order."""
    return min(marks, key=lambda mark: mark.page, default=None)

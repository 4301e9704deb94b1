"""PDFs for the viewer: the open document, or a sentence that says why it cannot be shown."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, QSize, QSizeF, Signal
from PySide6.QtGui import QImage
from PySide6.QtPdf import QPdfDocument, QPdfPageRenderer

from rag.types import BoxMark, Mark, PageRef
from ui.viewer.mark_rects import mark_rects
from ui.viewer.pages import CannotShow, PasswordWanted


class PdfFile(QObject):
    """The pages of an open PDF (see Pages)."""

    def __init__(self, document: QPdfDocument, parent: QObject) -> None:
        """The document becomes its child."""
        super().__init__(parent)
        document.setParent(self)
        self._document = document
        self.sizes: tuple[QSizeF, ...] = tuple(
            map(document.pagePointSize, range(document.pageCount()))
        )

    def ref(self, page: int) -> PageRef:
        """A physical page (from 1) with what is printed on it."""
        return PageRef(page, self._document.pageLabel(page - 1) or str(page))

    def rects(self, mark: Mark | BoxMark) -> list[QRectF]:
        """A mark's lines, in points from its page's top left; empty where it is not there."""
        return mark_rects(self._document, mark)

    def drawer(self, parent: QObject) -> PdfDrawer:
        """What draws the pages; it ends with its parent."""
        return PdfDrawer(self._document, parent)


class PdfDrawer(QObject):
    """Draws pages by PDFium on a thread of its own (see PageDrawer)."""

    drawn = Signal(int, QImage)

    def __init__(self, document: QPdfDocument, parent: QObject) -> None:
        super().__init__(parent)
        self._renderer = QPdfPageRenderer(self)
        self._renderer.setRenderMode(QPdfPageRenderer.RenderMode.MultiThreaded)
        self._renderer.setDocument(document)
        self._renderer.pageRendered.connect(self._tell)

    def draw(self, page_index: int, size: QSize) -> None:
        """Begin to draw a page as large as this, in real pixels."""
        self._renderer.requestPage(page_index, size)

    def _tell(self, page_index: int, _size: QSize, image: QImage) -> None:
        self.drawn.emit(page_index, image)


def open_pdf(path: str, parent: QObject, passwords: Sequence[str] = ()) -> PdfFile:
    """The open document; the first password is taken that opens it, where it asks for one.

    Raises PasswordWanted where none does, and CannotShow.
    """
    name = Path(path).name
    if not Path(path).is_file():
        raise CannotShow(f"“{name}” is no longer where it was. Put it back, or add it again.")
    document = QPdfDocument(parent)
    error = _load(document, path, passwords)
    if error is QPdfDocument.Error.None_ and document.pageCount() > 0:
        return PdfFile(document, parent)
    document.deleteLater()
    if error is QPdfDocument.Error.IncorrectPassword:
        raise PasswordWanted(f"“{name}” is protected with a password. Enter it to see the page.")
    raise CannotShow(f"“{name}” cannot be drawn. Try to open it in another PDF program.")


def _load(document: QPdfDocument, path: str, passwords: Sequence[str]) -> QPdfDocument.Error:
    error = document.load(path)
    for typed in passwords:
        for password in (typed, unicodedata.normalize("NFKC", typed)):  # as the reader does
            if error is not QPdfDocument.Error.IncorrectPassword:
                return error
            document.setPassword(password)
            error = document.load(path)
    return error

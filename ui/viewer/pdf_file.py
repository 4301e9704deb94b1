"""Opening a PDF for the viewer: the document, or a sentence that says why it cannot be shown."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtPdf import QPdfDocument

from rag.types import PageRef


class CannotShow(Exception):
    """The file cannot be drawn; the message is a sentence for a person."""


def open_pdf(path: str, parent: QObject) -> QPdfDocument:
    """The open document. Raises CannotShow."""
    name = Path(path).name
    if not Path(path).is_file():
        raise CannotShow(f"“{name}” is no longer where it was. Put it back, or add it again.")
    document = QPdfDocument(parent)
    error = document.load(path)
    if error is QPdfDocument.Error.None_ and document.pageCount() > 0:
        return document
    document.deleteLater()
    if error in (
        QPdfDocument.Error.IncorrectPassword,
        QPdfDocument.Error.UnsupportedSecurityScheme,
    ):
        raise CannotShow(f"“{name}” is protected by a password. Open it in a PDF program.")
    raise CannotShow(f"“{name}” cannot be drawn. Try to open it in another PDF program.")


def page_ref(document: QPdfDocument, page: int) -> PageRef:
    """A physical page (from 1) with what is printed on it."""
    return PageRef(page, document.pageLabel(page - 1) or str(page))

"""Reads plain text. The document's text is the file's own, character for character."""

from pathlib import Path

from rag.documents.encoding import read_text
from rag.types import Document, Kind


def read(path: Path) -> Document:
    """The file as a document without headings, titled by its file name."""
    return Document(kind=Kind.TEXT, title=path.stem, text=read_text(path), pages=(), headings=())

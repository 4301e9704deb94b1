"""Hands a file to the reader of its kind. What a reader does is in the reader's own module."""

from pathlib import Path

from rag.documents.faults import require_file
from rag.documents.files import kind_of
from rag.types import Document, Kind


def read(path: Path) -> Document:
    """The file's text and structure; the text is empty where there is nothing to read.

    Raises `PasswordNeeded`, `UnsupportedKind` or `DamagedFile`.
    """
    require_file(path)
    # A reader is imported when the first file of its kind turns up: the PDF libraries take a
    # quarter of a second, and whoever only asks for a file's kind imports this package too.
    match kind_of(path):
        case Kind.PDF:
            from rag.documents.pdf import read as read_pdf

            return read_pdf(path)
        case Kind.MARKDOWN:
            from rag.documents.markdown import read as read_markdown

            return read_markdown(path)
        case Kind.TEXT:
            from rag.documents.text import read as read_text

            return read_text(path)

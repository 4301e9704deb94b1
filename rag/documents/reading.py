"""Hands a file to the reader of its kind. What a reader does is in the reader's own module."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from rag.documents.faults import require_file
from rag.documents.files import kind_of
from rag.documents.hidden import with_hidden_left_out
from rag.documents.passwords import first_that_opens
from rag.types import Document, Kind

PROTECTABLE = (Kind.PDF, Kind.DOCX, Kind.PPTX, Kind.XLSX)  # a password may open them


def read(path: Path, passwords: Sequence[str] = ()) -> Document:
    """The file's text and structure; the text is empty where there is nothing to read.

    What nobody sees in the file is in no passage, and noted in `hidden`.

    Of the passwords that one is taken which opens the file, where it asks for one at all. Raises
    `PasswordNeeded`, `UnsupportedKind`, `DamagedFile` or `ReaderLimit`.
    """
    require_file(path)
    kind = kind_of(path)
    reader = _reader_of(kind)
    if kind not in PROTECTABLE:
        return with_hidden_left_out(reader(path), file_name=path.stem)
    opened = first_that_opens(lambda password: reader(path, password), passwords, path=path)
    return with_hidden_left_out(opened, file_name=path.stem)


def _reader_of(kind: Kind) -> Callable[..., Document]:
    reader: Callable[..., Document]  # of the path, and of the password for `PROTECTABLE` kinds
    # A reader is imported when the first file of its kind turns up: the libraries take a quarter
    # of a second, and whoever only asks for a file's kind imports this package too.
    match kind:
        case Kind.PDF:
            from rag.documents.pdf import read as reader
        case Kind.MARKDOWN:
            from rag.documents.markdown import read as reader
        case Kind.TEXT:
            from rag.documents.text import read as reader
        case Kind.HTML:
            from rag.documents.web_page import read as reader
        case Kind.EPUB:
            from rag.documents.epub import read as reader
        case Kind.DOCX:
            from rag.documents.word import read as reader
        case Kind.ODT:
            from rag.documents.odt import read as reader
        case Kind.RTF:
            from rag.documents.rtf import read as reader
        case Kind.PPTX:
            from rag.documents.slides import read as reader
        case Kind.XLSX:
            from rag.documents.workbook import read as reader
        case Kind.CSV:
            from rag.documents.separated import read as reader
        case Kind.NOTEBOOK:
            from rag.documents.notebook import read as reader
        case Kind.CODE:
            from rag.documents.source_code import read as reader
        case Kind.EMAIL:
            from rag.documents.mail import read as read_mail

            return partial(read_mail, read_file=read)
        case Kind.PICTURE:
            from rag.documents.picture import read as reader
    return reader

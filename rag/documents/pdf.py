"""Reads PDF (ISO 32000-2): text and layout through PDFium, outline, labels and title through pypdf.

Text that is only a picture of text is not read here: its pages stay empty and are
marked as unread.
"""

import logging
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from rag.documents.pdf_file import open_pdf
from rag.documents.pdf_headings import find_headings
from rag.documents.pdf_hidden import seen_and_hidden
from rag.documents.pdf_layout import lay_out
from rag.documents.pdf_lines import Line
from rag.documents.pdf_notes import notes_on
from rag.documents.pdf_pages import arrange
from rag.documents.pdf_structure import read_structure
from rag.documents.pdf_typography import title_on_page
from rag.documents.unread_pages import with_unread_marked
from rag.types import Document, Kind

log = logging.getLogger(__name__)


def read(path: Path, password: str = "") -> Document:
    """The file's text in reading order, with its pages, headings, tables and margins.

    `password` may be the one for opening or the owner's; most protected files have an empty one.
    Raises `PasswordNeeded` or `DamagedFile`. A page that cannot be read stays empty.
    """
    found = _pages_of(path, password)
    structure = read_structure(path, page_count=len(found), password=password)
    labels = structure.page_labels
    pages = arrange([page.lines for page in found], labels, [page.notes for page in found])
    headings = find_headings(pages, structure.outline)
    laid_out = lay_out(pages, headings, labels)
    return Document(
        kind=Kind.PDF,
        title=structure.title or title_on_page(pages) or path.stem,
        text=laid_out.text,
        pages=with_unread_marked(path, laid_out.text, laid_out.pages, password=password),
        headings=laid_out.headings,
        tables=laid_out.tables,
        marginalia=laid_out.marginalia,
        keywords=structure.keywords,
        hidden=tuple(text for page in found for text in page.hidden),
    )


@dataclass(frozen=True, slots=True)
class _FoundPage:
    lines: tuple[Line, ...]
    notes: tuple[str, ...]
    hidden: tuple[str, ...] = ()  # what is on it and nobody sees


def _pages_of(path: Path, password: str) -> list[_FoundPage]:
    with open_pdf(path, password) as file:
        if file.get_formtype() != pdfium.FORMTYPE_NONE:
            file.init_forms()
        return [_page_of(file, page_index) for page_index in range(len(file))]


def _page_of(file: pypdfium2.PdfDocument, page_index: int) -> _FoundPage:
    try:
        with closing(file[page_index]) as page, closing(page.get_textpage()) as textpage:
            lines, hidden = seen_and_hidden(page, textpage)
            return _FoundPage(lines, notes_on(page), hidden)
    except pypdfium2.PdfiumError:
        log.warning("page %d of a PDF cannot be read", page_index + 1)
        return _FoundPage((), ())

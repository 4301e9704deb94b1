"""Reads EPUB books (EPUB 3.3, https://www.w3.org/TR/epub-33/; EPUB 2 too): chapter by chapter.

A chapter's title, as the table of contents has it, is a heading of level 1; its own headings stand
below. What a chapter's XHTML means is in `markup`, what the package says of itself in `epub_spine`.
"""

import logging
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from rag.documents.draft import Draft
from rag.documents.epub_spine import Book, read_book
from rag.documents.faults import library_faults
from rag.documents.markup import (
    HEADING,
    has_text,
    is_skipped,
    main_part,
    parse_xhtml,
    text_of,
    title_of,
    write_html,
)
from rag.documents.markup_hidden import take_out_hidden
from rag.documents.packages import local_name, open_package
from rag.documents.web_page import decode_page
from rag.errors import DamagedFile, UnsupportedKind
from rag.types import Document, Kind

log = logging.getLogger(__name__)


def read(path: Path) -> Document:
    """The book's chapters in reading order; one that cannot be read is left out.

    Raises `DamagedFile`, `ReaderLimit`, and `UnsupportedKind` where it is protected from copying.
    """
    draft = Draft()
    with open_package(path, "EPUB book") as package:
        book = read_book(package)
        if book.is_protected:
            raise UnsupportedKind(
                f"“{path.name}” is protected from copying (DRM): only its shop's reader opens it.",
                remedy="Get it without protection, if the shop has it so.",
            )
        for chapter in book.chapters:
            _add_chapter(draft, chapter, book, package, path)
        return draft.document(Kind.EPUB, path, titles=[book.title, draft.first_heading])


def _add_chapter(draft: Draft, chapter: str, book: Book, package: ZipFile, path: Path) -> None:
    try:
        with library_faults(path, "EPUB book"):
            root = parse_xhtml(decode_page(package.read(chapter), path))
            if root is not None:
                _write(draft, root, title=book.titles.get(chapter, ""), has_toc=bool(book.titles))
    except DamagedFile as error:
        log.warning("a chapter of a book cannot be read: %s", type(error.__cause__).__name__)


def _write(draft: Draft, root: Any, *, title: str, has_toc: bool) -> None:
    """Adds a chapter; one without a title of its own goes on with the chapter before."""
    draft.note_hidden(take_out_hidden(root, is_skipped))
    body = main_part(root)
    first = next((part for part in body.iter() if HEADING.fullmatch(local_name(part))), None)
    own = text_of(first) if first is not None else ""
    if not title and not has_toc:
        title = own or title_of(root)
    if first is not None and _is_same(own, title):
        first.clear(keep_tail=True)  # it is the chapter's title, and is written as that
        title = max(own, title, key=len)
    if has_text(body):
        draft.add_heading(title, level=1)
        write_html(draft, root, levels_above=1)


def _is_same(own: str, title: str) -> bool:
    """Whether one is the other with more to it: "Loomings" and "Chapter 1. Loomings"."""
    shorter, longer = sorted((own.casefold(), title.casefold()), key=len)
    return shorter != "" and shorter in longer

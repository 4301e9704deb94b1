"""Reads web pages (HTML Living Standard, https://html.spec.whatwg.org/): the main text alone."""

import re
from pathlib import Path

from rag.documents.draft import Draft
from rag.documents.encoding import decode_text
from rag.documents.faults import file_faults, library_faults
from rag.documents.markup import parse_html, title_of, write_html
from rag.documents.markup_hidden import orders_in_comments
from rag.types import Document, Kind

# Where a page may say its encoding: in its first 1024 bytes (section 4.2.5.4).
DECLARED = re.compile(rb"<(?:meta|\?xml)[^>]*?(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.I)
DECLARED_WITHIN = 1024


def read(path: Path) -> Document:
    """The page without navigation, scripts and what is hidden. Raises `DamagedFile`."""
    with file_faults(path):
        data = path.read_bytes()
    text = decode_page(data, path)
    draft = Draft()
    draft.note_hidden(orders_in_comments(text))
    with library_faults(path, "web page"):
        root = parse_html(text)
        if root is None:
            return draft.document(Kind.HTML, path)
        write_html(draft, root)
        return draft.document(Kind.HTML, path, titles=[title_of(root), draft.first_heading])


def decode_page(data: bytes, path: Path) -> str:
    """The characters of a page that may name its own encoding. Raises `DamagedFile`."""
    declared = DECLARED.search(data, 0, DECLARED_WITHIN)
    return decode_text(data, path, declared=declared[1].decode("ascii") if declared else "")

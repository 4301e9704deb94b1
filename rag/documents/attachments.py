"""Files inside other files, read as if they lay beside them and written into the same draft.

Which files there are, and how one of them is read, is told by whoever asks.
"""

import logging
import tempfile
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import TypeAlias

from rag.documents.draft import Draft
from rag.errors import DocumentError
from rag.types import Document

log = logging.getLogger(__name__)

LARGEST_BYTES = 20_000_000  # what is larger is only named

ReadFile: TypeAlias = Callable[[Path], Document]


def add_attachment(
    draft: Draft, name: str, data: bytes, read_file: ReadFile, *, level: int
) -> None:
    """The text of an attached file under its name; nothing where it has none that can be read."""
    if len(data) > LARGEST_BYTES:
        return
    try:
        document = _read(name, data, read_file)
    except DocumentError as error:
        log.info("an attachment cannot be read: %s", type(error).__name__)
        return
    draft.note_hidden(document.hidden)
    if document.text.strip():
        draft.add_heading(name, level=level)
        _add_text(draft, document, level=level)


def _read(name: str, data: bytes, read_file: ReadFile) -> Document:
    with tempfile.TemporaryDirectory(prefix="deskbook-") as folder:
        path = Path(folder) / f"attachment{PurePath(name).suffix}"  # the name itself may be any
        path.write_bytes(data)
        return read_file(path)


def _add_text(draft: Draft, document: Document, *, level: int) -> None:
    """The text with its headings below `level`, without what stands in the margins of pages."""
    headings = {heading.span: heading for heading in document.headings}
    end = 0
    for span in sorted({*headings, *document.marginalia}, key=lambda span: span.start):
        draft.add_paragraph(document.text[end : span.start])
        if heading := headings.get(span):
            draft.add_heading(heading.title, level=level + heading.level)
        end = max(end, span.end)
    draft.add_paragraph(document.text[end:])

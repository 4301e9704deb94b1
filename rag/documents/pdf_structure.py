"""What a PDF says of itself: its title, its page labels and its outline, through pypdf.

All of it may be missing or broken: then it is left out, the reason is logged, and reading goes on.
"""

import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pypdf

from rag.documents.titles import sane_title

log = logging.getLogger(__name__)

T = TypeVar("T")

BETWEEN_KEYWORDS = re.compile(r"[,;\r\n]")
MOST_KEYWORDS = 20  # where there are more, they are not about the document


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A line of the outline and the page it leads to."""

    title: str
    level: int  # from 1
    page_index: int


@dataclass(frozen=True, slots=True)
class Structure:
    """What a file says of itself; the title is empty where it names none that makes sense."""

    title: str
    page_labels: tuple[str, ...]
    outline: tuple[OutlineEntry, ...]
    keywords: tuple[str, ...] = ()


def read_structure(path: Path, *, page_count: int, password: str = "") -> Structure:
    """The structure of a file that has so many pages, each part of it read as far as it can be."""
    numbers = tuple(str(number) for number in range(1, page_count + 1))
    nothing = Structure(title="", page_labels=numbers, outline=())

    def read() -> Structure:
        return _structure(pypdf.PdfReader(path, password=password or None), nothing)

    return _or(nothing, read, "structure")


def _structure(reader: pypdf.PdfReader, nothing: Structure) -> Structure:
    return Structure(
        title=_or("", lambda: _title(reader), "title"),
        page_labels=_or(
            nothing.page_labels, lambda: _labels(reader, nothing.page_labels), "page labels"
        ),
        outline=_or((), lambda: tuple(_entries(reader, reader.outline, level=1)), "outline"),
        keywords=_or((), lambda: _keywords(reader), "keywords"),
    )


def _or(instead: T, read: Callable[[], T], what: str) -> T:
    """What is read, or something instead: pypdf fails on broken files with errors of all kinds."""
    try:
        return read()
    except Exception as error:
        log.warning("the %s of a PDF cannot be read: %s", what, type(error).__name__)
        log.debug("pypdf failed", exc_info=True)
        return instead


def _title(reader: pypdf.PdfReader) -> str:
    stated = reader.metadata.title if reader.metadata else None
    return sane_title((stated or "").replace("\0", " "))


def _keywords(reader: pypdf.PdfReader) -> tuple[str, ...]:
    written = reader.metadata.get("/Keywords") if reader.metadata else None
    stated = str(written or "").replace("\0", " ")
    words = (" ".join(part.split()) for part in BETWEEN_KEYWORDS.split(stated))
    return tuple(filter(None, words))[:MOST_KEYWORDS]


def _labels(reader: pypdf.PdfReader, numbers: tuple[str, ...]) -> tuple[str, ...]:
    labels = reader.page_labels
    if len(labels) != len(numbers):
        return numbers
    return tuple(label or number for label, number in zip(labels, numbers, strict=True))


def _entries(reader: pypdf.PdfReader, outline: Any, *, level: int) -> Iterator[OutlineEntry]:
    """The entries in order. In pypdf's list, a list holds what is below the entry before it."""
    for entry in outline:
        if isinstance(entry, list):
            yield from _entries(reader, entry, level=level + 1)
            continue
        page_index = reader.get_destination_page_number(entry)
        title = " ".join(str(entry.title).replace("\0", " ").split())
        if title and page_index is not None and page_index >= 0:
            yield OutlineEntry(title, level, page_index)

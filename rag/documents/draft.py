"""A document's text as a reader writes it, for the formats whose files are no text themselves.

It keeps the promises of `Document`: clean characters, paragraphs parted by blank lines, and each
heading's span. What goes into it, and how a format is understood, is the reader's.
"""

import re
from collections.abc import Iterable
from pathlib import Path

from rag.documents.hidden import worth_telling
from rag.documents.titles import sane_title
from rag.types import Document, Heading, Kind, Span

LINE_END = re.compile(r"\r\n|[\r\v\x1c-\x1e\x85\u2028\u2029]")
# Control characters, and what is in a text for its setting alone: soft hyphens, zero widths, marks.
INVISIBLE = re.compile("[\x00-\x08\x0c\x0e-\x1b\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff]")
SPACE = re.compile("[\u00a0\u2007\u202f]")  # those at which no line may end
BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
FENCE = "```"
LONGEST_TITLE = 200  # characters; what is longer is a paragraph that somebody styled as a heading


def clean(text: str) -> str:
    """The text with plain spaces and line ends, and without characters that no one can see."""
    visible = INVISIBLE.sub("", SPACE.sub(" ", LINE_END.sub("\n", text)))
    if visible.isascii():
        return visible
    # Halves of surrogate pairs come out of JSON and RTF: two make a character, one makes none.
    return visible.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def one_line(text: str) -> str:
    """The text on one line, with single spaces."""
    return " ".join(clean(text).split())


class Draft:
    """The text so far. Whatever is added is cleaned; what is empty then adds nothing."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._headings: list[Heading] = []
        self._hidden: list[str] = []

    @property
    def text(self) -> str:
        """What was written so far."""
        return "".join(self._parts)

    @property
    def first_heading(self) -> str:
        """The title of the first heading of level 1; empty where there is none."""
        return next((heading.title for heading in self._headings if heading.level == 1), "")

    def add_heading(self, title: str, *, level: int) -> None:
        """A heading on a line of its own; `level` counts from 1, the highest."""
        line = one_line(title)
        start = self._add(line)
        if line and len(line) <= LONGEST_TITLE:
            self._headings.append(Heading(line, max(level, 1), Span(start, start + len(line))))

    def add_paragraph(self, text: str) -> None:
        """A paragraph; its line ends stay, blank lines inside it part it."""
        lines = (line.strip() for line in clean(text).split("\n"))
        self._add(BLANK_LINES.sub("\n\n", "\n".join(lines).strip()))

    def add_lines(self, lines: Iterable[str]) -> None:
        """Lines that belong together, such as list items or table rows; indents stay."""
        cleaned = (clean(line).replace("\n", " ").rstrip() for line in lines)
        self._add("\n".join(line for line in cleaned if line))

    def add_code(self, text: str, *, language: str = "") -> None:
        """Lines as they are, between fences."""
        code = clean(text).strip("\n")
        if code.strip():
            self._add(f"{FENCE}{language}\n{code}\n{FENCE}")

    def note_hidden(self, texts: Iterable[str]) -> None:
        """What nobody sees in the file: told of, and not written."""
        self._hidden += worth_telling(texts)

    def document(self, kind: Kind, path: Path, *, titles: Iterable[str] = ()) -> Document:
        """What was written, under the first title that makes sense, else under the file's name."""
        sane = (sane_title(one_line(title)) for title in titles)
        return Document(
            kind=kind,
            title=next(filter(None, sane), path.stem),
            text=self.text,
            pages=(),
            headings=tuple(self._headings),
            hidden=tuple(self._hidden),
        )

    def _add(self, block: str) -> int:
        """Adds a block after a blank line; gives where it starts."""
        if not block:
            return self._length
        if self._parts:
            self._parts.append("\n\n")
            self._length += 2
        start = self._length
        self._parts.append(block)
        self._length += len(block)
        return start

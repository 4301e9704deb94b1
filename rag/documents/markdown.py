"""Reads Markdown as CommonMark 0.31 defines it (https://spec.commonmark.org/0.31.2/).

The document's text is the file's own, character for character: markup is not taken out, nor are the
wiki links of Obsidian and its like. Front matter stays in the text and goes into no passage; its
title, tags and aliases are the document's. Tags in the text are words of it. So do comments and
hidden elements stay in the text, and go into no passage.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

from rag.documents.encoding import read_text
from rag.documents.hidden import united, worth_telling
from rag.documents.markdown_hidden import hidden_in
from rag.documents.titles import sane_title
from rag.types import Document, Heading, Kind, Span

LINE_END = re.compile(r"\r\n|\r|\n")
FRONT_MATTER = re.compile(
    r"---[ \t]*(?:\r\n|\r|\n)(.*?)(?<=[\r\n])(?:---|\.\.\.)[ \t]*(?=[\r\n]|\Z)", re.DOTALL
)
FRONT_MATTER_TITLE = re.compile(
    r"(?:\A|(?<=[\r\n]))title:[ \t]*(['\"]?)([^\r\n]+?)\1[ \t]*(?=[\r\n]|\Z)"
)
# tags: [bees, honey], aliases: Apis, or one name a line behind a dash.
FRONT_MATTER_NAMES = re.compile(
    r"^(?:tags?|alias(?:es)?|keywords|categories):(.*(?:(?:\r\n|\r|\n)[ \t]*-[ \t].*)*)",
    re.MULTILINE | re.IGNORECASE,
)
BETWEEN_NAMES = re.compile(r"[\[\],\r\n\"']+(?:[ \t]*-[ \t]+)?[\"']*")
# [[Note]], [[Note#Heading|what is shown]], ![[embedded.png]]: https://help.obsidian.md/links
WIKI_LINK = re.compile(r"(!?)\[\[([^\[\]|]+)(?:\|([^\[\]]*))?\]\]")


def read(path: Path) -> Document:
    """The file as a document with its top-level headings, those in quotes and lists left out."""
    text = read_text(path)
    front_matter = FRONT_MATTER.match(text)
    body_start = front_matter.end() if front_matter else 0
    tokens = MarkdownIt("commonmark").parse(text[body_start:])
    starts = _line_starts(text, first=body_start)
    hidden = tuple(united(hidden_in(text, tokens, starts)))
    headings = tuple(
        heading
        for heading in _headings(text, tokens, starts)
        if not any(span.start <= heading.span.start < span.end for span in hidden)
    )
    title = _stated_title(front_matter) or sane_title(_first_heading(headings)) or path.stem
    return Document(
        kind=Kind.MARKDOWN,
        title=title,
        text=text,
        pages=(),
        headings=headings,
        marginalia=((Span(0, body_start),) if body_start else ()) + hidden,
        keywords=tuple(_names(front_matter[1])) if front_matter else (),
        hidden=tuple(worth_telling(span.of(text) for span in hidden)),
    )


def find_headings(text: str, *, body_start: int = 0) -> tuple[Heading, ...]:
    """The headings of the text from `body_start` on, those in quotes and lists left out."""
    tokens = MarkdownIt("commonmark").parse(text[body_start:])
    return tuple(_headings(text, tokens, _line_starts(text, first=body_start)))


def _stated_title(front_matter: re.Match[str] | None) -> str:
    stated = FRONT_MATTER_TITLE.search(front_matter[1]) if front_matter else None
    return stated[2].strip() if stated else ""


def _names(front_matter: str) -> Iterator[str]:
    """Tags and aliases, those of nested tags one by one."""
    for names in FRONT_MATTER_NAMES.finditer(front_matter):
        for name in BETWEEN_NAMES.split(names[1]):
            yield from filter(None, name.strip().lstrip("#").split("/"))


def _first_heading(headings: tuple[Heading, ...]) -> str:
    return next((heading.title for heading in headings if heading.level == 1), "")


def _headings(text: str, tokens: Sequence[Token], starts: Sequence[int]) -> Iterator[Heading]:
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open" and opening.level == 0 and opening.map:
            first, after_last = opening.map
            span = _trimmed(text, starts[first], starts[after_last])
            title = _plain(inline)
            if title:
                yield Heading(title=title, level=int(opening.tag[1:]), span=span)


def _line_starts(text: str, *, first: int) -> list[int]:
    """Where each line begins, with the text's end after the last."""
    return [first, *(end.end() for end in LINE_END.finditer(text, first)), len(text)]


def _trimmed(text: str, start: int, end: int) -> Span:
    line = text[start:end]
    return Span(start + len(line) - len(line.lstrip()), start + len(line.rstrip()))


def _plain(inline: Token) -> str:
    """A heading's words without their markup."""
    words = (child.content or " " for child in inline.children or () if child.type != "image")
    return " ".join(WIKI_LINK.sub(_shown, "".join(words)).split())


def _shown(link: re.Match[str]) -> str:
    """What a wiki link reads as; an embedded file is not the heading's words."""
    return "" if link[1] else link[3] or link[2]

"""A text into its sentences, by spans. What a sentence means, and passages, are for others.

Blank lines part paragraphs; inside one a line end is but white space. A list item, a table row, a
heading and a line of fenced code begin and end where their lines do, as Markdown writes them; so
do a line with tabs between its words, as the readers write a table's row, one that ends in figures,
and one of a table of contents. A row is never cut.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import sentencex

from rag.types import Span

LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
LIST_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+(?=\S)")
TABLE_ROW_OR_HEADING = re.compile(r"\s*(?:\||#{1,6}\s|[-=*_]{3,}\s*$)")
CELLS = re.compile(  # a tab, and not just the one after a list item's marker
    r"(?>(?:\s*(?:[-*+•]|\(?\w{1,3}[.)])\t\s*)?)[^\t]*[^\s][^\S\t]*\t\s*\S|\s*\|.*\|\s*$"
)
FENCE = re.compile(r"\s*(?:```|~~~)")
CONTENTS = re.compile(r"\.\s?\.\s?\.\s?\.[.\s]*\w{1,6}\s*$")  # dots lead to a page's number
FIGURE = re.compile(r"[^\w\s]*\d[\d.,:/]*[^\w\s]*|[-–—$€£%()]+")  # noqa: RUF001  # real dashes
NO_BLANK = re.compile(r"[^\S ]")  # white space all the same

FIGURES_IN_ROW = 3  # so many figures at its end, and a line is a row of a table without lines
LONGEST = 600  # characters; what runs on without an end is cut


@dataclass(frozen=True, slots=True)
class _Block:
    """Whole lines across whose borders no sentence runs."""

    span: Span
    is_sentence: bool  # a row, a heading, a line of code: not to be parted
    is_row: bool = False  # nor to be cut, however long


def split_sentences(text: str) -> tuple[Span, ...]:
    """The sentences of the text in order, without the white space around them.

    They do not overlap, and all that is not white space belongs to one.
    """
    return tuple(piece for block in _blocks(text) for piece in _pieces(text, block))


def _pieces(text: str, block: _Block) -> Iterator[Span]:
    if block.is_row:
        yield _stripped(text, block.span)
        return
    for sentence in [block.span] if block.is_sentence else _sentences(text, block.span):
        yield from _cut(text, _stripped(text, sentence))


def _blocks(text: str) -> Iterator[_Block]:
    start = end = 0
    in_fence = False
    for line in LINE.finditer(text):
        is_fence = FENCE.match(line[1]) is not None
        is_row = not in_fence and _has_cells(line[1])
        is_sentence = is_row or in_fence or is_fence or _is_row_or_heading(line[1])
        if is_sentence or not line[1].strip() or LIST_ITEM.match(line[1]):
            yield _Block(Span(start, end), is_sentence=False)
            start = line.start()
        end = line.end()
        if is_sentence:
            yield _Block(Span(start, end), is_sentence=True, is_row=is_row)
            start = end
        in_fence ^= is_fence
    yield _Block(Span(start, end), is_sentence=False)


def _has_cells(line: str) -> bool:
    return ("\t" in line or "|" in line) and CELLS.match(line) is not None


def _is_row_or_heading(line: str) -> bool:
    last = line.rsplit(maxsplit=FIGURES_IN_ROW)[-FIGURES_IN_ROW:]
    has_figures = len(last) == FIGURES_IN_ROW and all(map(FIGURE.fullmatch, last))
    return has_figures or bool(TABLE_ROW_OR_HEADING.match(line) or CONTENTS.search(line))


def _sentences(text: str, block: Span) -> Iterator[Span]:
    """The sentences of running text; a list item's marker stays with its first."""
    marker = LIST_ITEM.match(text, block.start, block.end)
    words_start = marker.end() if marker else block.start
    # A line end is but a blank to the library. White space keeps its length, so that offsets hold.
    words = NO_BLANK.sub(" ", text[words_start : block.end])
    boundaries = sentencex.get_sentence_boundaries("en", words)
    starts = sorted({words_start + boundary["start_index"] for boundary in boundaries})
    for start, end in pairwise([block.start, *starts[1:], block.end]):
        yield Span(start, end)


def _cut(text: str, sentence: Span) -> Iterator[Span]:
    """A sentence of bearable length, or its parts: cut at a line end, else at white space."""
    start = sentence.start
    while sentence.end - start > LONGEST:
        window = text[start : start + LONGEST]
        at = window.rfind("\n", LONGEST // 2)
        at = at if at > 0 else max(window.rfind(" "), window.rfind("\n"))
        if at <= 0:
            break  # a word without end: nothing to cut at
        yield _stripped(text, Span(start, start + at))
        start = _stripped(text, Span(start + at, sentence.end)).start
    if start < sentence.end:
        yield Span(start, sentence.end)


def _stripped(text: str, span: Span) -> Span:
    """The span without the white space at its ends."""
    inside = span.of(text)
    start = span.end - len(inside.lstrip())
    return Span(start, max(start, span.start + len(inside.rstrip())))

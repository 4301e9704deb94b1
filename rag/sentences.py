"""A text into its sentences, by spans. What a sentence means, and passages, are for others.

Blank lines part paragraphs; inside one a line end is but white space. A list item, a table row, a
heading and a line of fenced code begin and end where their lines do, as Markdown writes them.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import sentencex  # type: ignore[import-untyped]  # a compiled module without stubs

from rag.types import Span

LINE = re.compile(r"([^\r\n]*)(?:\r\n|\r|\n|\Z)")
LIST_ITEM = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s+(?=\S)")
WHOLE_LINE = re.compile(r"\s*(?:\||#{1,6}\s|[-=*_]{3,}\s*$)")
FENCE = re.compile(r"\s*(?:```|~~~)")
WHITE = re.compile(r"\s+")

LONGEST = 600  # characters; what runs on without an end is cut, or a table would be one sentence


def split_sentences(text: str) -> tuple[Span, ...]:
    """The sentences of the text in order, without the white space around them.

    They do not overlap, and all that is not white space belongs to one.
    """
    return tuple(
        piece
        for block in _blocks(text)
        for sentence in _sentences(text, block)
        for piece in _cut(text, sentence)
    )


def _blocks(text: str) -> Iterator[Span]:
    """Stretches of whole lines across whose borders no sentence runs."""
    start = end = 0
    in_fence = False
    for line in LINE.finditer(text):
        is_fence = FENCE.match(line[1]) is not None
        is_alone = in_fence or is_fence or WHOLE_LINE.match(line[1]) is not None
        if is_alone or not line[1].strip() or LIST_ITEM.match(line[1]):
            yield Span(start, end)
            start = line.start()
        end = line.end()
        if is_alone:
            yield Span(start, end)
            start = end
        in_fence ^= is_fence
    yield Span(start, end)


def _sentences(text: str, block: Span) -> Iterator[Span]:
    block = _stripped(text, block)
    if not len(block):
        return
    marker = LIST_ITEM.match(text, block.start, block.end)
    words_start = marker.end() if marker else block.start
    # White space of any kind and length counts as one blank, but keeps its length: offsets hold.
    words = WHITE.sub(lambda white: " " * len(white[0]), text[words_start : block.end])
    boundaries = sentencex.get_sentence_boundaries("en", words)
    starts = sorted({words_start + boundary["start_index"] for boundary in boundaries})
    for start, end in pairwise([block.start, *starts[1:], block.end]):
        sentence = _stripped(text, Span(start, end))
        if len(sentence):
            yield sentence


def _cut(text: str, sentence: Span) -> Iterator[Span]:
    """A sentence of bearable length, or its parts: cut at a line end, else at white space."""
    start = sentence.start
    while sentence.end - start > LONGEST:
        window = text[start : start + LONGEST]
        at = window.rfind("\n", LONGEST // 2)
        at = at if at > 0 else max(window.rfind(" "), window.rfind("\n"))
        if at <= 0:
            break
        yield _stripped(text, Span(start, start + at))
        start = _stripped(text, Span(start + at, sentence.end)).start
    yield Span(start, sentence.end)


def _stripped(text: str, span: Span) -> Span:
    """The span without the white space at its ends."""
    inside = span.of(text)
    start = span.end - len(inside.lstrip())
    return Span(start, max(start, span.start + len(inside.rstrip())))

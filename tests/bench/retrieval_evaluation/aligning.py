"""A text as a reader took it from a PDF, laid against the text that was typeset.

Only letters and digits count, in small letters: white space, hyphens, ligatures and what is in
between (running heads, page numbers) differ from reader to reader. So places are told as numbers
of these characters, and two readers' texts have the same places.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rag.types import Span

ANCHOR = 20  # characters that must agree before what follows is taken for the same text
LONG_ANCHOR = 60  # the same, where all of the text is searched
NEAR = 4_000  # characters in which the text is expected to go on: whole paragraphs occur twice
PATIENCE = 300  # characters without a place, a running head or so, before all of it is searched
NOWHERE = -1


@dataclass(frozen=True, slots=True)
class Squeezed:
    """The characters of a text that count, and the offset of each in it."""

    text: str
    offsets: tuple[int, ...]

    def span(self, span: Span) -> Span:
        """A span of the whole text as one of these characters."""
        return Span(bisect_left(self.offsets, span.start), bisect_left(self.offsets, span.end))


def squeeze(text: str, counts: Callable[[str], bool] = str.isalnum) -> Squeezed:
    """A text's letters and digits, compatible forms (NFKC) resolved, where `counts` holds."""
    kept = [
        (character, offset)
        for offset, original in enumerate(text)
        if counts(original)
        for character in unicodedata.normalize("NFKC", original).lower()
        if character.isalnum()
    ]
    return Squeezed("".join(each for each, _ in kept), tuple(offset for _, offset in kept))


class Alignment:
    """Where the characters of one text that was read lie in the one that was typeset."""

    def __init__(self, read: str, typeset: str) -> None:
        """`typeset` is squeezed already."""
        self._read = squeeze(read, counts=lambda _: True)
        self._places = align(self._read.text, typeset)

    def places(self, span: Span) -> list[Span]:
        """Where the characters of a span of the text that was read were typeset, as runs."""
        inside = self._read.span(span)
        return runs(self._places[inside.start : inside.end])


def runs(places: Iterable[int]) -> list[Span]:
    """Places that follow each other, as spans; what is nowhere is left out."""
    spans: list[Span] = []
    for place in places:
        if place == NOWHERE:
            continue
        if spans and spans[-1].end == place:
            spans[-1] = Span(spans[-1].start, place + 1)
        else:
            spans.append(Span(place, place + 1))
    return spans


def align(read: str, typeset: str) -> Sequence[int]:
    """For each character of `read` its place in `typeset`, or NOWHERE.

    The next characters that stand in the typeset text, near where it was left or else anywhere,
    are where both are followed from, as long as they agree.
    """
    places = [NOWHERE] * len(read)
    at = there = 0
    lost = PATIENCE  # a piece may begin anywhere
    while at < len(read):
        found = near(read[at : at + ANCHOR], typeset, there)
        if found == NOWHERE and lost >= PATIENCE:
            found = anywhere(read[at : at + LONG_ANCHOR], typeset)
        if found == NOWHERE:
            at, lost = at + 1, lost + 1
            continue
        length = agreement(read, at, typeset, found)
        places[at : at + length] = range(found, found + length)
        at, there, lost = at + length, found + length, 0
    return places


def agreement(one: str, at: int, other: str, there: int) -> int:
    """How many characters are the same from here on."""
    length, step = 0, 1
    while step:
        end = min(step, len(one) - at - length, len(other) - there - length)
        start, other_start = at + length, there + length
        if end > 0 and one[start : start + end] == other[other_start : other_start + end]:
            length, step = length + end, step * 2
        else:
            step //= 2
    return length


def near(anchor: str, typeset: str, there: int) -> int:
    """Where the anchor stands nearest to where the text was left."""
    after = typeset.find(anchor, there, there + NEAR)
    before = typeset.rfind(anchor, max(0, there - NEAR), there)
    if NOWHERE in (after, before):
        return max(after, before)
    return min(after, before, key=lambda place: abs(place - there))


def anywhere(anchor: str, typeset: str) -> int:
    """Where the anchor stands, if that is one place alone."""
    first = typeset.find(anchor) if len(anchor) == LONG_ANCHOR else NOWHERE
    return first if first == typeset.rfind(anchor) else NOWHERE

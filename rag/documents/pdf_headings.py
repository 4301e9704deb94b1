"""Which lines of a PDF are its headings: those its outline names, and those set as headings are.

How a heading is set, by larger or bold type, is told by `pdf_typography`.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from rag.documents.pdf_lines import Line
from rag.documents.pdf_pages import PageLines
from rag.documents.pdf_structure import OutlineEntry
from rag.documents.pdf_typography import NUMBERING, headings_by_type, joined

MOST_LINES = 3  # a heading runs over

Place = tuple[int, int]  # a page's index and a line's number on it


@dataclass(frozen=True, slots=True)
class HeadingLines:
    """The lines [first, after_last) of a page, which are a heading."""

    title: str
    level: int
    page_index: int
    first: int
    after_last: int

    def places(self) -> set[Place]:
        """Its lines, each by its page and its number there."""
        return {(self.page_index, at) for at in range(self.first, self.after_last)}


def find_headings(
    pages: Sequence[PageLines], outline: Sequence[OutlineEntry]
) -> tuple[HeadingLines, ...]:
    """The headings in reading order, none overlapping another.

    An outline with fewer entries than there are pages names the parts alone: what is set as a
    heading stands below them.
    """
    found: list[HeadingLines] = []
    taken: set[Place] = set()
    for heading in _named(pages, outline):
        if taken.isdisjoint(heading.places()):
            taken |= heading.places()
            found.append(heading)
    if len(found) < len(pages):
        found += _set_as_headings(pages, taken, below=max((h.level for h in found), default=0))
    return tuple(sorted(found, key=lambda heading: (heading.page_index, heading.first)))


def _set_as_headings(
    pages: Sequence[PageLines], taken: Collection[Place], *, below: int
) -> Iterator[HeadingLines]:
    for heading in headings_by_type(pages, taken):
        yield HeadingLines(
            title=heading.title,
            level=below + heading.level,
            page_index=heading.page_index,
            first=heading.first,
            after_last=heading.after_last,
        )


# --- by the outline -----------------------------------------------------------------------------


def _named(pages: Sequence[PageLines], outline: Sequence[OutlineEntry]) -> Iterator[HeadingLines]:
    """The outline's entries that stand on the page they lead to: in a line, or in a few, alone."""
    page_index, after = 0, 0
    for entry in outline:
        if entry.page_index != page_index:
            page_index, after = entry.page_index, 0
        place = None
        if page_index < len(pages):
            place = _place_of(entry.title, pages[page_index], after=after)
        if place:
            after = place.stop
            yield HeadingLines(entry.title, entry.level, page_index, place.start, place.stop)


def _place_of(title: str, page: PageLines, *, after: int) -> slice | None:
    """The lines that are most like the title, if any are, rather `after` the entry before it."""
    whole, unnumbered = _keys(title)
    lines = page.lines

    def likeness(place: slice) -> tuple[bool, float, bool]:
        # A running title may say the same: the heading is larger.
        size = min(line.size for line in lines[place])
        return place.start >= after, round(size, 1), _key(joined(lines[place])) == whole

    wanted = {whole, unnumbered} - {""}
    longest = max(map(len, wanted), default=0)
    places = [
        place
        for place in _stretches(page.body, lines, longest)
        if not wanted.isdisjoint(_keys(joined(lines[place])))
    ]
    return max(places, key=likeness, default=None)


def _stretches(body: range, lines: Sequence[Line], longest: int) -> Iterator[slice]:
    """The stretches of lines that may say so much, and a numbering besides."""
    for first in body:
        length = 0
        for after_last in range(first + 1, min(first + MOST_LINES, body.stop) + 1):
            length += len(re.sub(r"\W", "", lines[after_last - 1].text))
            if length > longest + len("appendix") + MOST_LINES:
                break
            yield slice(first, after_last)


def _keys(title: str) -> tuple[str, str]:
    """What is compared of a title: its letters and digits, with the numbering and without."""
    numbering = NUMBERING.match(title)
    unnumbered = title[numbering.end() :] if numbering else title
    return _key(title), _key(unnumbered)


def _key(words: str) -> str:
    return "".join(filter(str.isalnum, words.casefold()))

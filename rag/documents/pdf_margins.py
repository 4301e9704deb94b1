"""Running heads and feet and page numbers: what stands in the same place page after page.

Their numbers aside they say the same on many pages, and nothing else is further out. A lone number
that is the page's own needs no other pages to be known.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.documents.pdf_lines import Line

SAME_HEIGHT = 0.35  # times the type's size
FARTHEST_IN = 4  # heights of lines from the page's edge are looked at
FEWEST_PAGES = 3
BUCKET = 3.0  # points: heads stand at the same height but for so much
APART = 1.6  # times the type's size: the distance to the text at least, or it may be a table's head
MANY_PAGES = 0.25  # a foot on so many of the pages may stand closer

ANYWHERE = -1  # in the place of a height

NUMBER = re.compile(r"\d+")
PAGE_NUMBER = re.compile(
    r"[-\u2013\u2014\s|]*(?:page\s+|seite\s+|p\.\s*)?#[-\u2013\u2014\s|]*(?:(?:of|von|/)\s*#)?",
    re.I,
)

Lines = tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Margins:
    """A page's lines, parted into what belongs to every page and what is its own."""

    head: Lines
    body: Lines
    foot: Lines


def part_margins(pages: Sequence[Lines], page_labels: Sequence[str]) -> Iterator[Margins]:
    """Each page's lines, in the file's order in each part."""
    edges = [_Edges(lines, label) for lines, label in zip(pages, page_labels, strict=True)]
    seen = Counter(key for page in edges for side in page.sides() for key in {*side.places()})
    for page in edges:
        yield page.parted(seen, many=max(FEWEST_PAGES, math.ceil(MANY_PAGES * len(pages))))


@dataclass(frozen=True, slots=True)
class _Level:
    """What stands at one height of a page."""

    numbers: tuple[int, ...]  # of its lines
    y: float
    size: float
    words: str  # numbers, and the page's own label, as "#"


Place = tuple[bool, str, int]  # whether on top, what it says, and how high it stands


@dataclass(frozen=True, slots=True)
class _Side:
    """The outer levels of a page from one of its edges inwards."""

    levels: Sequence[_Level]
    is_top: bool

    def places(self) -> Iterator[Place]:
        for level in self.levels[:1]:
            yield self.is_top, level.words, ANYWHERE
        for level in self.levels[:FARTHEST_IN]:
            yield self._place(level)

    def marginal(self, seen: Counter[Place], *, many: int) -> frozenset[int]:
        """The lines that belong to every page, as long as they stand apart from the text.

        A foot that is there on `many` pages need not, nor need it stand at the same height.
        """
        found = 0
        for level in self.levels[:FARTHEST_IN]:
            is_number = found == 0 and PAGE_NUMBER.fullmatch(level.words)
            if not (is_number or self._is_repeated(level, seen, FEWEST_PAGES, many)):
                break
            found += 1
        while found and not self._stands_apart(found):
            last = self.levels[found - 1]
            if not self.is_top and self._is_repeated(last, seen, many, many):
                break
            found -= 1
        return frozenset(number for level in self.levels[:found] for number in level.numbers)

    def _is_repeated(
        self, level: _Level, seen: Counter[Place], at_its_height: int, anywhere: int
    ) -> bool:
        is_outermost_foot = not self.is_top and level is self.levels[0]
        return self._count(level, seen) >= at_its_height or (
            is_outermost_foot and seen[self.is_top, level.words, ANYWHERE] >= anywhere
        )

    def _stands_apart(self, found: int) -> bool:
        last = self.levels[found - 1]
        if found == len(self.levels) or PAGE_NUMBER.fullmatch(last.words):
            return True
        following = self.levels[found]
        return abs(last.y - following.y) >= APART * max(last.size, following.size)

    def _place(self, level: _Level, offset: int = 0) -> Place:
        return self.is_top, level.words, round(level.y / BUCKET) + offset

    def _count(self, level: _Level, seen: Counter[Place]) -> int:
        return sum(seen[self._place(level, offset)] for offset in (-1, 0, 1))


class _Edges:
    """The two edges of a page."""

    def __init__(self, lines: Lines, label: str) -> None:
        self._lines = lines
        groups = list(_heights(lines))
        outer = FARTHEST_IN + 1  # and the one that they must stand apart from
        self._top = [_level(lines, group, label) for group in groups[:outer]]
        self._bottom = [_level(lines, group, label) for group in groups[: -outer - 1 : -1]]

    def sides(self) -> tuple[_Side, _Side]:
        return _Side(self._top, is_top=True), _Side(self._bottom, is_top=False)

    def parted(self, seen: Counter[Place], *, many: int) -> Margins:
        top, bottom = self.sides()
        head = top.marginal(seen, many=many)
        foot = bottom.marginal(seen, many=many) - head
        if len(head) + len(foot) == len(self._lines):
            return Margins((), self._lines, ())  # nothing else is there: it is the page's own
        own = [at for at in range(len(self._lines)) if at not in head and at not in foot]
        return Margins(self._these(sorted(head)), self._these(own), self._these(sorted(foot)))

    def _these(self, numbers: Sequence[int]) -> Lines:
        return tuple(self._lines[number] for number in numbers)


def _heights(lines: Lines) -> Iterator[tuple[int, ...]]:
    """The lines' numbers, height by height from the top."""
    group: list[int] = []
    for number in sorted(range(len(lines)), key=lambda number: -lines[number].y):
        first = lines[group[0]] if group else None
        if first and first.y - lines[number].y > SAME_HEIGHT * first.size:
            yield tuple(group)
            group = []
        group.append(number)
    if group:
        yield tuple(group)


def _level(lines: Lines, numbers: tuple[int, ...], label: str) -> _Level:
    group = sorted((lines[number] for number in numbers), key=lambda line: line.x)
    words = "|".join(_words(line.text, label) for line in group)
    return _Level(numbers, group[0].y, max(line.size for line in group), words)


def _words(text: str, label: str) -> str:
    return "#" if text.strip("-– ") == label else NUMBER.sub("#", text.casefold())  # noqa: RUF001

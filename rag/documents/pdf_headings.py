"""Which lines of a PDF are its headings: those its outline names, or else those in larger type."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from rag.documents.pdf_lines import Line
from rag.documents.pdf_structure import OutlineEntry

LARGER = 1.15  # times the body's type: what a heading has at least
LONGEST_HEADING = 120  # characters
MOST_LINES = 3  # a heading runs over
MOST_LEVELS = 4
MOST_HEADINGS = 0.2  # of all lines; where there would be more, size does not tell headings apart

NUMBERING = re.compile(
    r"\s*(?:(?:chapter|section|part|appendix|item|kapitel|teil|abschnitt|chapitre)\s+)?"
    r"(?:\d+(?:\.\d+)*|[IVXLC]+|[A-Z](?:\.\d+)*)[.):]?\s+(?=\S)",
    re.IGNORECASE,
)

Pages = Sequence[Sequence[Line]]


@dataclass(frozen=True, slots=True)
class HeadingLines:
    """The lines [first, after_last) of a page, which are a heading."""

    title: str
    level: int
    page_index: int
    first: int
    after_last: int


def find_headings(pages: Pages, outline: Sequence[OutlineEntry]) -> tuple[HeadingLines, ...]:
    """The headings in reading order, none overlapping another."""
    found = _named(pages, outline) if outline else _larger(pages)
    ordered = sorted(found, key=lambda heading: (heading.page_index, heading.first))
    kept: list[HeadingLines] = []
    for heading in ordered:
        if not kept or _place_after(kept[-1]) <= (heading.page_index, heading.first):
            kept.append(heading)
    return tuple(kept)


def largest_line(pages: Pages) -> str:
    """What stands in clearly the largest type on the first page; empty where nothing does."""
    lines = pages[0] if pages else ()
    largest = max((line.size for line in lines if line.letter_count >= 3), default=0.0)
    if largest < LARGER * _body_size(pages):
        return ""
    for is_largest, group in groupby(lines, key=lambda line: line.size > 0.95 * largest):
        title = _joined(list(group)[:MOST_LINES])
        if is_largest and sum(map(str.isalpha, title)) >= 3 and len(title) <= LONGEST_HEADING:
            return title
    return ""


# --- by the outline -----------------------------------------------------------------------------


def _named(pages: Pages, outline: Sequence[OutlineEntry]) -> Iterator[HeadingLines]:
    """The outline's entries that stand on the page they lead to: in a line, or in a few, alone."""
    for entry in outline:
        lines = pages[entry.page_index] if entry.page_index < len(pages) else ()
        wanted = _keys(entry.title)
        places = [place for place in _stretches(lines) if wanted & _keys(_joined(lines[place]))]
        if places:
            # The running title on top of the page may say the same: the heading is larger.
            place = max(places, key=lambda place: lines[place.start].size)
            yield HeadingLines(entry.title, entry.level, entry.page_index, place.start, place.stop)


def _stretches(lines: Sequence[Line]) -> Iterator[slice]:
    for first in range(len(lines)):
        for after_last in range(first + 1, min(first + MOST_LINES, len(lines)) + 1):
            yield slice(first, after_last)


def _keys(title: str) -> set[str]:
    """What is compared of a title: letters and digits, with the numbering and without."""
    unnumbered = NUMBERING.sub("", title, count=1)
    keys = {"".join(filter(str.isalnum, words.casefold())) for words in (title, unnumbered)}
    return keys - {""}


# --- by the size of the type --------------------------------------------------------------------


def _larger(pages: Pages) -> list[HeadingLines]:
    least = LARGER * _body_size(pages)
    found = [
        (page_index, first, lines)
        for page_index, page in enumerate(pages)
        for first, lines in _alike(page)
        if lines[0].size >= least and _looks_like_a_heading(lines)
    ]
    if sum(len(lines) for _, _, lines in found) > MOST_HEADINGS * sum(map(len, pages)):
        return []
    sizes = sorted({round(lines[0].size) for _, _, lines in found}, reverse=True)
    return [
        HeadingLines(
            title=_joined(lines),
            level=min(sizes.index(round(lines[0].size)) + 1, MOST_LEVELS),
            page_index=page_index,
            first=first,
            after_last=first + len(lines),
        )
        for page_index, first, lines in found
    ]


def _alike(page: Sequence[Line]) -> Iterator[tuple[int, list[Line]]]:
    """Neighbouring lines of one size, with the number of the first."""
    first = 0
    for _, group in groupby(page, key=lambda line: (round(line.size, 1), line.is_even)):
        lines = list(group)
        yield first, lines
        first += len(lines)


def _looks_like_a_heading(lines: list[Line]) -> bool:
    title = _joined(lines)
    return (
        len(lines) <= MOST_LINES
        and 3 <= len(title) <= LONGEST_HEADING
        and all(line.is_even for line in lines)
        and sum(map(str.isalpha, title)) >= 0.5 * len(title.replace(" ", ""))
        and not title.endswith((".", ",", ";"))
    )


def _body_size(pages: Pages) -> float:
    """The size that most characters have, by the lines they stand in."""
    characters: Counter[float] = Counter()
    for page in pages:
        for line in page:
            characters[round(line.size, 1)] += len(line.text)
    return characters.most_common(1)[0][0] if characters else 0.0


def _joined(lines: Sequence[Line]) -> str:
    return " ".join(" ".join(line.text for line in lines).split())


def _place_after(heading: HeadingLines) -> tuple[int, int]:
    return (heading.page_index, heading.after_last)

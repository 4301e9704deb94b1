"""Which lines of a PDF are its headings: those its outline names, or else those in larger type."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rag.documents.pdf_lines import Line
from rag.documents.pdf_structure import OutlineEntry

LARGER = 1.15  # times the body's type: what a heading has at least
LONGEST_HEADING = 120  # characters
MOST_LINES = 3  # a heading runs over
FARTHEST = 2.0  # times its size: the pitch of its lines
MOST_LEVELS = 4
MOST_HEADINGS = 0.2  # of all lines; where there would be more, size does not tell headings apart

CONTENTS = {"contents", "table of contents", "inhalt", "inhaltsverzeichnis"}  # name no document

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
    found = list(_named(pages, outline)) or _larger(pages)
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
    titles = (_joined(group) for _, group in _alike(lines) if group[0].size > 0.95 * largest)
    return next((title for title in titles if _is_title(title)), "")


def _is_title(words: str) -> bool:
    has_words = sum(map(str.isalpha, words)) >= 3
    return has_words and len(words) <= LONGEST_HEADING and words.casefold() not in CONTENTS


# --- by the outline -----------------------------------------------------------------------------


def _named(pages: Pages, outline: Sequence[OutlineEntry]) -> Iterator[HeadingLines]:
    """The outline's entries that stand on the page they lead to: in a line, or in a few, alone."""
    page_index = after = 0
    for entry in outline:
        if entry.page_index != page_index:
            page_index, after = entry.page_index, 0
        lines = pages[page_index] if page_index < len(pages) else ()
        place = _place_of(entry.title, lines, after=after)
        if place:
            after = place.stop
            yield HeadingLines(entry.title, entry.level, page_index, place.start, place.stop)


def _place_of(title: str, lines: Sequence[Line], *, after: int) -> slice | None:
    """The lines that are most like the title, if any are, rather `after` the entry before it."""
    whole, unnumbered = _keys(title)

    def likeness(place: slice) -> tuple[bool, float, bool]:
        # The running title on top of the page may say the same: the heading is larger.
        size = min(line.size for line in lines[place])
        return place.start >= after, round(size, 1), _key(_joined(lines[place])) == whole

    wanted = {whole, unnumbered} - {""}
    places = [
        place for place in _stretches(lines) if not wanted.isdisjoint(_keys(_joined(lines[place])))
    ]
    return max(places, key=likeness, default=None)


def _stretches(lines: Sequence[Line]) -> Iterator[slice]:
    for first in range(len(lines)):
        for after_last in range(first + 1, min(first + MOST_LINES, len(lines)) + 1):
            yield slice(first, after_last)


def _keys(title: str) -> tuple[str, str]:
    """What is compared of a title: its letters and digits, with the numbering and without."""
    numbering = NUMBERING.match(title)
    unnumbered = title[numbering.end() :] if numbering else title
    return _key(title), _key(unnumbered)


def _key(words: str) -> str:
    return "".join(filter(str.isalnum, words.casefold()))


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


def _alike(page: Sequence[Line]) -> Iterator[tuple[int, Sequence[Line]]]:
    """Neighbouring lines of one size, with the number of the first."""
    if not page:
        return
    first = 0
    for at, (above, below) in enumerate(pairwise(page), start=1):
        if not _belong_together(above, below):
            yield first, page[first:at]
            first = at
    yield first, page[first:]


def _belong_together(above: Line, below: Line) -> bool:
    is_near = 0 <= above.y - below.y < FARTHEST * below.size
    return is_near and abs(above.size - below.size) < 0.05 * below.size


def _looks_like_a_heading(lines: Sequence[Line]) -> bool:
    title = _joined(lines)
    return (
        len(lines) <= MOST_LINES
        and 3 <= len(title) <= LONGEST_HEADING
        and all(line.is_even for line in lines)
        and sum(map(str.isalpha, title)) >= 0.5 * len(title.replace(" ", ""))
        and (title[0].isupper() or title[0].isdigit())
        and not title.endswith((".", ",", ";", ":"))
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

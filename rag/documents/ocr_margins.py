"""What recognised pages have in their margins: running heads and feet, and page numbers.

Told by what stands first or last on several pages, numbers apart; of one page nothing is told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from rag.types import Page, ScannedLine, Span

FEWEST_PAGES = 3  # with the same line at the same place
AT_AN_EDGE = 2  # lines at the top, and as many at the foot, may be those of every page
SAME_PLACE = 2.0  # heights of the line
LEAST_BETWEEN = 4  # lines: a page of fewer has a text so short that any of it may come again

NUMBER = re.compile(r"\d+|\b[ivxlc]+\b")

Edge: TypeAlias = tuple[str, int]  # the letters, 0 for numbers, and which line from which end


def margins_of(pages: Sequence[Page], text: str) -> tuple[Span, ...]:
    """The spans of the lines in the margins of recognised pages, in reading order."""
    alike: defaultdict[Edge, list[ScannedLine]] = defaultdict(list)
    for page in pages:
        for edge, line in _edges(page.lines, text):
            alike[edge].append(line)
    repeated = (line for lines in alike.values() for line in _in_one_place(lines))
    return tuple(sorted((line.span for line in repeated), key=lambda span: span.start))


def _edges(lines: Sequence[ScannedLine], text: str) -> Iterator[tuple[Edge, ScannedLine]]:
    if len(lines) < 2 * AT_AN_EDGE + LEAST_BETWEEN:
        return
    from_top = sorted(lines, key=lambda line: line.box.top)
    for at in (*range(AT_AN_EDGE), *range(-AT_AN_EDGE, 0)):
        line = from_top[at]
        # Recognition is not sure of blanks and dashes: "- 4 -" comes as "-4-" on the next page.
        words = NUMBER.sub("0", line.span.of(text).casefold())
        yield ("".join(filter(str.isalnum, words)), at), line


def _in_one_place(lines: Sequence[ScannedLine]) -> list[ScannedLine]:
    """Those of the lines that share the place of the middle one, if they are enough."""
    middle = sorted(line.box.top for line in lines)[len(lines) // 2]
    there = [line for line in lines if abs(line.box.top - middle) < SAME_PLACE * line.box.height]
    return there if len(there) >= FEWEST_PAGES else []

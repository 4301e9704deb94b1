"""Which lines of a PDF page are read together: its columns, from left to right.

A file may draw its columns in any order, even line by line across all of them. Only a page that is
clearly set in columns is touched: running text on both sides of a blank strip. Lines that cross
the strip, headings and figures, part what is above them from what is below.
"""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from statistics import median

from rag.documents.pdf_lines import Line, cut, parts_of
from rag.documents.pdf_order import in_order

NARROWEST = 0.8  # times the type's size: the blank strip between two columns
FEWEST_LINES = 8  # of running text in a column
SHORTEST_LINE = 20  # characters, for half of a column's lines
RUNNING_ON = 0.3  # of a column's lines begin with a small letter: they run on from the line before
FULL = 0.6  # of a column's width, for half of its lines
ALMOST_ALL = 0.95  # of the lines before a strip end before it; a page number may stand in it
MOST_CROSSING = 0.5  # of the page's lines: what crosses the strip
MOST_RISES = 0.2  # of a column's steps may go up before its order is mended too

Block = tuple[Line, ...]


def blocks_of(lines: Sequence[Line]) -> Iterator[Block]:
    """The lines in the order in which they are read, those of one column of one height together.

    A page that is not set in columns is one block.
    """
    gutter = _gutter(lines)
    if gutter is None:
        yield in_order(lines)
        return
    pieces = [piece for line in lines for piece in _cut_at(line, gutter)]
    crossing = sorted(-piece.y for piece in pieces if _side(piece, gutter) == CROSSING)

    def place(piece: Line) -> tuple[int, int]:
        # How many lines across both columns are above it; those come after what they close off.
        return bisect_left(crossing, -piece.y), _side(piece, gutter)

    for _, block in groupby(sorted(pieces, key=place), key=place):
        yield from blocks_of(_from_top(tuple(block)))


LEFT, RIGHT, CROSSING = range(3)


def _side(line: Line, gutter: float) -> int:
    if line.right <= gutter:
        return LEFT
    return RIGHT if line.x >= gutter else CROSSING


def _cut_at(line: Line, gutter: float) -> tuple[Line, ...]:
    across = [gap for gap in line.gaps if gap.left <= gutter <= gap.right]
    return cut(line, across) if across else (line,)


def _from_top(block: Block) -> Block:
    """A column in the file's order, unless that jumps about."""
    rises = sum(below.y > above.y + 0.5 * above.size for above, below in pairwise(block))
    if rises <= MOST_RISES * len(block):
        return block
    return tuple(sorted(block, key=lambda line: (-round(line.y), line.x)))


def _gutter(lines: Sequence[Line]) -> float | None:
    """The middle of the blank strip between the first two columns, if there are columns."""
    if len(lines) < FEWEST_LINES:
        return None
    strips = list(_strips(lines, NARROWEST * median(line.size for line in lines)))
    if not strips:
        return None
    parts = [part for line in lines for part in parts_of(line)]
    for gutter in strips:
        sides = [_side(part, gutter) for part in parts]
        left = [part for part, side in zip(parts, sides, strict=True) if side == LEFT]
        right = [part for part, side in zip(parts, sides, strict=True) if side == RIGHT]
        if sides.count(CROSSING) > MOST_CROSSING * len(parts) or not _is_column(left):
            continue
        # What is at the right may be several columns: then the first of them is looked at.
        ends = [math.inf, *(strip for strip in strips if strip > gutter)]
        firsts = ([part for part in right if part.right <= end] for end in ends)
        if any(_is_column(first) and _stand_side_by_side(left, first) for first in firsts):
            return gutter
    return None


def _strips(lines: Sequence[Line], least: float) -> Iterator[float]:
    """The middles of the blank strips, `least` wide or more, at whose right many lines begin."""
    reaches = list(_reaches(lines))
    starts = Counter(round(left) for left, _ in reaches)
    for x in sorted(x for x, count in starts.items() if count >= FEWEST_LINES // 2):
        ends = sorted(right for _, right in reaches if right <= x)
        if len(ends) >= FEWEST_LINES:
            end = ends[int(ALMOST_ALL * (len(ends) - 1))]
            if x - end >= least:
                yield (x + end) / 2


def _reaches(lines: Sequence[Line]) -> Iterator[tuple[float, float]]:
    """From where to where the parts of the lines reach."""
    for line in lines:
        left = line.x
        for gap in line.gaps:
            yield left, gap.left
            left = gap.right
        yield left, line.right


def _is_column(parts: Sequence[Line]) -> bool:
    """Whether this is running text that fills a column."""
    if len(parts) < FEWEST_LINES:
        return False
    width = max(part.right for part in parts) - min(part.x for part in parts)
    running_on = sum(part.text[0].islower() for part in parts)
    return (
        median(len(part.text) for part in parts) >= SHORTEST_LINE
        and median(part.right - part.x for part in parts) >= FULL * width
        and running_on >= RUNNING_ON * len(parts)
    )


def _stand_side_by_side(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether the columns share more than half of the lower one's height."""
    low = max(min(part.y for part in side) for side in (left, right))
    high = min(max(part.y for part in side) for side in (left, right))
    heights = (
        max(part.y for part in side) - min(part.y for part in side) for side in (left, right)
    )
    return high - low > 0.5 * min(heights)

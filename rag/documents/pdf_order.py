"""Which order a block of a PDF page's lines is read in, where the file's own cannot be right.

Files draw their lines in any order; mostly in that of reading, and it alone knows what belongs
together. So it is kept unless the page itself leaves no doubt.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from rag.documents.pdf_lines import Line

Lines = tuple[Line, ...]

BESIDE = 0.9  # of the smaller size: lines whose baselines are nearer stand beside each other
RISE = 0.5  # of a size: so far above the line before, it goes up
PITCHES = (0.8, 1.6)  # of a size: from a line to the next of its paragraph
FEWEST_LETTERS = 3
LEVEL = 0.01  # radians


def in_order(lines: Sequence[Line]) -> Lines:
    """The lines from top to bottom if none of them stands beside another.

    Otherwise only paragraphs that were drawn from their last line up are turned over.
    """
    if not any(_rises(above, below) for above, below in pairwise(lines)):
        return tuple(lines)
    from_top = sorted(lines, key=lambda line: -line.y)
    is_one_way = max(line.angle for line in lines) - min(line.angle for line in lines) < LEVEL
    if is_one_way and not any(_stand_beside(one, other) for one, other in pairwise(from_top)):
        return tuple(from_top)
    return tuple(line for climb in _climbs(lines) for line in reversed(climb))


def _rises(above: Line, below: Line) -> bool:
    return below.y > above.y + RISE * above.size


def _stand_beside(one: Line, other: Line) -> bool:
    return abs(one.y - other.y) < BESIDE * min(one.size, other.size)


def _climbs(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines in stretches each of which goes up line by line; most have one line."""
    climb: list[Line] = []
    for line in lines:
        if climb and not _climbs_on(climb[-1], line):
            yield climb
            climb = []
        climb.append(line)
    if climb:
        yield climb


def _climbs_on(last: Line, line: Line) -> bool:
    least, most = PITCHES
    is_alike = (
        abs(line.size - last.size) < 0.05 * last.size and abs(line.angle - last.angle) < LEVEL
    )
    is_next = least * last.size <= line.y - last.y <= most * last.size
    overlaps = min(line.right, last.right) > max(line.x, last.x)
    has_words = min(line.letter_count, last.letter_count) >= FEWEST_LETTERS
    return is_alike and is_next and overlaps and has_words

"""The lines recognised in a picture into one text: columns one after the other, rows from left to
right, paragraphs apart.

Works on boxes alone, those of a picture that stands upright; what is in the picture is for others.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import TypeAlias

from rag.types import Box, Span

CELL_BREAK = "\t"  # as in the tables of other PDFs
CELL_GAP = 1.5  # of a line's height: what is farther apart stands in two cells
WIDER = 1.35  # times the usual pitch: the gap that ends a paragraph
COLUMN_GAP = 0.35  # of a line's height; `ocr_ink` has cut lines at gaps of 0.4, boxes vary
COLUMN_WIDTH = 8.0  # times a line's height: what is narrower is a column of a table
COLUMN_LINES = 3  # at the least
FULLNESS = 0.5  # of the width of a column of prose, its lines' median


@dataclass(frozen=True, slots=True)
class PictureLine:
    """A line of text in a picture: never empty."""

    text: str
    box: Box  # in pixels from the picture's top left
    score: float  # 0 to 1: how sure the recognition is


Row: TypeAlias = tuple[PictureLine, ...]  # beside each other, from left to right


def lay_out(lines: Sequence[PictureLine]) -> tuple[str, tuple[tuple[PictureLine, Span], ...]]:
    """The text and, in reading order, the lines with their places in it."""
    rows = tuple(_reading_order(lines))
    pitch = _usual_pitch(rows)
    parts: list[str] = []
    placed: list[tuple[PictureLine, Span]] = []
    length = 0
    previous: Row = ()
    for row in rows:
        break_before = _break(previous, row, pitch) if previous else ""
        for at, line in enumerate(row):
            parts += (_cell_break(row[at - 1], line) if at else break_before), line.text
            length += len(parts[-2])
            placed.append((line, Span(length, length + len(line.text))))
            length += len(line.text)
        previous = row
    return "".join(parts), tuple(placed)


def _cell_break(before: PictureLine, after: PictureLine) -> str:
    is_far = after.box.left - before.box.right > CELL_GAP * before.box.height
    return CELL_BREAK if is_far else " "


# --- reading order ------------------------------------------------------------------------------


def _reading_order(lines: Sequence[PictureLine]) -> Iterator[Row]:
    rows = _rows(lines)
    first = 0
    while first < len(rows):
        after_last, columns = _columns_from(rows, first)
        if columns:
            for column in columns:
                yield from _reading_order(column)
        else:
            after_last = first + 1
            yield rows[first]
        first = after_last


def _rows(lines: Sequence[PictureLine]) -> list[Row]:
    """Lines whose middle is beside the one before, together."""
    rows: list[list[PictureLine]] = []
    for line in sorted(lines, key=lambda line: line.box.top + line.box.bottom):
        if rows and _middle(line) < rows[-1][-1].box.bottom - rows[-1][-1].box.height * 0.25:
            rows[-1].append(line)
        else:
            rows.append([line])
    return [tuple(sorted(row, key=lambda line: line.box.left)) for row in rows]


def _middle(line: PictureLine) -> float:
    return (line.box.top + line.box.bottom) / 2


def _columns_from(rows: Sequence[Row], first: int) -> tuple[int, list[list[PictureLine]]]:
    """The row after the last that shares its columns with the first, and those columns of prose.

    No columns where there is but one, or where they are those of a table.
    """
    lines: list[PictureLine] = []
    columns: list[list[PictureLine]] = []
    after_last = first
    for row in rows[first:]:
        wider = _split([*lines, *row])
        if len(wider) < 2 and len(lines) > 0:
            break
        lines += row
        columns, after_last = wider, after_last + 1
    is_prose = len(columns) > 1 and all(map(_is_prose, columns))
    return after_last, columns if is_prose else []


def _split(lines: Sequence[PictureLine]) -> list[list[PictureLine]]:
    """The lines by the upright gaps that none of them crosses."""
    gap = COLUMN_GAP * median(line.box.height for line in lines)
    columns: list[list[PictureLine]] = []
    right = float("-inf")
    for line in sorted(lines, key=lambda line: line.box.left):
        if line.box.left - right > gap:
            columns.append([])
        columns[-1].append(line)
        right = max(right, line.box.right)
    return columns


def _is_prose(column: Sequence[PictureLine]) -> bool:
    height = median(line.box.height for line in column)
    width = max(line.box.right for line in column) - min(line.box.left for line in column)
    usual = median(line.box.width for line in column)
    is_wide = width > COLUMN_WIDTH * height and usual > FULLNESS * width
    return is_wide and len(column) >= COLUMN_LINES


# --- paragraphs ---------------------------------------------------------------------------------


def _usual_pitch(rows: Sequence[Row]) -> float:
    """The distance of neighbouring rows inside a paragraph: among the smaller third of all."""
    pitches = sorted(down for above, below in pairwise(rows) if (down := _down(above, below)) > 0)
    return pitches[(len(pitches) - 1) // 3] if pitches else 0.0


def _down(above: Row, below: Row) -> float:
    return _middle(below[0]) - _middle(above[0])


def _break(above: Row, below: Row, pitch: float) -> str:
    down = _down(above, below)
    if down <= 0:  # on to the next column
        runs_on = below[0].text[0].islower() and not above[-1].text.endswith((".", "!", "?", ":"))
        return "\n" if runs_on else "\n\n"
    return "\n\n" if down > WIDER * pitch else "\n"

"""Zones of a PDF page whose words stand in columns, and the rows that they make.

Rules and shades are not looked at: what makes a table is where its words stand. A row's line has a
tab between two cells and a blank where a cell runs on over several lines.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from rag.documents.pdf_lines import Line, parts_of
from rag.types import Run

CELL_BREAK = "\t"
SAME_HEIGHT = 0.35  # times the type's size: pieces whose baselines differ by less are side by side
ROW_RUNS_ON = 1.5  # times the type's size: the pitch of a cell's lines at most
FARTHEST_ROWS = 4.0  # times the type's size
FEWEST_ROWS = 3  # with more than one cell; one less where there is a header
MOST_HEADER_ROWS = 3

FIGURE = re.compile(r"[-+(]?[$€£]?\s*[-+(]?\s*\d[\d.,:/%\s]*\)?\s*%?\)?|[-–—$€£%()]+|n/?a", re.I)  # noqa: RUF001  # real dashes
SIGN = re.compile(r"[$€£¥%()]+")
LIST_MARK = re.compile(r"[•‣◦▪●○■–—*·-]|\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]+)[.)]|\[\d+\]")  # noqa: RUF001
DIGIT = re.compile(r"\d")
LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line, and the number of its line in the block."""

    line: Line
    number: int


Level = tuple[Piece, ...]  # side by side, from left to right


@dataclass(frozen=True, slots=True)
class FoundTable:
    """A table's rows, each made one line, and what they were made of."""

    rows: tuple[Line, ...]
    numbers: frozenset[int]  # of the block's lines that it is made of
    column_count: int
    header_count: int


def levels_of(block: Sequence[Line]) -> Iterator[Level]:
    """The pieces of the block's lines, height by height from the top."""
    pieces = [Piece(part, at) for at, line in enumerate(block) for part in parts_of(line)]
    pieces.sort(key=lambda piece: -piece.line.y)
    level: list[Piece] = []
    for piece in pieces:
        if level and level[0].line.y - piece.line.y > SAME_HEIGHT * level[0].line.size:
            yield tuple(sorted(level, key=lambda piece: piece.line.x))
            level = []
        level.append(piece)
    if level:
        yield tuple(sorted(level, key=lambda piece: piece.line.x))


class Zone:
    """Neighbouring levels whose pieces stand in columns; it grows from the top to the bottom."""

    def __init__(self) -> None:
        self._above: list[Level] = []  # what stands alone above the first
        self._levels: list[Level] = []
        self._columns: list[tuple[float, float]] = []  # from where to where, from left to right

    def takes(self, level: Level) -> bool:
        """Takes the level in if it goes on with the table, or begins one."""
        if not self._levels:
            if len(level) > 1:
                self._add(level)
            else:
                self._above.append(level)
            return True
        if self._is_far(level) or not self._fits(level) or self._is_next_header(level):
            return False
        self._add(level)
        return True

    def table(self) -> Iterator[FoundTable]:
        """The table that the levels make, if they do."""
        if len(self._levels) < FEWEST_ROWS - 1:
            return
        self._take_in_above()
        while self._levels and len(self._levels[-1]) == 1 and self._is_label(self._levels[-1]):
            if self._rows_on(len(self._levels) - 1):
                break
            self._levels.pop()
        rows = self._rows()
        header_count = self._header_count(rows)
        several = sum(self._width(row) > 1 for row in rows)
        if several < FEWEST_ROWS - (header_count > 0) or self._is_list():
            return
        yield FoundTable(
            rows=tuple(self._row(row) for row in rows),
            numbers=frozenset(piece.number for level in self._levels for piece in level),
            column_count=len(self._columns),
            header_count=header_count,
        )

    def _take_in_above(self) -> None:
        """The first lines of the one name of a column that has the most, close above the others."""
        while self._above:
            level, first = self._above.pop(), self._levels[0]
            piece, columns = level[0].line, self._columns_at(level[0])
            is_close = piece.y - first[0].line.y <= ROW_RUNS_ON * piece.size
            if not is_close or len(columns) != 1 or columns == [0]:
                return
            left, right = self._columns[columns[0]]
            if piece.is_bold != first[0].line.is_bold or piece.x < left or piece.right > right:
                return
            self._levels.insert(0, level)

    def _add(self, level: Level) -> None:
        self._levels.append(level)
        spans = sorted([*self._columns, *((piece.line.x, piece.line.right) for piece in level)])
        self._columns = []
        for left, right in spans:
            if self._columns and left <= self._columns[-1][1]:
                self._columns[-1] = self._columns[-1][0], max(right, self._columns[-1][1])
            else:
                self._columns.append((left, right))

    def _is_far(self, level: Level) -> bool:
        above = self._levels[-1][0].line
        return above.y - level[0].line.y > FARTHEST_ROWS * above.size

    def _fits(self, level: Level) -> bool:
        """Whether each piece stands in a column of its own, or beside all columns."""
        columns = [self._columns_at(piece) for piece in level]
        if len(level) == 1:
            return len(columns[0]) == 1
        if any(len(own) > 1 for own in columns):
            return False
        # A currency's or percent sign may share the column of its figure.
        met = [
            own[0]
            for own, piece in zip(columns, level, strict=True)
            if own and not SIGN.fullmatch(piece.line.text)
        ]
        return len(met) == len(set(met)) >= min(2, len(self._columns))

    def _is_next_header(self, level: Level) -> bool:
        """Whether a table with a bold header is followed by the header of another."""
        return (
            len(level) > 1
            and _is_bold([self._levels[0]])
            and _is_bold([level])
            and not _is_bold([self._levels[-1]])
            and not any(DIGIT.search(piece.line.text) for piece in level)
        )

    def _columns_at(self, piece: Piece) -> list[int]:
        left, right = piece.line.x, piece.line.right
        return [at for at, (start, end) in enumerate(self._columns) if left < end and start < right]

    def _column_of(self, piece: Piece) -> int:
        return next(iter(self._columns_at(piece)), -1)

    def _is_label(self, level: Level) -> bool:
        return self._column_of(level[0]) == 0

    def _is_list(self) -> bool:
        """Whether the first column has nothing but bullets or numbers."""
        first = [
            piece.line.text
            for level in self._levels
            for piece in level
            if self._column_of(piece) == 0
        ]
        return len(self._columns) == 2 and all(LIST_MARK.fullmatch(text) for text in first)

    # --- rows -----------------------------------------------------------------------------------

    def _rows(self) -> list[list[Level]]:
        rows: list[list[Level]] = []
        for at, level in enumerate(self._levels):
            if at and self._rows_on(at):
                rows[-1].append(level)
            else:
                rows.append([level])
        return rows

    def _rows_on(self, at: int) -> bool:
        """Whether a level goes on with the cells of the one above."""
        above, level = self._levels[at - 1], self._levels[at]
        pitch = above[0].line.y - level[0].line.y
        if pitch > ROW_RUNS_ON * level[0].line.size:
            return False
        if all(FIGURE.fullmatch(piece.line.text) for piece in level):
            return False
        if self._column_of(level[0]) == 0:
            return level[0].line.text[0].islower() and bool(LETTER.search(above[0].line.text))
        return not any(piece.line.is_bold and not above[0].line.is_bold for piece in level)

    def _width(self, row: Sequence[Level]) -> int:
        return len({self._column_of(piece) for level in row for piece in level})

    def _header_count(self, rows: Sequence[Sequence[Level]]) -> int:
        """How many rows at the top name the columns: bold, or with nothing in the first column."""
        labelled = [self._column_of(row[0][0]) == 0 for row in rows]
        most_are_labelled = sum(labelled) > 0.5 * len(rows)
        count = 0
        for row, is_labelled in zip(rows[:MOST_HEADER_ROWS], labelled, strict=False):
            is_bare = most_are_labelled and not is_labelled
            if not (is_bare or (_is_bold(row) and self._width(row) > 1)):
                break
            count += 1
        if count == len(rows) or (count and _is_bold(rows[count])):
            return 0  # all is bold: that says nothing
        return count or int(self._width(rows[0]) > 1 and _alone_has_no_figures(rows))

    def _row(self, levels: Sequence[Level]) -> Line:
        pieces = [piece for level in levels for piece in level]
        pieces.sort(key=self._column_of)  # stable: from the top within each
        cells = [
            _joined([piece.line for piece in cell], " ")
            for _, cell in groupby(pieces, key=self._column_of)
        ]
        row = _joined(cells, CELL_BREAK)
        return replace(row, y=levels[0][0].line.y, right=max(piece.line.right for piece in pieces))


def _joined(lines: Sequence[Line], between: str) -> Line:
    runs: list[Run] = []
    length = 0
    for line in lines:
        runs += (Run(length + run.start, run.index, run.length) for run in line.runs)
        length += len(line.text) + len(between)
    return replace(
        lines[0],
        text=between.join(line.text for line in lines),
        runs=tuple(runs),
        is_bold=all(line.is_bold for line in lines),
        gaps=(),
    )


def _is_bold(row: Sequence[Level]) -> bool:
    return all(piece.line.is_bold for level in row for piece in level)


def _alone_has_no_figures(rows: Sequence[Sequence[Level]]) -> bool:
    """Whether the first row has no digit, while most of the others have figures in their cells."""
    first, *others = [[piece.line.text for level in row for piece in level] for row in rows]
    with_figures = sum(any(map(FIGURE.fullmatch, row[1:])) for row in others)
    return not any(map(DIGIT.search, first)) and with_figures > 0.5 * len(others)

"""Tables in a PDF page: the lines that make a row are made one, and where the tables are is told.

What makes a table is for `pdf_zones`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.documents.pdf_lines import Line
from rag.documents.pdf_zones import SAME_HEIGHT, FoundTable, Zone, levels_of


@dataclass(frozen=True, slots=True)
class TableLines:
    """The lines [first, after_last) of a page, which are a table's rows."""

    first: int
    after_last: int
    column_count: int
    header_count: int  # so many lines, from the first on, name the columns

    def moved(self, by: int) -> "TableLines":
        """The same table where so many lines were put before it."""
        return replace(self, first=self.first + by, after_last=self.after_last + by)


@dataclass(frozen=True, slots=True)
class Tabulated:
    """A page's lines, those of a table's row made one, and where the tables are."""

    lines: tuple[Line, ...]
    tables: tuple[TableLines, ...]


def tabulate(blocks: Sequence[Sequence[Line]]) -> Tabulated:
    """The lines of a page, block by block, with the tables that are found inside the blocks."""
    lines: list[Line] = []
    tables: list[TableLines] = []
    for block in blocks:
        found = list(_tables_in(block))
        for table, kept in _arranged(block, found):
            if table is not None:
                tables.append(_placed(table, first=len(lines)))
            lines += kept if table is None else table.rows
    return Tabulated(tuple(lines), tuple(tables))


def _tables_in(block: Sequence[Line]) -> Iterator[FoundTable]:
    if not _may_hold_a_table(block):
        return
    zone = Zone()
    for level in levels_of(block):
        if not zone.takes(level):
            yield from zone.table()
            zone = Zone()
            zone.takes(level)
    yield from zone.table()


def _may_hold_a_table(block: Sequence[Line]) -> bool:
    """Whether any line has a wide blank, or goes back up to stand beside another: most have not."""
    return any(line.gaps for line in block) or any(
        below.y > above.y - SAME_HEIGHT * above.size for above, below in pairwise(block)
    )


# --- putting them in place ----------------------------------------------------------------------


def _arranged(
    block: Sequence[Line], tables: Sequence[FoundTable]
) -> Iterator[tuple[FoundTable | None, Sequence[Line]]]:
    """The block's lines in their order, each table in the place of the first line of it."""
    table_of = {number: table for table in tables for number in table.numbers}
    told: set[int] = set()
    for number, line in enumerate(block):
        table = table_of.get(number)
        if table is None:
            yield None, [line]
        elif id(table) not in told:
            told.add(id(table))
            yield table, table.rows


def _placed(table: FoundTable, *, first: int) -> TableLines:
    return TableLines(
        first=first,
        after_last=first + len(table.rows),
        column_count=table.column_count,
        header_count=table.header_count,
    )

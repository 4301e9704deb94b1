"""Rows of cells as lines of text, each with its columns' names: "| Name: Ada · Born: 1815 |".

The bars make a row a sentence of its own for `rag.sentences`, which is never cut. Reading cells out
of a file is the readers'.
"""

import re
from collections.abc import Iterator, Sequence

from rag.documents.draft import one_line

YEAR = re.compile(r"(?:19|20)\d\d")
FIGURE = re.compile(r"[^\w]*\d[\d\s.,:/%+()-]*[^\w]*")
LONGEST_NAME = 80  # characters; a longer cell is no column's name

Row = Sequence[str]


def table_lines(rows: Sequence[Row], *, has_header: bool = False) -> Iterator[str]:
    """The rows as lines; the first names the columns if it says so or looks like it."""
    filled = [row for row in ([one_line(cell) for cell in row] for row in rows) if any(row)]
    names: Row = ()
    if len(filled) > 1 and (has_header or is_header(filled[0])):
        names, filled = filled[0], filled[1:]
    for row in filled:
        yield row_line(row, names)


def row_line(row: Row, names: Row = ()) -> str:
    """One row; empty cells are left out, and so are the names that there are not."""
    cells = []
    for at, cell in enumerate(row):
        name = names[at].rstrip(": ") if at < len(names) else ""
        if cell:
            cells.append(f"{name}: {cell}" if name else cell)
    return f"| {' · '.join(cells)} |" if cells else ""


def is_header(row: Row) -> bool:
    """Whether the cells look like names of columns: different words, or a run of years."""
    cells = [cell for cell in row if cell]
    figures = [cell for cell in cells if FIGURE.fullmatch(cell)]
    return (
        len(cells) >= 2
        and len(set(cells)) == len(cells)
        and all(len(cell) <= LONGEST_NAME for cell in cells)
        and all(map(YEAR.fullmatch, figures))
        and len(figures) != 1
        and not cells[0].endswith(":")
    )

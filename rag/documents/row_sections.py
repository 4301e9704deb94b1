"""Long tables into a draft: sections of a few rows each, under headings that name the rows.

For the formats that are tables and nothing else; a table inside a text is `tables`' alone.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, islice

from rag.documents.draft import Draft, one_line
from rag.documents.tables import LONGEST_NAME, Row, is_header, row_line

ROWS_A_SECTION = 20
SEARCHED_FOR_HEADER = 10  # rows; a title and a date may stand above the table

NumberedRow = tuple[int, Row]  # the row's number in the file, from 1


def write_rows(draft: Draft, rows: Iterable[NumberedRow], *, sheet: str = "") -> None:
    """Adds the rows that are not empty, with the names of their columns where there are any.

    What stands above the names is a paragraph. `sheet` goes before the rows' numbers.
    """
    filled = _filled(rows)
    first = list(islice(filled, SEARCHED_FOR_HEADER))
    candidates = enumerate(row for _, row in first[:-1])  # names without a row name nothing
    header_at = next((at for at, row in candidates if _names_columns(row, first)), None)
    names: Row = ()
    if header_at is not None:
        for _, row in first[:header_at]:
            draft.add_paragraph(" · ".join(filter(None, row)))
        names, first = first[header_at][1], first[header_at + 1 :]
    remaining = chain(first, filled)
    while section := list(islice(remaining, ROWS_A_SECTION)):
        draft.add_heading(_place(sheet, section[0][0], section[-1][0]), level=1)
        draft.add_lines(row_line(row, names) for _, row in section)


def _filled(rows: Iterable[NumberedRow]) -> Iterator[NumberedRow]:
    for number, row in rows:
        cells = [one_line(cell) for cell in row]
        if any(cells):
            yield number, cells


def _names_columns(row: Row, first: list[NumberedRow]) -> bool:
    """Whether the row is a header as wide as the rows around it."""
    width = max(len(list(filter(None, other))) for _, other in first)
    is_wide = 2 * len(list(filter(None, row))) > width
    return is_wide and (is_header(row) or (width == 1 and row is first[0][1] and _is_name(row)))


def _is_name(row: Row) -> bool:
    (name,) = filter(None, row)
    return len(name) <= LONGEST_NAME // 2 and name.replace(" ", "").isalpha()


def _place(sheet: str, first: int, last: int) -> str:
    """Where the rows are: "Sheet1, rows 2 to 21"."""
    rows = f"row {first}" if first == last else f"rows {first} to {last}"
    return f"{sheet}, {rows}" if sheet else rows.capitalize()

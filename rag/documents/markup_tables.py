"""Tables of HTML: which hold data, and their cells row by row. Their lines are made in `tables`."""

from collections.abc import Callable, Iterator
from typing import Any

from rag.documents.packages import local_name

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
WIDEST = 100  # columns or rows that one cell may span; more is a mistake or a trap


def is_data_table(table: Any) -> bool:
    """Whether a table holds cells to be read in rows, and does not only set the page."""
    names = {local_name(element) for element in table.iterdescendants()}
    is_layout = not names.isdisjoint(("table", "pre", *HEADINGS))
    return not is_layout and any(len(_cells(row)) > 1 for row in _rows(table))


def has_header(table: Any) -> bool:
    """Whether the table's first row says that it is a header."""
    first = next(_rows(table), None)
    return first is not None and all(local_name(cell) == "th" for cell in _cells(first))


def table_rows(table: Any, text_of: Callable[[Any], str]) -> Iterator[list[str]]:
    """The cells' texts; a cell that spans columns or rows stands in each of them."""
    hanging: dict[int, tuple[int, str]] = {}  # by column: for how many rows more, and what
    for row in _rows(table):
        cells = iter(_cells(row))
        texts: list[str] = []
        while True:
            rows_left, text = hanging.pop(len(texts), (0, ""))
            width = 1
            if not rows_left:
                cell = next(cells, None)
                if cell is None:
                    break
                text, width = text_of(cell), _number(cell.get("colspan"))
                rows_left = _number(cell.get("rowspan"))
            for _ in range(width):
                if rows_left > 1:
                    hanging[len(texts)] = (rows_left - 1, text)
                texts.append(text)
        yield texts


def _rows(table: Any) -> Iterator[Any]:
    return (element for element in table.iterdescendants() if local_name(element) == "tr")


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row.iterchildren() if local_name(cell) in ("td", "th")]


def _number(span: str | None) -> int:
    return min(int(span), WIDEST) if span and span.isdecimal() and len(span) < 6 else 1

"""Tables of figures: a row for each way of searching, a column for each metric."""

from __future__ import annotations

from collections.abc import Mapping

Row = Mapping[str, float]
Table = Mapping[str, Row]


def show(tables: Mapping[str, Table]) -> None:
    """Print the tables one below the other."""
    for title, table in tables.items():
        print(f"\n{title}")
        columns = list(dict.fromkeys(column for row in table.values() for column in row))
        width = max(len(name) for name in table)
        print(" " * width + "".join(f"{column:>{_width(column)}}" for column in columns))
        for name, row in table.items():
            cells = (_cell(row.get(column), _width(column)) for column in columns)
            print(f"{name:{width}}" + "".join(cells))
    print(flush=True)


def _cell(value: float | None, width: int) -> str:
    if value is None:
        return " " * width
    return f"{value:>{width}.3f}" if abs(value) < 10 else f"{value:>{width}.0f}"


def _width(column: str) -> int:
    return max(8, len(column) + 2)


def rounded(tables: Mapping[str, Table]) -> dict[str, Table]:
    """The tables with no more digits than mean something."""
    return {
        title: {
            name: {column: round(value, 4) for column, value in row.items()}
            for name, row in table.items()
        }
        for title, table in tables.items()
    }

"""Reads Excel workbooks (Office Open XML, ECMA-376 part 1, section 18) through openpyxl.

Each row is a line with its columns' names, under a heading with its sheet and rows. What is read is
what Excel last worked out, not the formulas.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl

from rag.documents.draft import Draft
from rag.documents.packages import open_package
from rag.documents.row_sections import NumberedRow, write_rows
from rag.types import Document, Kind

MOST_ROWS = 1 << 20  # as Excel allows; a row may state any number, up to which openpyxl counts
WIDEST = 1000  # columns of a row that are read


def read(path: Path, password: str = "") -> Document:
    """The rows of all sheets that hold any, hidden sheets too.

    Raises `PasswordNeeded`, `ReaderLimit` or `DamagedFile`.
    """
    draft = Draft()
    with open_package(path, "Excel workbook", password) as package:
        # Closing the package is the end of what openpyxl reads from it.
        workbook = openpyxl.load_workbook(package.fp, read_only=True, data_only=True)
        for sheet in workbook.worksheets:
            sheet.reset_dimensions()  # they are stated, and often wrongly
            write_rows(draft, _rows(sheet), sheet=sheet.title)
        return draft.document(Kind.XLSX, path, titles=[workbook.properties.title or ""])


def _rows(sheet: Any) -> Iterator[NumberedRow]:
    for number, row in enumerate(islice(sheet.iter_rows(), MOST_ROWS), start=1):
        yield number, [_text(cell) for cell in row[:WIDEST]]


def _text(cell: Any) -> str:
    """A cell's value as a person would write it."""
    match cell.value:
        case None:
            return ""
        case bool(value):
            return "yes" if value else "no"
        case int() | float() as value if "%" in cell.number_format:
            return f"{value * 100:.6g}%"
        case float(value):
            return f"{value:.15g}"
        case datetime() as value:
            return value.isoformat(" ").removesuffix(" 00:00:00")
        case date() | time() as value:
            return value.isoformat()
        case value:
            return str(value)

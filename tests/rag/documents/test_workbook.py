"""Excel: every row a line with its columns' names, under its sheet and rows."""

import zipfile
from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest

from rag.documents.workbook import read
from rag.sentences import split_sentences
from rag.types import Document


def workbook_of(folder: Path, *rows: Sequence[object], number_format: str = "General") -> Document:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell in sheet[sheet.max_row]:
        cell.number_format = number_format
    workbook.save(folder / "my figures.xlsx")
    return read(folder / "my figures.xlsx")


def test_rows_are_lines_under_their_sheet_and_numbers(tmp_path: Path) -> None:
    document = workbook_of(tmp_path, ("Name", "Born"), *((f"P{n}", 1800 + n) for n in range(25)))
    titles = [heading.title for heading in document.headings]
    assert titles == ["Sheet, rows 2 to 21", "Sheet, rows 22 to 26"]
    assert document.text.startswith("Sheet, rows 2 to 21\n\n| Name: P0 · Born: 1800 |\n| Name: P1")
    assert document.title == "my figures"


def test_a_title_above_the_names_is_kept_and_an_empty_row_left_out(tmp_path: Path) -> None:
    rows = (("Our people",), (), ("Name", "Born"), ("Ada", 1815), (None, None), ("Grace", None))
    assert workbook_of(tmp_path, *rows).text == (
        "Our people\n\nSheet, rows 4 to 6\n\n| Name: Ada · Born: 1815 |\n| Name: Grace |"
    )


def test_rows_without_names_are_their_cells(tmp_path: Path) -> None:
    assert (
        workbook_of(tmp_path, (1, 2), (3, 4)).text == "Sheet, rows 1 to 2\n\n| 1 · 2 |\n| 3 · 4 |"
    )


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.125, "0.0%", "12.5%"),
        (0.1 + 0.2, "General", "0.3"),
        (12, "General", "12"),
        (True, "General", "yes"),
        (datetime(2024, 5, 31), "yyyy-mm-dd", "2024-05-31"),
        (datetime(2024, 5, 31, 8, 30), "yyyy-mm-dd hh:mm", "2024-05-31 08:30:00"),
        (date(2024, 5, 31), "yyyy-mm-dd", "2024-05-31"),
        (time(8, 30), "hh:mm", "08:30:00"),
        ("two\nlines", "General", "two lines"),
    ],
)
def test_a_value_is_written_as_a_person_would(
    tmp_path: Path, value: object, number_format: str, text: str
) -> None:
    document = workbook_of(tmp_path, ("x", value), number_format=number_format)
    assert document.text.endswith(f"| x · {text} |")


def test_a_row_is_a_sentence_of_its_own(tmp_path: Path) -> None:
    rows = (("Name", "Note"), ("Ada", "First. Programmer. 1815?"), ("Grace", "Admiral"))
    text = workbook_of(tmp_path, *rows).text.partition("\n\n")[2]
    sentences = [span.of(text) for span in split_sentences(text)]
    assert sentences == [
        "| Name: Ada · Note: First. Programmer. 1815? |",
        "| Name: Grace · Note: Admiral |",
    ]


def test_every_sheet_is_read_and_formulas_are_not(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.create_sheet("Hidden").append(("a", "=1+1"))
    workbook["Hidden"].sheet_state = "hidden"
    workbook.save(tmp_path / "a.xlsx")
    assert read(tmp_path / "a.xlsx").text == "Hidden, row 1\n\n| a |"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(b'<dimension ref="A1:B3"', b'<dimension ref="A1"'), (b'<row r="3"', b'<row r="9999999999"')],
    ids=["too few", "too many"],
)
def test_a_wrong_statement_of_the_sheets_size_is_not_believed(
    tmp_path: Path, right: bytes, wrong: bytes
) -> None:
    workbook_of(tmp_path, ("Name", "Born"), ("Ada", 1815), ("Grace", 1906))
    path = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(tmp_path / "my figures.xlsx") as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(right, wrong))
    assert "| Name: Ada · Born: 1815 |" in read(path).text

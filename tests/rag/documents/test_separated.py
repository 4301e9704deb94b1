"""CSV and its kin: any delimiter and encoding, quotation marks that are none."""

from pathlib import Path

import pytest

from rag.documents.separated import read
from rag.errors import DamagedFile
from rag.types import Document


def table_of(folder: Path, data: bytes, name: str = "my people.csv") -> Document:
    (folder / name).write_bytes(data)
    return read(folder / name)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_the_delimiter_is_told_by_the_lines(tmp_path: Path, delimiter: str, line_end: str) -> None:
    rows = [("Name", "Born"), ("Ada", "1815"), ("Grace", "1906")]
    data = "".join(delimiter.join(row) + line_end for row in rows)
    assert table_of(tmp_path, data.encode()).text == (
        "Rows 2 to 3\n\n| Name: Ada · Born: 1815 |\n| Name: Grace · Born: 1906 |"
    )


@pytest.mark.parametrize(
    ("line", "row"),
    [
        ('"Ada, Countess","first\nprogrammer"', "| Name: Ada, Countess · Note: first programmer |"),
        ('Ada,"a ""bug"""', '| Name: Ada · Note: a "bug" |'),
        ('Ada,5" pipe', '| Name: Ada · Note: 5" pipe |'),
        ("Ada,x,more", "| Name: Ada · Note: x · more |"),
        ("Ada", "| Name: Ada |"),
    ],
)
def test_a_cell_is_what_was_meant(tmp_path: Path, line: str, row: str) -> None:
    assert table_of(tmp_path, f"Name,Note\n{line}\n".encode()).text.endswith(row)


def test_a_delimiter_that_the_file_states_is_heeded(tmp_path: Path) -> None:
    text = table_of(tmp_path, b"sep=;\r\nName;Note\r\nAda;1,2,3,4\r\nBob;5,6,7,8\r\n").text
    assert "| Name: Ada · Note: 1,2,3,4 |" in text


def test_a_quotation_mark_that_never_ends_swallows_nothing(tmp_path: Path) -> None:
    lines = ["Name,Note", 'Ada,"open', *(f"P{n},note {n}" for n in range(20_000))]
    text = table_of(tmp_path, "\n".join(lines).encode()).text
    assert '| Name: Ada · Note: "open |' in text
    assert "| Name: P19999 · Note: note 19999 |" in text


def test_an_old_encoding_is_told_by_its_letters(tmp_path: Path) -> None:
    data = "Name;Straße\nJürgen Müller;Königsallee\nBjörn Größe;Süderstraße\n".encode("cp1252")
    assert "| Name: Jürgen Müller · Straße: Königsallee |" in table_of(tmp_path, data).text


def test_one_column_is_a_table_too(tmp_path: Path) -> None:
    assert table_of(tmp_path, b"Name\nAda\nGrace\n").text == (
        "Rows 2 to 3\n\n| Name: Ada |\n| Name: Grace |"
    )


def test_a_line_without_end_is_told(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match=r"“my people.csv” is damaged or no table"):
        table_of(tmp_path, b"x" * 200_000)

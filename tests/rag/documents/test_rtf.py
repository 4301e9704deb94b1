"""RTF: text in its own letters, headings by outline level, tables row by row."""

from pathlib import Path

import pytest

from rag.documents.rtf import read
from rag.errors import DamagedFile
from rag.types import Document

HEAD = (
    rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fswiss Arial;}}{\info{\title Bee matters}}"
    rb"{\stylesheet{\s1\outlinelevel0 heading 1;}{\s2\outlinelevel1 heading 2;}}"
)


def document_of(folder: Path, body: bytes, head: bytes = HEAD) -> Document:
    path = folder / "my letter.rtf"
    path.write_bytes(head + body + b"}")
    return read(path)


def test_an_outline_level_makes_a_paragraph_a_heading(tmp_path: Path) -> None:
    body = (
        rb"\pard\plain\s1\outlinelevel0\b Bees\par \pard\plain They fly.\par "
        rb"{\pard\plain\s2\outlinelevel1 Food\par}\pard\plain Honey.\par"
    )
    document = document_of(tmp_path, body)
    assert document.text == "Bees\n\nThey fly.\n\nFood\n\nHoney."
    found = [(heading.title, heading.level) for heading in document.headings]
    assert found == [("Bees", 1), ("Food", 2)]


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"gr\'fcn", "grün"),
        (rb"\u8364?5", "€5"),
        (rb"\u-10179?\u-8694?", "😊"),
        (rb"a\tab b\line c", "a\tb\nc"),
        (rb"{\pict\pngblip 89504e47}seen", "seen"),
        (rb"{\*\generator Riched20;}seen", "seen"),
    ],
)
def test_letters_are_read_as_they_are_meant(tmp_path: Path, rtf: bytes, text: str) -> None:
    assert document_of(tmp_path, rtf).text.replace("\n\n", "\n") == text


def test_table_rows_are_lines_with_their_columns_names(tmp_path: Path) -> None:
    body = (
        rb"\trowd\cellx1000\cellx2000 Name\cell Born\cell\row"
        rb"\trowd\cellx1000\cellx2000 Ada\cell 1815\cell\row\pard After.\par"
    )
    assert document_of(tmp_path, body).text == "| Name: Ada · Born: 1815 |\n\nAfter."


@pytest.mark.parametrize(("head", "title"), [(HEAD, "Bee matters"), (rb"{\rtf1 ", "my letter")])
def test_the_title_is_the_stated_one_or_the_name(tmp_path: Path, head: bytes, title: str) -> None:
    assert document_of(tmp_path, b"Text.", head).title == title


def test_a_text_under_the_suffix_is_no_rtf(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match=r"“my letter.rtf” is damaged or no RTF document"):
        document_of(tmp_path, b"Text.", b"Dear ")

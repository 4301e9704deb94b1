"""Text files of all encodings, and files that only claim to be text."""

import codecs
from pathlib import Path

import pytest

from rag.documents.encoding import read_text
from rag.errors import DamagedFile

GERMAN = "Die Übergröße kostet fünf Euro mehr, außer für Schüler. Das gilt auch für Bücher. " * 5


def written(folder: Path, data: bytes) -> Path:
    path = folder / "file.txt"
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (b"", "cp1252"),
    ],
)
def test_an_encoding_is_told_by_its_mark_or_by_its_letters(
    tmp_path: Path, mark: bytes, encoding: str
) -> None:
    assert read_text(written(tmp_path, mark + GERMAN.encode(encoding))) == GERMAN


def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    assert read_text(written(tmp_path, b"one\r\ntwo\rthree\n")) == "one\r\ntwo\rthree\n"


def test_an_empty_file_is_an_empty_text(tmp_path: Path) -> None:
    assert read_text(written(tmp_path, b"")) == ""


@pytest.mark.parametrize(
    "data",
    [b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 9, b"text\0text", bytes(range(1, 9)) * 50],
    ids=["picture", "with a NUL", "control characters"],
)
def test_what_is_no_text_is_told_in_a_sentence(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(DamagedFile, match=r"“file.txt” does not hold text"):
        read_text(written(tmp_path, data))

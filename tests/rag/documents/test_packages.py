"""Zip packages that are a document: passwords, old formats, bombs, traps in the XML."""

import re
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from lxml import etree

from rag.documents import packages, read
from rag.documents.packages import COMPOUND_FILE, ENCRYPTED_PACKAGE, parse_xml
from rag.errors import DamagedFile, PasswordNeeded, ReaderLimit, UnsupportedKind

OFFICE = ("docx", "xlsx", "pptx")
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'


def rewritten(sample: Path, path: Path, part: str, data: bytes) -> Path:
    """A copy of the sample with one part replaced."""
    with zipfile.ZipFile(sample) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, data if name == part else old.read(name))
    return path


@pytest.mark.parametrize("suffix", OFFICE)
def test_an_office_file_with_a_password_asks_for_it(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"secret.{suffix}"
    path.write_bytes(COMPOUND_FILE + bytes(1000) + ENCRYPTED_PACKAGE + bytes(100))
    with pytest.raises(PasswordNeeded, match=f"“secret.{suffix}” is protected with a password"):
        read(path)


@pytest.mark.parametrize("suffix", OFFICE)
def test_an_old_office_file_under_a_new_name_is_told(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"old.{suffix}"
    path.write_bytes(COMPOUND_FILE + bytes(1000))
    with pytest.raises(UnsupportedKind, match=rf"before 2007.*save it as \.{suffix} anew"):
        read(path)


@pytest.mark.parametrize(
    ("suffix", "part"),
    [
        ("docx", "word/document.xml"),
        ("odt", "content.xml"),
        ("pptx", "ppt/slides/slide1.xml"),
        ("epub", "OEBPS/a.xhtml"),
        ("xlsx", "xl/workbook.xml"),
    ],
)
def test_a_part_that_unpacks_to_more_than_memory_is_told(
    tmp_path: Path,
    samples: dict[str, Path],
    monkeypatch: pytest.MonkeyPatch,
    suffix: str,
    part: str,
) -> None:
    monkeypatch.setattr(packages, "MOST_TREE_BYTES", 1 << 20)
    path = rewritten(samples[suffix], tmp_path / f"bomb.{suffix}", part, b" " * (2 << 20))
    assert path.stat().st_size < 1 << 17
    with pytest.raises(ReaderLimit, match=rf"“bomb.{suffix}” unpacks to more than"):
        read(path)


@pytest.mark.parametrize(
    ("suffix", "part"),
    [
        ("docx", "word/document.xml"),
        ("odt", "content.xml"),
        ("pptx", "ppt/slides/slide1.xml"),
        ("epub", "OEBPS/book.opf"),
        ("epub", "OEBPS/a.xhtml"),
        ("xlsx", "xl/workbook.xml"),
        ("xlsx", "xl/worksheets/sheet1.xml"),
    ],
)
def test_entities_that_multiply_stay_small(
    tmp_path: Path, samples: dict[str, Path], suffix: str, part: str
) -> None:
    with zipfile.ZipFile(samples[suffix]) as package:
        xml = re.sub(r"<[?]xml.*?[?]>", "", package.read(part).decode())
    inside_root = xml.index(">") + 1
    data = f"{BOMB}{xml[:inside_root]}&l9;{xml[inside_root:]}".encode()
    path = rewritten(samples[suffix], tmp_path / f"laughs.{suffix}", part, data)
    with suppress(DamagedFile):
        assert len(read(path).text) < 10_000


def test_an_entity_does_not_read_another_file(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    uri = (tmp_path / "secret.txt").as_uri()
    root = parse_xml(f'<!DOCTYPE x [<!ENTITY e SYSTEM "{uri}">]><x>&e;</x>'.encode())
    assert "secret" not in etree.tostring(root, encoding="unicode", method="text")


def test_a_zip_entry_with_a_password_asks_for_it(tmp_path: Path, samples: dict[str, Path]) -> None:
    data = bytearray(samples["docx"].read_bytes())
    central = data.rindex(b"PK\x01\x02")
    data[central + 8] |= 1
    (tmp_path / "locked.docx").write_bytes(data)
    with pytest.raises(PasswordNeeded, match=r"“locked.docx” is protected"):
        read(tmp_path / "locked.docx")

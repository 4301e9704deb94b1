"""EPUB: chapters in reading order under the titles of the table of contents."""

import zipfile
from pathlib import Path

import pytest

from rag.documents.epub import read
from rag.errors import DamagedFile, UnsupportedKind
from rag.types import Document


@pytest.fixture
def parts(samples: dict[str, Path]) -> dict[str, str]:
    """The sample's parts by name, to be changed."""
    with zipfile.ZipFile(samples["epub"]) as package:
        return {name: package.read(name).decode() for name in package.namelist()}


def book_of(folder: Path, parts: dict[str, str]) -> Document:
    path = folder / "a book.epub"
    with zipfile.ZipFile(path, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return read(path)


def test_chapters_stand_in_reading_order_without_the_contents(samples: dict[str, Path]) -> None:
    assert read(samples["epub"]).text == (
        "Chapter 1. Loomings\n\nCall me Bee.\n\nThe sea\n\nIt is wide.\n\nSo it goes on.\n\n"
        "The Carpet Bag\n\nI stuffed a shirt & a comb."
    )


def test_a_chapters_title_is_above_its_own_headings(samples: dict[str, Path]) -> None:
    document = read(samples["epub"])
    assert document.title == "Moby Bee"
    assert [(heading.title, heading.level) for heading in document.headings] == [
        ("Chapter 1. Loomings", 1),
        ("The sea", 3),
        ("The Carpet Bag", 1),
    ]


def test_an_old_books_contents_are_read_too(tmp_path: Path, parts: dict[str, str]) -> None:
    del parts["OEBPS/nav.xhtml"]
    parts["OEBPS/toc.ncx"] = (
        '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel>'
        '<text>The Bag</text></navLabel><content src="a.xhtml"/></navPoint></navMap></ncx>'
    )
    parts["OEBPS/book.opf"] = parts["OEBPS/book.opf"].replace(
        'href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"',
        'href="toc.ncx" media-type="application/x-dtbncx+xml"',
    )
    headings = book_of(tmp_path, parts).headings
    assert [heading.title for heading in headings] == ["Chapter 1. Loomings", "The sea", "The Bag"]


def test_without_contents_a_chapter_goes_by_its_heading(
    tmp_path: Path, parts: dict[str, str]
) -> None:
    parts["OEBPS/nav.xhtml"] = "<html/>"
    headings = book_of(tmp_path, parts).headings
    found = [(heading.title, heading.level) for heading in headings]
    assert found == [("Chapter 1. Loomings", 1), ("The sea", 3)]


def test_a_chapter_that_is_broken_costs_itself_alone(tmp_path: Path, parts: dict[str, str]) -> None:
    parts["OEBPS/b b.xhtml"] = "\0" * 50
    del parts["OEBPS/c.xhtml"]
    assert book_of(tmp_path, parts).text == "The Carpet Bag\n\nI stuffed a shirt & a comb."


def test_a_protected_book_is_told(tmp_path: Path, parts: dict[str, str]) -> None:
    parts["META-INF/encryption.xml"] = (
        '<encryption><CipherReference URI="OEBPS/fonts/a.otf"/>'
        '<CipherReference URI="OEBPS/b%20b.xhtml"/></encryption>'
    )
    with pytest.raises(UnsupportedKind, match=r"“a book.epub” is protected from copying \(DRM\)"):
        book_of(tmp_path, parts)


def test_a_book_whose_fonts_alone_are_veiled_is_read(tmp_path: Path, parts: dict[str, str]) -> None:
    parts["META-INF/encryption.xml"] = '<encryption><CipherReference URI="a.otf"/></encryption>'
    assert book_of(tmp_path, parts).title == "Moby Bee"


def test_a_zip_file_of_another_kind_is_no_book(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match=r"“a book.epub” is damaged or no EPUB book"):
        book_of(tmp_path, {"hello.txt": "hello"})

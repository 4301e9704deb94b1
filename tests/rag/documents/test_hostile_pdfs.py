"""PDFs that were made to do harm, or might as well have been: each costs no more than itself."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from rag.documents.sandbox import ReaderProcess
from rag.errors import ReaderLimit
from rag.types import Document

CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
ONE_PAGE = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 1400 1400]/Contents 4 0 R"
    b"/Resources<</Font<</F1 " + FONT + b">>>>>>"
)
LINE = b"BT /F1 12 Tf 60 700 Td (Bees fly.) Tj ET"
TWICE = b"/Filter[/FlateDecode/FlateDecode]"
MIB = 1 << 20


@pytest.fixture(scope="module")
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess(memory_limit_bytes=400 * MIB) as reader:
        yield reader


def read(reader: ReaderProcess, path: Path) -> Document:
    return reader.read(path, is_stopped=lambda: False)


# --- how they are made --------------------------------------------------------------------------


def stream(content: bytes, about: bytes = b"") -> bytes:
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), about, content)


def write_pdf(path: Path, *objects: bytes) -> Path:
    """A PDF of these objects, numbered from 1; the first is its catalog."""
    out, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    path.write_bytes(out + end % (size, out.rindex(b"xref\n0 ")))
    return path


def packed(start: bytes, filler: bytes, mib: int) -> bytes:
    """The start and so many MiB of the filler, packed twice: a few KB."""
    parts = [b"\x78\xda", flushed(start), flushed(filler * MIB) * mib, b"\x03\x00"]
    # The checksum is left out: nobody who unpacks gets as far.
    return zlib.compress(b"".join(parts), 9)


def flushed(content: bytes) -> bytes:
    """Packed so that it can be repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)


def content_bomb(path: Path) -> Path:
    """A page whose content unpacks to two gigabytes."""
    return write_pdf(path, CATALOG, ONE_PAGE, PAGE, stream(packed(LINE, b" ", 2_000), TWICE))


def object_bomb(path: Path) -> Path:
    """A file all of whose objects are in a stream that unpacks to two gigabytes."""
    index = b"1 0 2 40 3 90 "
    objects = index + CATALOG.ljust(40) + ONE_PAGE.ljust(50) + b"<</Type/Page/Parent 2 0 R>>"
    about = b"/Type/ObjStm/N 3/First %d" % len(index) + TWICE
    out = b"%PDF-1.7\n5 0 obj\n" + stream(packed(objects, b" ", 2_000), about) + b"\nendobj\n"
    entries = [(0, 0, 255), (2, 5, 0), (2, 5, 1), (2, 5, 2), (0, 0, 0), (1, 9, 0), (1, len(out), 0)]
    rows = b"".join(bytes([kind]) + at.to_bytes(4, "big") + bytes([n]) for kind, at, n in entries)
    table = stream(rows, b"/Type/XRef/Size 7/W[1 4 1]/Root 1 0 R")
    path.write_bytes(out + b"6 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (table, len(out)))
    return path


# --- what becomes of them -----------------------------------------------------------------------


@pytest.mark.parametrize("make", [content_bomb, object_bomb])
def test_a_small_file_that_unpacks_to_gigabytes_is_given_up(
    reader: ReaderProcess, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    path = make(tmp_path / "bomb.pdf")
    assert path.stat().st_size < 10_000
    with pytest.raises(ReaderLimit, match=r"“bomb.pdf” took more than 400 MB of memory"):
        read(reader, path)


def test_ten_thousand_pages_are_read(reader: ReaderProcess, tmp_path: Path) -> None:
    count = 10_000
    kids = b" ".join(b"%d 0 R" % number for number in (3, *range(5, count + 4)))
    tree = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count)
    path = tmp_path / "long.pdf"
    write_pdf(path, CATALOG, tree, PAGE, stream(LINE), *[PAGE] * (count - 1))
    document = read(reader, path)
    assert len(document.pages) == document.text.count("Bees fly.") == count


def test_a_million_glyphs_on_a_page_are_read(reader: ReaderProcess, tmp_path: Path) -> None:
    line = b"(" + b"Bees fly. " * 100 + b") Tj T*\n"
    content = b"BT /F1 1 Tf 1.2 TL 10 1300 Td\n" + line * 1_000 + b"ET"
    path = write_pdf(tmp_path / "dense.pdf", CATALOG, ONE_PAGE, PAGE, stream(content))
    assert read(reader, path).text.count("Bees fly.") == 100_000


ENTRY = b"<</Title(%s)/Parent 5 0 R/Dest[3 0 R/Fit]%s>>"
ROOT = b"<</Type/Outlines/First 6 0 R/Last 7 0 R/Count 2>>"


@pytest.mark.parametrize(
    "outline",
    [
        (ROOT, ENTRY % (b"A", b"/Next 7 0 R"), ENTRY % (b"B", b"/Next 6 0 R")),
        (ROOT, ENTRY % (b"A", b"/First 7 0 R"), ENTRY % (b"B", b"/First 6 0 R")),
        (ENTRY % (b"A", b"/First 5 0 R/Next 5 0 R"),),
    ],
    ids=["next is before", "parent is below", "alone"],
)
def test_an_outline_that_never_ends_does_not_hold_the_text(
    reader: ReaderProcess, tmp_path: Path, outline: Sequence[bytes]
) -> None:
    catalog = CATALOG.replace(b"/Pages", b"/Outlines 5 0 R/Pages")
    path = tmp_path / "round.pdf"
    write_pdf(path, catalog, ONE_PAGE, PAGE, stream(LINE), *outline)
    assert read(reader, path).text == "Bees fly."


def test_a_page_tree_that_holds_itself_ends(reader: ReaderProcess, tmp_path: Path) -> None:
    tree = b"<</Type/Pages/Kids[2 0 R 3 0 R]/Count 2>>"
    path = write_pdf(tmp_path / "tree.pdf", CATALOG, tree, PAGE, stream(LINE))
    assert len(read(reader, path).pages) == 2

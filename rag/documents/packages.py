"""Zip packages such as office documents and books are: opened with a look at what they hold.

Knows passwords, bombs and damage. What the parts of a package mean is the readers'; archives of
files that a person packed are in `archives`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lxml import etree

from rag.documents.faults import cannot_decrypt, file_faults, library_faults
from rag.documents.office_encryption import COMPOUND_FILE, ENCRYPTED_PACKAGE, decrypted
from rag.documents.zip_passwords import IS_ENCRYPTED
from rag.errors import DamagedFile, ReaderLimit, UnsupportedKind

MIB = 1 << 20
MOST_BYTES = 1024 * MIB  # of all parts unpacked
MOST_TREE_BYTES = 128 * MIB  # of a part of which a tree is made, which takes several times as much

MARKUP = (".xml", ".rels", ".html", ".htm", ".xhtml", ".opf", ".ncx")
STREAMED = "xl/worksheets/"  # read row by row, without a tree


@contextmanager
def open_package(path: Path, expected: str, password: str = "") -> Iterator[ZipFile]:
    """The package, open; `expected` is what it should be, in words for a person.

    Raises `PasswordNeeded`, `UnsupportedKind`, `ReaderLimit`, or `DamagedFile` also for whatever
    is raised inside the block.
    """
    source: Path | BytesIO = path
    with file_faults(path), path.open("rb") as file:
        start = file.read(len(COMPOUND_FILE))
        if not start:
            raise DamagedFile(
                f"“{path.name}” is empty.", remedy="It was not saved or copied whole: get it again."
            )
        if start == COMPOUND_FILE:
            if ENCRYPTED_PACKAGE not in file.read():
                raise _before_2007(path)
            source = decrypted(path, file, password)
    with library_faults(path, expected), ZipFile(source) as package:
        _require_sane(package, path)
        yield package


def parse_xml(part: bytes) -> Any:
    """The root of a part's tree. No entity is resolved, nothing is fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    return etree.fromstring(part, parser)


def local_name(element: Any) -> str:
    """An element's name without its namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _require_sane(package: ZipFile, path: Path) -> None:
    entries = package.infolist()
    if any(entry.flag_bits & IS_ENCRYPTED for entry in entries):
        raise cannot_decrypt(path)
    trees = (
        entry.file_size
        for entry in entries
        if entry.filename.lower().endswith(MARKUP) and not entry.filename.startswith(STREAMED)
    )
    # Sizes as the directory states them: zipfile unpacks no more than that.
    if sum(entry.file_size for entry in entries) > MOST_BYTES or max(trees, default=0) > (
        MOST_TREE_BYTES
    ):
        raise ReaderLimit(
            f"“{path.name}” unpacks to more than Deskbook can hold in memory.",
            remedy="Split it into smaller files, or leave it out if it is not yours.",
        )


def _before_2007(path: Path) -> UnsupportedKind:
    return UnsupportedKind(
        f"“{path.name}” is in the format of Office before 2007, which Deskbook does not read.",
        remedy=f"Open it in an office program and save it as {path.suffix.lower()} anew.",
    )

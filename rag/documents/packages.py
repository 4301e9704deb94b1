"""Zip packages such as office documents and books are: opened with a look at what they hold.

Knows passwords, bombs and damage. What the parts of a package mean is the readers'; archives of
files that a person packed are in `archives`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from lxml import etree

from rag.documents.faults import file_faults, library_faults
from rag.errors import DamagedFile, PasswordNeeded, ReaderLimit, UnsupportedKind

MIB = 1 << 20
MOST_BYTES = 1024 * MIB  # of all parts unpacked
MOST_TREE_BYTES = 128 * MIB  # of a part of which a tree is made, which takes several times as much

MARKUP = (".xml", ".rels", ".html", ".htm", ".xhtml", ".opf", ".ncx")
STREAMED = "xl/worksheets/"  # read row by row, without a tree
IS_ENCRYPTED = 0x1  # the flag of a zip entry (APPNOTE.TXT, 4.4.4)

# A compound file (MS-CFB): an Office document from before 2007, or one with a password.
COMPOUND_FILE = bytes.fromhex("D0CF11E0A1B11AE1")
ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


@contextmanager
def open_package(path: Path, expected: str) -> Iterator[ZipFile]:
    """The package, open; `expected` is what it should be, in words for a person.

    Raises `PasswordNeeded`, `UnsupportedKind`, `ReaderLimit`, or `DamagedFile` also for whatever
    is raised inside the block.
    """
    with file_faults(path), path.open("rb") as file:
        start = file.read(len(COMPOUND_FILE))
        if not start:
            raise DamagedFile(
                f"“{path.name}” is empty.", remedy="It was not saved or copied whole: get it again."
            )
        if start == COMPOUND_FILE:
            raise _compound_file(path, is_encrypted=ENCRYPTED_PACKAGE in file.read())
    with library_faults(path, expected), ZipFile(path) as package:
        _require_sane(package, path)
        yield package


def parse_xml(part: bytes) -> Any:
    """The root of a part's tree. No entity is resolved, nothing is fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
    return etree.fromstring(part, parser)


def local_name(element: Any) -> str:
    """An element's name without its namespace; empty for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def needs_password(path: Path) -> PasswordNeeded:
    """What is said of a file that is encrypted."""
    return PasswordNeeded(
        f"“{path.name}” is protected with a password.",
        remedy="Save a copy without the password and add that.",
    )


def _require_sane(package: ZipFile, path: Path) -> None:
    entries = package.infolist()
    if any(entry.flag_bits & IS_ENCRYPTED for entry in entries):
        raise needs_password(path)
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


def _compound_file(path: Path, *, is_encrypted: bool) -> PasswordNeeded | UnsupportedKind:
    if is_encrypted:
        return needs_password(path)
    return UnsupportedKind(
        f"“{path.name}” is in the format of Office before 2007, which Deskbook does not read.",
        remedy=f"Open it in an office program and save it as {path.suffix.lower()} anew.",
    )

"""Reads OpenDocument texts (ODF 1.3, part 3): headings, paragraphs, lists, tables row by row.

Read from the XML with lxml: odfpy, the one library for it, has had no release since 2020.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from rag.documents.draft import Draft
from rag.documents.faults import cannot_decrypt
from rag.documents.odt_hidden import take_out_hidden
from rag.documents.packages import local_name, open_package, parse_xml
from rag.documents.tables import table_lines
from rag.types import Document, Kind

TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"

ENCRYPTION = b"encryption-data"  # in the manifest, for each part that is encrypted
CHARACTERS = {"tab": "\t", "line-break": "\n"}
# Not text of the body: what was deleted, comments, the rules for an index.
SKIPPED = ("tracked-changes", "annotation", "annotation-end", "forms", "sequence-decls")
MOST_REPEATED = 64  # cells alike in a row; a spreadsheet's empty rest is given as thousands


def read(path: Path) -> Document:
    """The body in order, footnotes where they are called. Raises `PasswordNeeded`, `ReaderLimit`
    or `DamagedFile`.
    """
    draft = Draft()
    with open_package(path, "OpenDocument text") as package:
        if ENCRYPTION in package.read("META-INF/manifest.xml"):
            raise cannot_decrypt(path)
        root = parse_xml(package.read("content.xml"))
        named = parse_xml(package.read("styles.xml")) if _has_styles(package) else None
        draft.note_hidden(take_out_hidden(root, named))
        _write_blocks(draft, next(root.iter(f"{OFFICE}text")))
        return draft.document(Kind.ODT, path, titles=[_title(package), draft.first_heading])


def _has_styles(package: ZipFile) -> bool:
    return "styles.xml" in package.namelist()


def _title(package: ZipFile) -> str:
    if "meta.xml" not in package.namelist():
        return ""
    meta = parse_xml(package.read("meta.xml"))
    return next((part.text or "" for part in meta.iter() if local_name(part) == "title"), "")


def _write_blocks(draft: Draft, parent: Any) -> None:
    for block in parent.iterchildren():
        match local_name(block):
            case "h":
                level = block.get(f"{TEXT}outline-level", "1")
                draft.add_heading(_text(block), level=int(level) if level.isdecimal() else 1)
            case "p":
                draft.add_paragraph(_text(block))
            case "list":
                draft.add_lines(_items(block, depth=0))
            case "table":
                has_header = block.find(f"{TABLE}table-header-rows") is not None
                draft.add_lines(table_lines(list(_rows(block)), has_header=has_header))
            case name if name and name not in SKIPPED:  # a section, an index
                _write_blocks(draft, block)


def _items(items: Any, *, depth: int) -> Iterator[str]:
    """The lines of a list. Whether it is numbered stands in its style, and is not looked up."""
    for item in items.iterchildren(f"{TEXT}list-header", f"{TEXT}list-item"):
        marker = "- "
        for block in item.iterchildren():
            if local_name(block) == "list":
                yield from _items(block, depth=depth + 1)
            elif local_name(block) in ("p", "h"):
                yield f"{'  ' * depth}{marker}{_text(block)}"
                marker = "  "


def _rows(table: Any) -> Iterator[list[str]]:
    for row in table.iter(f"{TABLE}table-row"):
        if next(row.iterancestors(f"{TABLE}table")) is table:
            yield [text for cell in row.iterchildren() for text in _cell(cell)]


def _cell(cell: Any) -> list[str]:
    """The cell's text, as often as it stands there."""
    paragraphs = (*cell.iter(f"{TEXT}p"), *cell.iter(f"{TEXT}h"))
    text = " ".join(_text(paragraph) for paragraph in paragraphs)
    repeated = cell.get(f"{TABLE}number-columns-repeated", "1")
    return [text] * (min(int(repeated), MOST_REPEATED) if repeated.isdecimal() else 1)


def _text(parent: Any) -> str:
    """The text of a paragraph with its spaces, tabs and notes."""
    pieces = [parent.text or ""]
    for child in parent.iterchildren():
        name = local_name(child)
        if name == "s":
            count = child.get(f"{TEXT}c", "1")
            pieces.append(" " * (min(int(count), 80) if count.isdecimal() else 1))
        elif name in CHARACTERS:
            pieces.append(CHARACTERS[name])
        elif name == "note":
            pieces.append(f" ({' '.join(_text(p) for p in child.iter(f'{TEXT}p'))})")
        elif name and name not in SKIPPED:
            pieces.append(_text(child))
        pieces.append(child.tail or "")
    return "".join(pieces)

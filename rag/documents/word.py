"""Reads Word documents (Office Open XML, ECMA-376 part 1, section 17) through python-docx.

python-docx opens the package and knows the styles; the text is taken from the XML itself, since
its paragraphs leave out content controls and what was inserted with changes tracked.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
from docx.oxml.ns import qn

from rag.documents.draft import Draft
from rag.documents.packages import local_name, open_package, parse_xml
from rag.documents.tables import table_lines
from rag.documents.word_hidden import HiddenRuns
from rag.documents.word_styles import Styles
from rag.types import Document, Kind

FOOTNOTES = "/footnotes"  # how the type of a relationship to them ends
# Elements around paragraphs or runs that change nothing about their text.
TRANSPARENT = (
    "sdt",
    "sdtContent",
    "ins",
    "moveTo",
    "smartTag",
    "customXml",
    "hyperlink",
    "fldSimple",
)
CHARACTERS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def read(path: Path, password: str = "") -> Document:
    """The body in order, then the footnotes; deleted text is left out.

    Raises `PasswordNeeded`, `ReaderLimit` or `DamagedFile`.
    """
    with open_package(path, "Word document", password) as package:
        word = docx.Document(package.fp)
        hidden = HiddenRuns(word.styles.element)
        writer = _Writer(Draft(), Styles(word))
        writer.draft.note_hidden(hidden.take_out(word.element.body))
        writer.write(word.element.body)
        for relation in word.part.rels.values():
            if relation.reltype.endswith(FOOTNOTES):
                notes = parse_xml(relation.target_part.blob)
                writer.draft.note_hidden(hidden.take_out(notes))
                writer.write_footnotes(notes)
        titles = [word.core_properties.title or "", writer.title, writer.draft.first_heading]
        return writer.draft.document(Kind.DOCX, path, titles=titles)


class _Writer:
    """Takes the blocks of a body one by one; list items that follow each other stay together."""

    def __init__(self, draft: Draft, styles: Styles) -> None:
        self.draft = draft
        self.title = ""  # the first paragraph in the style "Title"
        self._styles = styles
        self._items: list[str] = []

    def write(self, body: Any) -> None:
        for block in _blocks(body):
            if local_name(block) == "tbl":
                self._end_list()
                has_header = block.find(f".//{qn('w:tblHeader')}") is not None
                self.draft.add_lines(table_lines(list(_rows(block)), has_header=has_header))
            else:
                self._write_paragraph(block)
        self._end_list()

    def write_footnotes(self, root: Any) -> None:
        for note in root.iterchildren(qn("w:footnote")):
            if note.get(qn("w:type")) is None:  # the others are the lines that part them
                text = " ".join(_text(block) for block in _blocks(note))
                self.draft.add_paragraph(f"[{note.get(qn('w:id'))}] {text}" if text.strip() else "")

    def _write_paragraph(self, paragraph: Any) -> None:
        text = _text(paragraph)
        look = self._styles.look_of(paragraph)
        if look.marker and text.strip():
            self._items.append(f"{'  ' * look.depth}{look.marker} {text}")
            return
        self._end_list()
        if look.is_title:
            self.title = self.title or text
        if look.heading_level:
            self.draft.add_heading(text, level=look.heading_level)
        else:
            self.draft.add_paragraph(text)
        for box in paragraph.iter(qn("w:txbxContent")):
            if not any(local_name(above) == "Fallback" for above in box.iterancestors()):
                self.write(box)

    def _end_list(self) -> None:
        items, self._items = self._items, []
        self.draft.add_lines(items)


def _blocks(parent: Any) -> Iterator[Any]:
    """The paragraphs and tables of a body, a cell or a note."""
    for child in parent.iterchildren():
        name = local_name(child)
        if name in ("p", "tbl"):
            yield child
        elif name in TRANSPARENT:
            yield from _blocks(child)


def _text(parent: Any) -> str:
    """The text of a paragraph's runs, without that of text boxes in it."""
    pieces = []
    for child in parent.iterchildren():
        name = local_name(child)
        if name == "t":
            pieces.append(child.text or "")
        elif name in CHARACTERS:
            pieces.append(CHARACTERS[name])
        elif name == "footnoteReference":
            pieces.append(f" [{child.get(qn('w:id'))}]")
        elif name == "r" or name in TRANSPARENT:
            pieces.append(_text(child))
    return "".join(pieces)


def _rows(table: Any) -> Iterator[list[str]]:
    """The cells' texts; a cell that spans columns or rows stands in each of them."""
    above: list[str] = []
    for row in table.iter(qn("w:tr")):
        if next(row.iterancestors(qn("w:tbl"))) is not table:
            continue  # of a table inside a cell, which is written as the cell's text
        cells: list[str] = []
        for cell in row.iter(qn("w:tc")):
            if next(cell.iterancestors(qn("w:tr"))) is row:
                text = " ".join(_text(paragraph) for paragraph in cell.iter(qn("w:p")))
                if _goes_on(cell) and len(cells) < len(above):
                    text = above[len(cells)]
                cells += [text] * _width(cell)
        above = cells
        yield cells


def _goes_on(cell: Any) -> bool:
    """Whether the cell is the lower part of the one above it."""
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"


def _width(cell: Any) -> int:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    stated = span.get(qn("w:val"), "1") if span is not None else "1"
    return int(stated) if stated in map(str, range(1, 64)) else 1  # as many as Word allows

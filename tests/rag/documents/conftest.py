"""One real file of each format, made by the format's own libraries."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from odf.opendocument import OpenDocumentText
from odf.table import Table, TableCell, TableRow
from odf.text import H, List, ListItem, P

PEOPLE = (("Name", "Born"), ("Ada", "1815"), ("Grace", "1906"))


def make_docx(path: Path) -> None:
    word = docx.Document()
    word.add_heading("Bees", 1)
    word.add_paragraph("Bees fly far.")
    word.add_heading("Food", 2)
    for text, style in (("honey", "List Bullet"), ("one", "List Number"), ("two", "List Number")):
        word.add_paragraph(text, style=style)
    table = word.add_table(rows=3, cols=2)
    for row, texts in zip(table.rows, PEOPLE, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    word.add_paragraph("After.")
    word.save(str(path))


def make_odt(path: Path) -> None:
    document = OpenDocumentText()
    document.text.addElement(H(outlinelevel=1, text="Bees"))
    document.text.addElement(P(text="Bees fly far."))
    document.text.addElement(H(outlinelevel=2, text="Food"))
    items, item = List(), ListItem()
    item.addElement(P(text="honey"))
    items.addElement(item)
    document.text.addElement(items)
    table = Table()
    for texts in PEOPLE:
        row = TableRow()
        for text in texts:
            cell = TableCell()
            cell.addElement(P(text=text))
            row.addElement(cell)
        table.addElement(row)
    document.text.addElement(table)
    document.save(str(path))


def make_pptx(path: Path) -> None:
    presentation = pptx.Presentation()
    slide = presentation.slides.add_slide(presentation.slide_layouts[1])
    slide.shapes.title.text = "Bees"
    frame = slide.placeholders[1].text_frame
    frame.text = "They fly far."
    inner = frame.add_paragraph()
    inner.text, inner.level = "Very far.", 1
    slide.notes_slide.notes_text_frame.text = "Say hello first."
    slide = presentation.slides.add_slide(presentation.slide_layouts[6])
    table = slide.shapes.add_table(3, 2, 0, 0, 100, 100).table
    for row, texts in enumerate(PEOPLE):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    presentation.save(str(path))


def make_xlsx(path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.title = "People"
    for row in PEOPLE:
        sheet.append(row)
    workbook.create_sheet("Nothing")
    workbook.save(path)


def make_notebook(path: Path) -> None:
    cells = [
        {
            "cell_type": "markdown",
            "source": ["# Bees\n", "\n", "They *fly*.\n", "## Food\n", "No."],
        },
        {
            "cell_type": "code",
            "source": "print(6 * 7)",
            "outputs": [{"output_type": "stream", "name": "stdout", "text": ["42\n"]}],
        },
    ]
    metadata = {"language_info": {"name": "python"}}
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells}
    path.write_text(json.dumps(notebook), "utf-8")


def make_epub(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in EPUB_PARTS.items():
            package.writestr(name, text)


EPUB_PARTS = {
    "mimetype": "application/epub+zip",
    "META-INF/container.xml": """<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
        <rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>""",
    "OEBPS/book.opf": """<package xmlns="http://www.idpf.org/2007/opf">
        <metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Moby Bee</dc:title>
        </metadata>
        <manifest>
          <item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
          <item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>
          <item id="b" href="b%20b.xhtml" media-type="application/xhtml+xml"/>
          <item id="c" href="c.xhtml" media-type="application/xhtml+xml"/>
        </manifest>
        <spine><itemref idref="nav"/><itemref idref="b"/><itemref idref="c"/>
          <itemref idref="a"/></spine>
        </package>""",
    "OEBPS/nav.xhtml": """<html xmlns="http://www.w3.org/1999/xhtml"
        xmlns:epub="http://www.idpf.org/2007/ops"><body>
        <nav epub:type="landmarks"><a href="a.xhtml">Start here</a></nav>
        <nav epub:type="toc"><ol><li><a href="a.xhtml">The Carpet Bag</a></li>
        <li><a href="b%20b.xhtml#first">Loomings</a></li></ol></nav></body></html>""",
    "OEBPS/a.xhtml": """<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>
        <body><p>I stuffed a shirt &amp; a comb.</p></body></html>""",
    "OEBPS/b b.xhtml": """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>
        <html xmlns="http://www.w3.org/1999/xhtml"><body><h1>Chapter 1. Loomings</h1>
        <p>Call me&nbsp;Bee.</p><h2>The sea</h2><p>It is wide.</p></body></html>""",
    "OEBPS/c.xhtml": "<html><body><p>So it goes on.</p></body></html>",
}

TEXTS = {
    "csv": b"Name;Born\nAda;1815\nGrace;1906\n",
    "tsv": b"Name\tBorn\nAda\t1815\n",
    "html": b"<title>Bees</title><h1>Bees</h1><p>They fly.<ul><li>far<li>high</ul>",
    "rtf": rb"{\rtf1\ansi\pard\plain\outlinelevel0 Bees\par\pard\plain They fl\'fc.\par}",
    "eml": b"From: a@x.org\nSubject: Bees\nDate: Mon, 3 Jun 2024 10:00:00 +0200\n\nThey fly.\n",
    "mbox": b"From a@x.org Mon Jun  3 10:00:00 2024\nFrom: a@x.org\nSubject: Bees\n\nThey fly.\n",
    "md": b"---\ntitle: Bees\n---\n# Bees\n\nThey fly to [[Flowers|a flower]].\n",
    "txt": b"They fly.\n\nThey sting.\n",
    "py": b"class Bee:\n    def fly(self):\n        return 1\n",
    "rs": b"pub struct Bee;\n\nimpl Bee {\n    fn fly(&self) -> i32 { 1 }\n}\n",
}
MAKERS: dict[str, Callable[[Path], None]] = {
    "docx": make_docx,
    "odt": make_odt,
    "pptx": make_pptx,
    "xlsx": make_xlsx,
    "ipynb": make_notebook,
    "epub": make_epub,
}


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The files by their suffix, without its dot."""
    folder = tmp_path_factory.mktemp("samples")
    for suffix, data in TEXTS.items():
        (folder / f"sample.{suffix}").write_bytes(data)
    for suffix, make in MAKERS.items():
        make(folder / f"sample.{suffix}")
    return {path.suffix[1:]: path for path in folder.iterdir()}

"""OpenDocument: headings, paragraphs, lists and tables, as odfpy writes them."""

from pathlib import Path

import pytest
from odf.opendocument import OpenDocumentText
from odf.table import CoveredTableCell, Table, TableCell, TableHeaderRows, TableRow
from odf.text import H, LineBreak, Note, NoteBody, NoteCitation, P, S, Section, Span

from rag.documents.odt import read
from rag.errors import PasswordNeeded
from rag.types import Document


def saved(document: OpenDocumentText, folder: Path) -> Document:
    document.save(str(folder / "my letter.odt"))
    return read(folder / "my letter.odt")


def test_headings_lists_and_tables_stand_in_order(samples: dict[str, Path]) -> None:
    document = read(samples["odt"])
    assert document.text == (
        "Bees\n\nBees fly far.\n\nFood\n\n- honey\n\n"
        "| Name: Ada · Born: 1815 |\n| Name: Grace · Born: 1906 |"
    )
    assert [(heading.title, heading.level) for heading in document.headings] == [
        ("Bees", 1),
        ("Food", 2),
    ]


def test_spaces_breaks_and_notes_stand_where_they_are(tmp_path: Path) -> None:
    document = OpenDocumentText()
    paragraph = P(text="Bees")
    paragraph.addElement(S(c=2))
    paragraph.addElement(Span(text="fly"))
    note = Note(noteclass="footnote")
    note.addElement(NoteCitation(text="1"))
    body = NoteBody()
    body.addElement(P(text="Mostly."))
    note.addElement(body)
    paragraph.addElement(note)
    paragraph.addElement(LineBreak())
    paragraph.addText("far.")
    section = Section(name="s")
    section.addElement(paragraph)
    document.text.addElement(section)
    assert saved(document, tmp_path).text == "Bees  fly (Mostly.)\nfar."


def test_a_tables_stated_header_names_its_columns(tmp_path: Path) -> None:
    document = OpenDocumentText()
    table, header, row = Table(), TableHeaderRows(), TableRow()
    names = TableRow()
    for text in ("1", "2"):
        cell = TableCell()
        cell.addElement(P(text=text))
        names.addElement(cell)
    header.addElement(names)
    wide = TableCell(numbercolumnsrepeated=2)
    wide.addElement(P(text="Ada"))
    row.addElement(wide)
    row.addElement(CoveredTableCell())
    table.addElement(header)
    table.addElement(row)
    document.text.addElement(table)
    assert saved(document, tmp_path).text == "| 1: Ada · 2: Ada |"


@pytest.mark.parametrize(("stated", "title"), [("Bee keeping", "Bee keeping"), ("", "First")])
def test_the_title_is_the_stated_one_or_the_first_heading(
    tmp_path: Path, stated: str, title: str
) -> None:
    document = OpenDocumentText()
    if stated:
        from odf.dc import Title

        document.meta.addElement(Title(text=stated))
    document.text.addElement(H(outlinelevel=1, text="First"))
    assert saved(document, tmp_path).title == title


def test_an_encrypted_file_asks_for_its_password(tmp_path: Path, samples: dict[str, Path]) -> None:
    import zipfile

    path = tmp_path / "secret.odt"
    with zipfile.ZipFile(path, "w") as package:
        entry = '<manifest:file-entry><manifest:encryption-data manifest:checksum="x"/>'
        package.writestr("META-INF/manifest.xml", entry)
        package.writestr("content.xml", b"\x93\x01\x77")
    with pytest.raises(PasswordNeeded, match=r"“secret.odt” is protected with a password"):
        read(path)

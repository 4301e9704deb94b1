"""Word: what stands in the body, in order, by style and numbering."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from rag.documents.word import read
from rag.types import Document

Build = Callable[[Any], None]


@pytest.fixture
def written(tmp_path: Path) -> Callable[[Build], Document]:
    """Makes a document with python-docx, saves it and reads it."""

    def write(build: Build) -> Document:
        word = docx.Document()
        build(word)
        word.save(str(tmp_path / "my letter.docx"))
        return read(tmp_path / "my letter.docx")

    return write


def body_xml(word: Any, xml: str) -> None:
    word.element.body.insert(0, parse_xml(xml.replace(">", f" {nsdecls('w')}>", 1)))


def test_headings_lists_and_tables_stand_in_order(samples: dict[str, Path]) -> None:
    document = read(samples["docx"])
    assert document.text == (
        "Bees\n\nBees fly far.\n\nFood\n\n- honey\n1. one\n2. two\n\n"
        "| Name: Ada · Born: 1815 |\n| Name: Grace · Born: 1906 |\n\nAfter."
    )
    assert [(heading.title, heading.level) for heading in document.headings] == [
        ("Bees", 1),
        ("Food", 2),
    ]


def test_a_style_of_ones_own_is_the_heading_it_is_based_on(
    written: Callable[[Build], Document],
) -> None:
    def build(word: Any) -> None:
        style = word.styles.add_style("Kapitel", 1)
        style.base_style = word.styles["Heading 2"]
        word.add_paragraph("Bees", style="Kapitel")

    (heading,) = written(build).headings
    assert (heading.title, heading.level) == ("Bees", 2)


def test_an_outline_level_makes_a_heading(written: Callable[[Build], Document]) -> None:
    paragraph = '<w:p><w:pPr><w:outlineLvl w:val="2"/></w:pPr><w:r><w:t>Bees</w:t></w:r></w:p>'
    (heading,) = written(lambda word: body_xml(word, paragraph)).headings
    assert (heading.title, heading.level) == ("Bees", 3)


@pytest.mark.parametrize(
    ("xml", "text"),
    [
        ("<w:p><w:ins><w:r><w:t>new</w:t></w:r></w:ins></w:p>", "new"),
        ("<w:p><w:del><w:r><w:delText>old</w:delText></w:r></w:del></w:p>", ""),
        (
            "<w:sdt><w:sdtContent><w:p><w:r><w:t>field</w:t></w:r></w:p></w:sdtContent></w:sdt>",
            "field",
        ),
        ("<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r></w:p>", "a\tb\nc"),
        ("<w:p><w:hyperlink><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>", "link"),
        (
            "<w:p><w:r><w:t>out</w:t><w:txbxContent><w:p><w:r><w:t>b</w:t></w:r></w:p></w:txbxContent></w:r></w:p>",
            "out\n\nb",
        ),
    ],
    ids=["inserted", "deleted", "control", "characters", "link", "text box"],
)
def test_what_is_seen_is_read(written: Callable[[Build], Document], xml: str, text: str) -> None:
    assert written(lambda word: body_xml(word, xml)).text == text


def test_merged_cells_stand_in_each_of_their_places(written: Callable[[Build], Document]) -> None:
    def build(word: Any) -> None:
        table = word.add_table(rows=3, cols=2)
        for at, text in enumerate(("Who", "When", "Ada", "1815", "", "1852")):
            table.cell(at // 2, at % 2).text = text
        table.cell(1, 0).merge(table.cell(2, 0))

    assert written(build).text == "| Who: Ada · When: 1815 |\n| Who: Ada · When: 1852 |"


@pytest.mark.parametrize(
    ("stated", "title"),
    [("Bee keeping", "Bee keeping"), ("Word Document", "On bees"), ("", "On bees")],
)
def test_the_title_is_the_stated_one_where_it_says_something(
    written: Callable[[Build], Document], stated: str, title: str
) -> None:
    def build(word: Any) -> None:
        word.core_properties.title = stated
        word.add_paragraph("On bees", style="Title")
        word.add_heading("First", 1)

    assert written(build).title == title

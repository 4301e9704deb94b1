"""What was filled into forms and noted on pages becomes text, with a page and without marks."""

from pathlib import Path

import pytest
from pypdf import PdfWriter
from pypdf.annotations import FreeText, Link, Text
from reportlab.pdfgen.canvas import Canvas

from rag.documents.pdf import read
from rag.marks import marks_of
from rag.types import Span


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "form.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(50, 700, "Form for keepers of bees")
    fields = canvas.acroForm
    fields.textfield(name="keeper", tooltip="Name of the keeper", value="Ada", x=50, y=600)
    fields.textfield(name="street", value="", x=50, y=560)
    fields.checkbox(name="hives", checked=True, x=50, y=520)
    fields.checkbox(name="wasps", checked=False, x=50, y=480)
    fields.choice(name="kind", value="Buckfast", options=["Buckfast", "Carnica"], x=50, y=440)
    canvas.showPage()
    canvas.drawString(50, 700, "Second page")
    canvas.save()
    return path


def test_values_of_a_form_follow_the_text_of_their_page(form: Path) -> None:
    assert read(form).text == (
        "Form for keepers of bees\n\nName of the keeper: Ada\n\nhives: Yes\n\nkind: Buckfast\n\n\f"
        "Second page"
    )


def test_notes_follow_the_text_of_their_page(form: Path) -> None:
    writer = PdfWriter(clone_from=form)
    writer.add_annotation(1, Text(rect=(50, 650, 70, 670), text="Ask\nthe neighbour"))
    writer.add_annotation(1, FreeText(rect=(50, 500, 250, 550), text="Seen by Bob"))
    writer.add_annotation(1, Link(rect=(50, 400, 60, 410), url="https://example.org"))
    writer.write(form)
    assert read(form).text.endswith("\fSecond page\n\nAsk the neighbour\n\nSeen by Bob")


def test_a_value_has_a_page_and_no_mark(form: Path) -> None:
    document = read(form)
    start = document.text.index("Ada")
    assert document.pages[0].span.start <= start < document.pages[0].span.end
    assert marks_of(Span(start, start + 3), document.pages) == ()

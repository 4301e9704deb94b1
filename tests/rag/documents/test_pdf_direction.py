"""Lines with letters that run from right to left, in the order in which they are read."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject
from PySide6.QtPdf import QPdfDocument
from reportlab.pdfgen.canvas import Canvas

from rag.documents.pdf import read
from rag.documents.pdf_direction import logical_order
from rag.marks import marks_of
from rag.types import Span

COPIES = Path(__file__).parents[2] / "data" / "pdfs"

# The letters a to v of the file's font are said to be the letters of the Hebrew alphabet.
CODES = [f"<{0x61 + at:02X}> <{0x5D0 + at:04X}>" for at in range(22)]
CODE_MAP = """begincmap
1 begincodespacerange <00> <FF> endcodespacerange
22 beginbfchar {} endbfchar
endcmap""".format(" ".join(CODES))


def hebrew(letters: str) -> str:
    return "".join(
        chr(ord(each) - 0x61 + 0x5D0) if each in "abcdefghi" else each for each in letters
    )


@pytest.fixture
def drawn(tmp_path: Path) -> Path:
    """A line of Hebrew, one of English with two Hebrew words, each as it looks on the page."""
    path = tmp_path / "hebrew.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(40, 500, "abc def 12 ghi")
    canvas.drawString(40, 400, "HE SAID abc def TO US")
    canvas.save()
    writer = PdfWriter(clone_from=path)
    codes = StreamObject()
    codes.set_data(CODE_MAP.encode())
    for font in writer.pages[0]["/Resources"]["/Font"].values():
        font.get_object()[NameObject("/ToUnicode")] = writer._add_object(codes)
    writer.write(path)
    return path


def test_lines_of_hebrew_and_words_quoted_in_english_are_in_reading_order(drawn: Path) -> None:
    first, second = read(drawn).text.split("\n\n")
    assert first == hebrew("ihg 12 fed cba")
    assert second == hebrew("HE SAID fed cba TO US")


def test_what_is_marked_of_it_is_what_was_read(drawn: Path, qapp: object) -> None:
    document = read(drawn)
    file = QPdfDocument()
    file.load(str(drawn))
    start = document.text.index(hebrew("SAID fed")) + len("SAID ")
    (mark,) = marks_of(Span(start, start + 3), document.pages)
    assert file.getSelectionAtIndex(0, mark.index, mark.length).text() == hebrew("fed")


def test_a_stated_text_is_not_turned_twice() -> None:
    (path,) = COPIES.glob("015-arabic_habibi-rotated*")
    assert "\u062d\u064e\u0628\u064a\u0628\u064a" in read(path).text


@given(text=st.text(alphabet="ab \u05d0\u05d1\u0628\u064a1", max_size=30), turn=st.booleans())
def test_no_character_is_lost_or_doubled(text: str, turn: bool) -> None:
    places = [float(-at if turn else at) for at in range(len(text))]
    assert sorted(logical_order(text, places)) == list(range(len(text)))


def test_text_that_runs_to_the_right_stays_as_it_is() -> None:
    assert logical_order("HE SAID", [float(at) for at in range(7)]) == list(range(7))

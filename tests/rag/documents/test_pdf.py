"""PDFs: real odd ones, and some made here with headings, labels and tables."""

import re
from contextlib import closing
from itertools import count
from pathlib import Path
from unicodedata import bidirectional

import pypdfium2
import pytest
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject
from pypdfium2.raw import FPDFText_GetUnicode
from PySide6.QtPdf import QPdfDocument
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

from rag.chunking import chunk
from rag.documents.pdf import read
from rag.errors import DamagedFile, PasswordNeeded
from rag.marks import marks_of
from rag.sentences import split_sentences
from rag.types import Document, Span

COPIES = Path(__file__).parents[2] / "data" / "pdfs"
COLLECTION = Path(__file__).parents[4] / "shared" / "data" / "pdfs"  # beside the checkout

UNREADABLE = {"005-libreoffice-writer-password": PasswordNeeded, "017-unreadable": DamagedFile}
PICTURES = (
    "007-imagemagick-images_imagemagick-ASCII85Decode",
    "007-imagemagick-images_imagemagick-CCITTFaxDecode",
    "007-imagemagick-images_imagemagick-images",  # its words are outside of its pages
    "007-imagemagick-images_imagemagick-lzw",
    "019-grayscale-image",
    "023-cmyk-image",
)

WITH_NOTES = ("012-libreoffice-form", "024-annotations")  # text that is nowhere on the page

readable = [
    path
    for folder in (COPIES, COLLECTION)
    for path in sorted(folder.glob("*.pdf"))
    if not path.name.startswith(tuple(UNREADABLE))
]


@pytest.fixture
def manual(tmp_path: Path) -> Path:
    """Two pages labelled i and 1, with an outline of two levels and a table."""
    path = tmp_path / "manual.pdf"
    canvas = Canvas(str(path), pagesize=A5)
    canvas.setTitle("Keeping bees")
    canvas.setKeywords("apiary, honey;  beginners ")
    heights = (560 - step for step in count(0, 14))
    canvas.bookmarkPage("bees")
    canvas.addOutlineEntry("1 Bees", "bees", level=0)
    for line in ("1 Bees", "", "Bees need water. They", "fetch it from near.", "", "They also"):
        canvas.drawString(40, next(heights), line)
    canvas.showPage()
    heights = (560 - step for step in count(0, 14))
    canvas.bookmarkPage("food")
    canvas.addOutlineEntry("Food", "food", level=1)
    canvas.bookmarkPage("nowhere")
    canvas.addOutlineEntry("Nowhere on the page", "nowhere", level=1)
    for line in ("need food.", "", "1.1 Food", "", "Month 1 2 3", "Sugar 10 20 30"):
        canvas.drawString(40, next(heights), line)
    canvas.save()
    writer = PdfWriter(clone_from=path)
    writer.set_page_label(0, 0, style="/r")
    writer.set_page_label(1, 1, style="/D")
    writer.write(path)
    return path


def key(text: str) -> str:
    """What must agree: all but white space, control characters and how a hyphen is written."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]", "", re.sub("[\x02\ufffe]", "-", text))


def marked(file: QPdfDocument, document: Document, index: int) -> tuple[str, str]:
    """The text of one of the document's sentences, and what Qt finds at its marks."""
    span = split_sentences(document.text)[index]
    selections = (
        file.getSelectionAtIndex(mark.page - 1, mark.index, mark.length)
        for mark in marks_of(span, document.pages)
    )
    return span.of(document.text), "".join(selection.text() for selection in selections)


@pytest.mark.parametrize("path", readable, ids=lambda path: f"{path.parts[-4]}/{path.stem}"[-50:])
def test_what_is_marked_on_the_page_is_what_the_text_says(path: Path, qapp: object) -> None:
    document = read(path)
    file = QPdfDocument()
    assert file.load(str(path)) is QPdfDocument.Error.None_
    sentence_count = len(split_sentences(document.text))
    for index in range(0, sentence_count, max(1, sentence_count // 12)):
        text, selected = marked(file, document, index)
        # PDFium, and so Qt, has the letters of a stated right-to-left text backwards.
        if path.name.startswith(WITH_NOTES) and not selected:
            continue
        runs_left = any(bidirectional(letter) in ("R", "AL") for letter in text)
        ordered = sorted if runs_left else list
        assert ordered(key(selected)) == ordered(key(text))


@pytest.mark.parametrize("path", readable, ids=lambda path: f"{path.parts[-4]}/{path.stem}"[-50:])
def test_runs_and_pages_slice_the_text(path: Path) -> None:
    document = read(path)
    assert bool(document.text.strip()) is not path.name.startswith(PICTURES)
    covered = set()
    for page in document.pages:
        for run in page.runs:
            assert page.span.start <= run.start < run.start + run.length <= page.span.end
            covered.update(range(run.start, run.start + run.length))
    if not path.name.startswith(WITH_NOTES):
        bare = set(range(len(document.text))) - covered
        assert all(document.text[at] in "\n\f\t -" for at in bare)
    for passage in chunk(document, size=500, count=len):
        assert passage.pages


@pytest.mark.parametrize("path", readable, ids=lambda path: f"{path.parts[-4]}/{path.stem}"[-50:])
def test_every_drawn_character_is_in_the_text_once(path: Path) -> None:
    document = read(path)
    with closing(pypdfium2.PdfDocument(path)) as file:
        for page, drawn in zip(document.pages, file, strict=True):
            textpage = drawn.get_textpage()
            places = [at for run in page.runs for at in range(run.index, run.index + run.length)]
            assert len(places) == len(set(places))
            left_out = set(range(textpage.count_chars())) - set(places)
            codes = [FPDFText_GetUnicode(textpage.raw, at) for at in left_out]
            inked = {chr(code) for code in codes if code > 0x20 and code != 0x7F}
            assert {letter for letter in inked if not letter.isspace()} <= set(
                "".join(document.hidden)
            )


@pytest.mark.parametrize("start", UNREADABLE)
def test_a_locked_or_damaged_file_is_told(start: str) -> None:
    paths = [*COPIES.glob(f"{start}*.pdf"), *COLLECTION.glob(f"{start}*.pdf")]
    if not paths:
        pytest.skip("the collection of odd PDFs is not beside the checkout")
    with pytest.raises(UNREADABLE[start], match=f"“{paths[0].name}” is"):
        read(paths[0])


@pytest.mark.skipif(not COLLECTION.is_dir(), reason="the collection is not beside the checkout")
def test_the_whole_collection_was_tried() -> None:
    assert len(list(COLLECTION.glob("*.pdf"))) == 31
    assert len(readable) == 29 + len(list(COPIES.glob("*.pdf"))) - 1


def test_pages_headings_and_title_are_those_of_the_file(manual: Path) -> None:
    document = read(manual)
    assert document.title == "Keeping bees"
    assert document.keywords == ("apiary", "honey", "beginners")
    assert [(page.number, page.label) for page in document.pages] == [(1, "i"), (2, "1")]
    found = [(heading.title, heading.level) for heading in document.headings]
    assert found == [("1 Bees", 1), ("Food", 2)]
    assert [heading.span.of(document.text) for heading in document.headings] == [
        "1 Bees",
        "1.1 Food",
    ]


def test_paragraphs_pages_and_headings_are_parted(manual: Path) -> None:
    assert read(manual).text == (
        "1 Bees\n\nBees need water. They\nfetch it from near.\n\nThey also\n\n\f"
        "need food.\n\n1.1 Food\n\nMonth 1 2 3\nSugar 10 20 30"
    )


def test_a_word_parted_at_a_line_end_keeps_its_hyphen() -> None:
    (path,) = COPIES.glob("026*.pdf")
    document = read(path)
    assert "consectetuer adip-\niscing elit" in document.text
    assert document.title == "Two-Column Document with Lorem Ipsum"


def test_a_file_that_is_no_pdf_is_told(tmp_path: Path) -> None:
    path = tmp_path / "letter.pdf"
    path.write_text("Dear bees")
    with pytest.raises(DamagedFile, match=r"“letter.pdf” is damaged or no PDF. Open it"):
        read(path)


def test_a_file_that_has_lost_its_table_of_objects_is_read(manual: Path) -> None:
    manual.write_bytes(manual.read_bytes().replace(b"startxref", b"startxerf"))
    assert "Bees need water" in read(manual).text


def test_a_file_cut_in_half_is_told(manual: Path) -> None:
    manual.write_bytes(manual.read_bytes()[:300])
    with pytest.raises(DamagedFile, match=r"“manual.pdf” is damaged or no PDF"):
        read(manual)


def test_a_file_that_only_its_owner_may_change_is_read(manual: Path) -> None:
    writer = PdfWriter(clone_from=manual)
    writer.encrypt(user_password="", owner_password="bees", algorithm="AES-256")
    writer.write(manual)
    document = read(manual)
    assert document.title == "Keeping bees"
    assert "Bees need water" in document.text


CODES = """begincmap
1 begincodespacerange <00> <FF> endcodespacerange
3 beginbfchar <78> <D83DDC1D> <79> <0000> <7A> <0001> endbfchar
endcmap"""


def test_bees_and_glyphs_without_a_code_keep_the_numbers_right(
    tmp_path: Path, qapp: object
) -> None:
    path = tmp_path / "bees.pdf"
    canvas = Canvas(str(path))
    canvas.drawString(40, 500, "AxByCzD and on.")
    canvas.save()
    writer = PdfWriter(clone_from=path)
    codes = StreamObject()
    codes.set_data(CODES.encode())
    for font in writer.pages[0]["/Resources"]["/Font"].values():
        font.get_object()[NameObject("/ToUnicode")] = writer._add_object(codes)
    writer.write(path)

    document = read(path)
    assert document.text == "A\N{HONEYBEE}BCD and on."
    file = QPdfDocument()
    file.load(str(path))
    for word in ("A\N{HONEYBEE}B", "CD", "and on"):
        start = document.text.index(word)
        (mark,) = marks_of(Span(start, start + len(word)), document.pages)
        assert key(file.getSelectionAtIndex(0, mark.index, mark.length).text()) == key(word)


def test_a_table_of_contents_is_in_the_text_and_in_no_passage() -> None:
    manual = read(Path(__file__).parents[3] / "assets" / "samples" / "weather-station-manual.pdf")
    contents = [
        span.of(manual.text) for span in manual.marginalia if ". . ." in span.of(manual.text)
    ]
    assert contents[0].startswith("1 What is in the box")
    passages = chunk(manual, size=180, count=lambda text: len(text.split()))
    assert not any(". . ." in passage.text for passage in passages)

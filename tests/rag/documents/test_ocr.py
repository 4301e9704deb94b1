"""Pages that are pictures of text, drawn here to the letter, recognised by the real models."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import numpy as np
import psutil
import pytest
import reportlab
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from rag.catalog import Catalog, FileStamp, Scored
from rag.chunking import chunk
from rag.documents.ocr import read_picture, recognize_page
from rag.documents.ocr_recognizer import Recognizer
from rag.documents.pdf import read
from rag.documents.recognized import with_recognized
from rag.documents.sandbox import ReaderProcess
from rag.errors import DamagedFile, ReaderLimit
from rag.marks import marks_of
from rag.types import Box, BoxMark, Document, Kind, PageRef, Span, State

FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
STAMP = FileStamp(size_bytes=10, modified_ns=20, content_hash="c0ffee")
DOTS_A_POINT = 300 / 72
LINES = (
    "The heron waits in shallow water until a",
    "fish comes near enough to strike. In 1987,",
    "some 2,450 pairs bred on the eastern coast;",
    "“they stand for hours,” wrote J. Whitfield.",
)
WIDTH, HEIGHT, MARGIN, PITCH, SIZE = 300, 130, 20, 22, 12  # points


@dataclass(frozen=True)
class Drawn:
    """A picture of a page at 300 dpi, and where each of its lines stands, in points."""

    picture: Image.Image
    boxes: tuple[Box, ...]


@pytest.fixture(scope="session")
def drawn() -> Drawn:
    return draw(LINES)


def draw(lines: Sequence[str]) -> Drawn:
    size = round(WIDTH * DOTS_A_POINT), round(HEIGHT * DOTS_A_POINT)
    picture = Image.new("L", size, 255)
    pen = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(FONT), round(SIZE * DOTS_A_POINT))
    boxes = []
    for at, line in enumerate(lines):
        place = round(MARGIN * DOTS_A_POINT), round((MARGIN + at * PITCH) * DOTS_A_POINT)
        pen.text(place, line, font=font, fill=0)
        boxes.append(Box(*(edge / DOTS_A_POINT for edge in pen.textbbox(place, line, font=font))))
    return Drawn(picture, tuple(boxes))


def scan(path: Path, picture: Image.Image, *, rotate: int = 0, crop: float = 0) -> Path:
    """A PDF of a page of text and a page that is the picture, shown turned and cropped so far."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT))
    canvas.drawString(MARGIN, HEIGHT - 2 * MARGIN, "Herons of the eastern coast, a report.")
    canvas.showPage()
    width, height = (edge / DOTS_A_POINT + 2 * crop for edge in picture.size)
    canvas.setPageSize((width, height))
    canvas.drawImage(ImageReader(picture), crop, crop, width - 2 * crop, height - 2 * crop)
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(buffer))
    writer.pages[1].rotate(rotate)
    writer.pages[1].cropbox = RectangleObject((crop, crop, width - crop, height - crop))
    writer.write(path)
    return path


@pytest.fixture(scope="session")
def recognizer() -> Recognizer:
    return Recognizer(threads=1)


@pytest.fixture
def reader() -> Iterator[ReaderProcess]:
    with ReaderProcess() as reader:
        yield reader


def recognized(path: Path, recognizer: Recognizer) -> Document:
    """The document as it is once all its unread pages were recognised."""
    document = read(path)
    unread = [page.number for page in document.pages if page.is_unread]
    pages = [recognize_page(path, number, recognizer=recognizer) for number in unread]
    return with_recognized(document, pages)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one.right, other.right) - max(one.left, other.left)
    height = min(one.bottom, other.bottom) - max(one.top, other.top)
    shared = max(0.0, width) * max(0.0, height)
    return shared / (one.width * one.height + other.width * other.height - shared)


def edit_distance(one: str, other: str) -> int:
    """Levenshtein's: characters to put in, take out or exchange."""
    row = list(range(len(other) + 1))
    for at, a in enumerate(one, start=1):
        before, row[0] = row[0], at
        for below, b in enumerate(other, start=1):
            change = before + (a != b)
            before, row[below] = row[below], min(row[below] + 1, row[below - 1] + 1, change)
    return row[-1]


def test_clean_text_is_read_to_the_letter(
    tmp_path: Path, drawn: Drawn, recognizer: Recognizer
) -> None:
    path = scan(tmp_path / "scan.pdf", drawn.picture)
    page = recognize_page(path, 2, recognizer=recognizer)
    known = "\n".join(LINES)
    assert edit_distance(page.text, known) <= 0.03 * len(known)
    assert all(line.score > 0.9 for line in page.lines)


def test_pages_of_text_and_scans_make_one_text(
    tmp_path: Path, drawn: Drawn, recognizer: Recognizer
) -> None:
    path = scan(tmp_path / "scan.pdf", drawn.picture)
    assert [page.is_unread for page in read(path).pages] == [False, True]
    document = recognized(path, recognizer)
    assert document.text.startswith("Herons of the eastern coast, a report.\n\n\fThe heron waits")
    assert document.pages[0].runs
    assert not any(page.is_unread for page in document.pages)


@pytest.mark.parametrize(
    ("turned", "rotate", "crop"),
    [(0, 0, 0), (0, 0, 30), (90, 90, 0), (270, 270, 25), (180, 180, 0)],
    ids=["upright", "cropped", "turned right", "turned left and cropped", "turned over"],
)
def test_a_mark_lies_on_the_line_it_marks(
    tmp_path: Path,
    drawn: Drawn,
    recognizer: Recognizer,
    turned: int,
    rotate: int,
    crop: float,
) -> None:
    """The picture lies turned in the file, and the page is shown turned back."""
    picture = drawn.picture.rotate(turned, expand=True)
    document = recognized(scan(tmp_path / "s.pdf", picture, rotate=rotate, crop=crop), recognizer)
    start = document.text.index("fish comes")
    (mark,) = marks_of(Span(start, document.text.index("\n", start)), document.pages)
    assert isinstance(mark, BoxMark)
    assert mark.page == 2
    assert overlap(mark.box, drawn.boxes[1]) >= 0.7


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_scan_that_was_laid_in_wrongly_is_read_and_marked(
    tmp_path: Path, drawn: Drawn, recognizer: Recognizer, turned: int
) -> None:
    path = scan(tmp_path / "scan.pdf", drawn.picture.rotate(turned, expand=True))
    page = recognize_page(path, 2, recognizer=recognizer)
    assert page.text.startswith("The heron waits")
    width, height = (HEIGHT, WIDTH) if turned != 180 else (WIDTH, HEIGHT)
    first = drawn.boxes[0]
    shown = {
        90: Box(first.top, height - first.right, first.bottom, height - first.left),
        180: Box(
            width - first.right, height - first.bottom, width - first.left, height - first.top
        ),
        270: Box(width - first.bottom, first.left, width - first.top, first.right),
    }
    assert overlap(page.lines[0].box, shown[turned]) >= 0.7


def test_two_columns_that_lie_askew_are_read_one_after_the_other(recognizer: Recognizer) -> None:
    picture = Image.new("RGB", (1700, 700), "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.truetype(str(FONT), 34)
    left = "Honey keeps for years when it\nis sealed, for it holds little\nwater and much sugar, so"
    right = (
        "that nothing lives in it. Wax\nis made by young bees, from\nplates under their bellies."
    )
    for column, place in ((left, 200), (right, 860)):
        for at, words in enumerate(column.split("\n")):
            pen.text((place, 200 + 60 * at), words, font=font, fill="black")
    askew = np.array(picture.rotate(-3, fillcolor="white"))
    page = read_picture(askew, 1, recognizer=recognizer, scale=1)
    assert page.text == f"{left}\n{right}"
    assert all(line.box.width > line.box.height for line in page.lines)


def test_a_part_of_a_line_is_marked_about_where_it_stands(
    tmp_path: Path, drawn: Drawn, recognizer: Recognizer
) -> None:
    document = recognized(scan(tmp_path / "scan.pdf", drawn.picture), recognizer)
    start = document.text.index("near enough")
    (mark,) = marks_of(Span(start, start + len("near enough")), document.pages)
    before, through = draw(["fish comes "]).boxes[0], draw(["fish comes near enough"]).boxes[0]
    line = drawn.boxes[1]
    assert isinstance(mark, BoxMark)
    assert overlap(mark.box, Box(before.right, line.top, through.right, line.bottom)) >= 0.7


def test_a_picture_without_text_has_none(tmp_path: Path, recognizer: Recognizer) -> None:
    path = scan(tmp_path / "blank.pdf", Image.new("L", (1250, 540), 200))
    assert recognize_page(path, 2, recognizer=recognizer).lines == ()


def test_nothing_is_said_on_the_terminal(
    drawn: Drawn, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = scan(tmp_path / "scan.pdf", drawn.picture)
    recognize_page(path, 2, recognizer=Recognizer())
    assert capfd.readouterr() == ("", "")


def test_a_file_that_is_gone_is_told(tmp_path: Path, recognizer: Recognizer) -> None:
    with pytest.raises(DamagedFile, match="There is no file"):
        recognize_page(tmp_path / "gone.pdf", 1, recognizer=recognizer)
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7")
    with pytest.raises(DamagedFile, match=r"“broken\.pdf” is damaged or no PDF"):
        recognize_page(broken, 1, recognizer=recognizer)


def test_a_reader_process_recognises_and_waits_its_turn(
    reader: ReaderProcess, drawn: Drawn, tmp_path: Path
) -> None:
    path = scan(tmp_path / "scan.pdf", drawn.picture)
    asked = 0

    def must_wait() -> bool:
        nonlocal asked
        asked += 1
        return asked < 80  # four seconds: it could long be done

    page = reader.recognize(path, 2, is_stopped=lambda: False, must_wait=must_wait)
    assert page.text.startswith("The heron waits")
    assert asked >= 80
    assert reader.read(path, is_stopped=lambda: False).pages[1].is_unread


def test_a_page_that_takes_too_long_is_given_up(drawn: Drawn, tmp_path: Path) -> None:
    path = scan(tmp_path / "scan.pdf", drawn.picture)
    told = pytest.raises(ReaderLimit, match=r"“scan.pdf” took more than 0 seconds")
    with ReaderProcess(timeout_s=0.01) as reader, told:
        reader.recognize(path, 2, is_stopped=lambda: False)


@pytest.mark.skipif(sys.platform == "win32", reason="priorities are named otherwise there")
def test_recognition_goes_behind_everything_else(
    reader: ReaderProcess, drawn: Drawn, tmp_path: Path
) -> None:
    path = scan(tmp_path / "scan.pdf", drawn.picture)
    reader.read(path, is_stopped=lambda: False)
    (child,) = (p for p in multiprocessing.active_children() if p.name == "reader")
    assert psutil.Process(child.pid).nice() == psutil.Process().nice()
    reader.recognize(path, 2, is_stopped=lambda: False)
    assert psutil.Process(child.pid).nice() == 19


def test_a_scanned_sentence_is_found_by_keyword_with_its_marks(
    tmp_path: Path, drawn: Drawn, recognizer: Recognizer
) -> None:
    document = recognized(scan(tmp_path / "scan.pdf", drawn.picture), recognizer)
    passages = chunk(document, size=60, count=lambda text: len(text.split()))
    with closing(Catalog(tmp_path / "catalog.sqlite3")) as catalog:
        catalog.documents.queue("herons", "/d/scan.pdf", Kind.PDF, "Library")
        catalog.documents.write("herons", STAMP, document, passages, state=State.SEARCHABLE)
        ((passage_id, _),) = catalog.passages.search("shallow AND Whitfield", limit=5)
        (found,) = catalog.passages.found([Scored(passage_id, 1, 0, 1)])
    assert PageRef(2, "2") in found.passage.pages
    marked = [mark for mark in found.marks if isinstance(mark, BoxMark)]
    pairs = zip(marked, drawn.boxes, strict=True)
    assert all(mark.page == 2 and overlap(mark.box, box) > 0.7 for mark, box in pairs)

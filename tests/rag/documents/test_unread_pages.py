"""Which pages need recognition: pictures, outlines and fonts that say nothing, and no others."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from rag.documents.pdf import read

PDFS = Path(__file__).parents[2] / "data" / "pdfs"
SHARED = Path(__file__).parents[4] / "shared" / "data" / "pdfs"
PICTURES = ("007", "019", "023")
PROSE = "The heron waits in shallow water until a fish comes near enough to strike. "


def unread(path: Path) -> list[int]:
    return [page.number for page in read(path).pages if page.is_unread]


def pdf(path: Path, draw: Callable[[Canvas], object]) -> Path:
    canvas = Canvas(str(path), pagesize=(300, 300))
    draw(canvas)
    canvas.save()
    return path


def picture() -> ImageReader:
    drawn = Image.new("L", (300, 300), 255)
    ImageDraw.Draw(drawn).text((20, 20), PROSE, fill=0)
    return ImageReader(drawn)


@pytest.mark.parametrize(
    "path",
    [path for folder in (PDFS, SHARED) for path in sorted(folder.glob("*.pdf"))],
    ids=lambda path: f"{path.parents[2].name} {path.name[:20]}",
)
def test_of_odd_pdfs_only_the_pictures_are_unread(path: Path) -> None:
    if path.name.startswith(("005", "017")):
        pytest.skip("encrypted or damaged")
    document = read(path)
    is_picture = path.name.startswith(PICTURES)
    assert unread(path) == ([page.number for page in document.pages] if is_picture else [])


def test_a_font_that_does_not_say_what_its_glyphs_mean(tmp_path: Path) -> None:
    (original,) = PDFS.glob("015*.pdf")
    writer = PdfWriter(clone_from=PdfReader(original))
    for page in writer.pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            font.get_object().pop("/ToUnicode", None)
    writer.write(tmp_path / "stripped.pdf")
    assert unread(original) == []
    assert unread(tmp_path / "stripped.pdf") == [1, 2, 3, 4]


def test_a_scan_with_a_number_stamped_on_it(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(picture(), 0, 0, 300, 300)
        canvas.drawString(20, 10, "Exhibit 12, page 3")

    assert unread(pdf(tmp_path / "stamped.pdf", draw)) == [1]


def test_a_page_of_text_over_a_picture_is_read(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawImage(picture(), 0, 0, 300, 300)
        for at in range(3):
            canvas.drawString(20, 200 - 20 * at, PROSE)

    assert unread(pdf(tmp_path / "layer.pdf", draw)) == []


def test_letters_that_are_drawn_as_outlines(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for at in range(60):
            canvas.circle(10 + 4 * at, 150, 2)

    assert unread(pdf(tmp_path / "outlines.pdf", draw)) == [1]


@pytest.mark.parametrize(
    "draw",
    [
        lambda canvas: canvas.showPage(),
        lambda canvas: canvas.line(0, 20, 300, 20),
        lambda canvas: canvas.drawImage(picture(), 10, 270, 20, 20),
    ],
    ids=["blank", "a rule", "a logo"],
)
def test_an_empty_page_has_nothing_to_recognise(
    tmp_path: Path, draw: Callable[[Canvas], object]
) -> None:
    assert unread(pdf(tmp_path / "empty.pdf", draw)) == []

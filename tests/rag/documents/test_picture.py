"""Picture files: a page each, recognised where they show text, right side up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import reportlab
from PIL import Image, ImageDraw, ImageFont

from rag.documents import read
from rag.documents.ocr import recognize_page
from rag.documents.ocr_recognizer import Recognizer
from rag.documents.picture import LARGEST_PIXELS, draw
from rag.documents.recognized import with_recognized
from rag.errors import DamagedFile
from rag.marks import marks_of
from rag.types import BoxMark, Document, Kind, Span

FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
LINES = ("The heron waits in shallow water", "until a fish comes near enough.")
ORIENTATION = 0x0112
TURNED_RIGHT = 6  # the picture lies on its left side and is to be turned right to be seen


def drawn(lines: Sequence[str] = LINES, *, mode: str = "L") -> Image.Image:
    """A picture of lines of text, the first at (60, 60), 80 pixels apart."""
    picture = Image.new("L", (900, 300), 255)
    font = ImageFont.truetype(str(FONT), 40)
    for at, line in enumerate(lines):
        ImageDraw.Draw(picture).text((60, 60 + 80 * at), line, font=font, fill=0)
    return picture.convert(mode)


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer()


def recognized(path: Path, recognizer: Recognizer) -> Document:
    document = read(path)
    pages = (recognize_page(path, page.number, recognizer=recognizer) for page in document.pages)
    return with_recognized(document, pages)


def test_a_picture_is_a_page_that_waits_to_be_recognised(tmp_path: Path) -> None:
    path = tmp_path / "note.png"
    drawn().save(path)
    document = read(path)
    assert (document.kind, document.title, document.text) == (Kind.PICTURE, "note", "")
    assert [(page.number, page.is_unread) for page in document.pages] == [(1, True)]


@pytest.mark.parametrize("suffix", ["png", "jpg", "jpeg", "tif", "tiff", "webp", "bmp"])
def test_each_kind_of_picture_is_drawn_as_it_is(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"note.{suffix}"
    drawn(mode="RGB").save(path)
    picture, scale = draw(path, 1)
    assert (picture.shape, scale) == ((300, 900, 3), 1)
    assert abs(picture.astype(int) - np.asarray(drawn(mode="RGB"))).mean() < 4


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_pixels_of_all_sorts_are_black_on_white(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "note.tif"
    deep = Image.fromarray(np.asarray(drawn()).astype(np.uint16) * 257)
    (deep if mode == "I;16" else drawn(mode=mode)).save(path)
    picture, _ = draw(path, 1)
    assert picture[5, 5].min() > 250
    assert picture.min() < 5


def test_what_can_be_seen_through_is_paper(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    clear.save(tmp_path / "clear.png")
    assert draw(tmp_path / "clear.png", 1)[0].min() == 255


def test_a_tiff_has_as_many_pages_as_it_holds(tmp_path: Path, recognizer: Recognizer) -> None:
    path = tmp_path / "fax.tif"
    drawn(LINES[:1]).save(path, save_all=True, append_images=[drawn(LINES[1:])])
    document = recognized(path, recognizer)
    assert document.text == f"{LINES[0]}\n\f{LINES[1]}"
    assert [page.span.of(document.text) for page in document.pages] == list(LINES)


def test_of_an_animation_the_first_picture_is_the_page(tmp_path: Path) -> None:
    path = tmp_path / "moving.webp"
    drawn().save(path, save_all=True, append_images=[drawn(LINES[1:])])
    assert len(read(path).pages) == 1


@pytest.mark.parametrize("suffix", ["jpg", "tif"])
def test_a_photograph_is_turned_as_its_camera_says(
    tmp_path: Path, recognizer: Recognizer, suffix: str
) -> None:
    path = tmp_path / f"photo.{suffix}"
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED_RIGHT
    drawn(mode="RGB").rotate(90, expand=True).save(path, exif=exif)
    document = recognized(path, recognizer)
    assert document.text == "\n".join(LINES)
    (mark,) = marks_of(Span(0, len(LINES[0])), document.pages)
    assert isinstance(mark, BoxMark)
    assert (mark.box.left, mark.box.top) == pytest.approx((60, 68), abs=10)
    assert mark.box.width > 8 * mark.box.height


def test_a_large_picture_is_shrunk_and_marked_in_its_own_pixels(
    tmp_path: Path, recognizer: Recognizer
) -> None:
    path = tmp_path / "large.jpg"
    drawn().resize((5400, 1800)).save(path)
    picture, scale = draw(path, 1)
    assert picture.shape[0] * picture.shape[1] == pytest.approx(LARGEST_PIXELS, rel=0.01)
    assert scale == pytest.approx(picture.shape[1] / 5400, rel=0.01)
    document = recognized(path, recognizer)
    assert document.text == "\n".join(LINES)
    assert document.pages[0].lines[0].box.left == pytest.approx(360, abs=60)


def test_a_picture_of_too_many_pixels_is_told_before_it_is_unpacked(tmp_path: Path) -> None:
    for side in (8_100, 20_000):
        path = tmp_path / f"bomb-{side}.png"
        Image.new("1", (side, side)).save(path)
        with pytest.raises(DamagedFile, match="is a picture of more than 64 million pixels"):
            read(path)


def test_a_picture_that_was_cut_off_is_told(tmp_path: Path) -> None:
    whole, path = tmp_path / "whole.jpg", tmp_path / "cut.jpg"
    drawn().save(whole)
    for length in (0, 3, whole.stat().st_size // 2):
        path.write_bytes(whole.read_bytes()[:length])
        with pytest.raises(DamagedFile, match=r"“cut\.jpg” is damaged or no picture"):
            read(path)


def test_a_picture_without_text_has_none(tmp_path: Path, recognizer: Recognizer) -> None:
    path = tmp_path / "grey.png"
    Image.new("L", (400, 300), 128).save(path)
    document = recognized(path, recognizer)
    assert document.text == ""
    assert not document.pages[0].is_unread

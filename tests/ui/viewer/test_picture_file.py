"""Picture files in the viewer: pages in their own pixels, right side up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QObject, QRectF, QSize
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from rag.documents.picture import draw
from rag.types import Box, BoxMark, Mark
from ui.viewer.pages import CannotShow
from ui.viewer.picture_file import PictureFile, open_pictures

ORIENTATION = 0x0112


def picture(color: str = "red") -> Image.Image:
    """A lying picture, its left half in the color."""
    made = Image.new("RGB", (200, 100), "white")
    made.paste(Image.new("RGB", (100, 100), color), (0, 0))
    return made


def drawn(qtbot: QtBot, pages: PictureFile, page_index: int, size: QSize) -> QImage:
    drawer = pages.drawer(pages)
    with qtbot.waitSignal(drawer.drawn) as told:
        drawer.draw(page_index, size)
    assert told.args is not None
    assert told.args[0] == page_index
    image: QImage = told.args[1]
    return image


def color_at(image: QImage, x: int, y: int) -> str:
    return QColor(image.pixel(x, y)).name()


@pytest.mark.parametrize("suffix", ["png", "jpg", "tif", "webp", "bmp"])
def test_a_picture_is_a_page_of_a_point_a_pixel(qtbot: QtBot, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"note.{suffix}"
    picture().save(path)
    owner = QObject()
    pages = open_pictures(str(path), owner)
    assert [size.toTuple() for size in pages.sizes] == [(200, 100)]
    image = drawn(qtbot, pages, 0, QSize(100, 50))
    assert image.size().toTuple() == (100, 50)
    assert QColor(color_at(image, 10, 25)).red() > 240
    assert QColor(color_at(image, 10, 25)).green() < 20


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "tif", "png", "webp"])
def test_it_is_turned_as_recognition_saw_it(
    qtbot: QtBot, tmp_path: Path, suffix: str, orientation: int
) -> None:
    path = tmp_path / f"photo.{suffix}"
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    picture().save(path, exif=exif)
    seen, _ = draw(path, 1)
    owner = QObject()
    pages = open_pictures(str(path), owner)
    height, width = seen.shape[:2]
    assert [size.toTuple() for size in pages.sizes] == [(width, height)]
    image = drawn(qtbot, pages, 0, QSize(width, height))
    for x, y in ((20, 20), (width - 20, 20), (20, height - 20)):
        is_red = seen[y, x, 1] < 128
        assert (QColor(color_at(image, x, y)).green() < 128) == is_red


def test_each_picture_of_a_tiff_is_a_page(qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "fax.tif"
    picture().save(path, save_all=True, append_images=[picture("blue").resize((80, 40))])
    owner = QObject()
    pages = open_pictures(str(path), owner)
    assert [size.toTuple() for size in pages.sizes] == [(200, 100), (80, 40)]
    assert color_at(drawn(qtbot, pages, 1, QSize(80, 40)), 10, 20) == "#0000ff"
    assert (pages.ref(2).number, pages.ref(2).label) == (2, "2")


def test_a_recognised_line_is_marked_where_it_stands(tmp_path: Path, qapp: Any) -> None:
    path = tmp_path / "note.png"
    picture().save(path)
    owner = QObject()
    pages = open_pictures(str(path), owner)
    assert pages.rects(BoxMark(1, Box(5, 6, 25, 16), 0.9)) == [QRectF(5, 6, 20, 10)]
    assert pages.rects(BoxMark(2, Box(5, 6, 25, 16), 0.9)) == []
    assert pages.rects(Mark(1, 0, 5)) == []


@pytest.mark.parametrize(("name", "said"), [("gone.png", "no longer where"), ("a.png", "drawn")])
def test_what_cannot_be_shown_is_told(tmp_path: Path, qapp: Any, name: str, said: str) -> None:
    (tmp_path / "a.png").write_bytes(b"no picture")
    owner = QObject()
    with pytest.raises(CannotShow, match=f"“{name}”.*{said}"):
        open_pictures(str(tmp_path / name), owner)


def test_a_picture_that_is_closed_while_it_is_drawn_does_no_harm(
    qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "large.png"
    picture().resize((3000, 2000)).save(path)
    owner = QObject()
    pages = open_pictures(str(path), owner)
    pages.drawer(pages).draw(0, QSize(300, 200))
    pages.deleteLater()
    qtbot.wait(300)

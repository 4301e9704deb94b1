"""Reads a page that is a picture of text: draws it and recognises what stands on it.

Which pages need it is told by `unread_pages`; the result is put into a document by `recognized`.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pypdfium2

from rag.documents.files import kind_of
from rag.documents.ocr_ink import Picture
from rag.documents.ocr_layout import lay_out
from rag.documents.ocr_recognizer import Recognizer
from rag.documents.ocr_upright import box_on
from rag.documents.passwords import first_that_opens
from rag.documents.pdf_file import open_pdf
from rag.documents.picture import draw
from rag.types import Box, Kind, RecognizedPage, ScannedLine

log = logging.getLogger(__name__)

POINTS_PER_INCH = 72
DOTS_PER_INCH = 200
LARGEST_PIXELS = 8_000_000  # a page's picture: A4 at 200 dpi has 3.9 million


def recognize_page(
    path: Path, number: int, *, recognizer: Recognizer, passwords: Sequence[str] = ()
) -> RecognizedPage:
    """The page of the file with this physical number (from 1); no text where it cannot be drawn.

    Raises `PasswordNeeded`, or `DamagedFile` where the file cannot be opened.
    """
    if kind_of(path) is Kind.PICTURE:
        picture, scale = draw(path, number)
        return read_picture(picture, number, recognizer=recognizer, scale=scale)

    def recognized(password: str) -> RecognizedPage:
        with open_pdf(path, password) as file:
            return _recognized(file, number, recognizer)

    return first_that_opens(recognized, passwords, path=path)


def _recognized(file: pypdfium2.PdfDocument, number: int, recognizer: Recognizer) -> RecognizedPage:
    try:
        with closing(file[number - 1]) as page:
            scale = _scale(*page.get_size())
            picture = np.array(page.render(scale=scale).to_numpy())
    except pypdfium2.PdfiumError:
        log.warning("page %d of a PDF cannot be drawn", number)
        return RecognizedPage(number, "", ())
    return read_picture(picture, number, recognizer=recognizer, scale=scale)


def read_picture(
    picture: Picture, number: int, *, recognizer: Recognizer, scale: float
) -> RecognizedPage:
    """The page with this number from its picture, drawn at `scale` pixels a point."""
    found = recognizer.recognize(picture)
    text, placed = lay_out(found.lines)
    lines = tuple(
        ScannedLine(span, _on_page(box_on(found.way_back, line.box), scale), line.score)
        for line, span in placed
    )
    return RecognizedPage(number, text, lines)


def _scale(width: float, height: float) -> float:
    """Pixels a point: the resolution that letters want, less on pages that are very large."""
    pixels_a_point = DOTS_PER_INCH / POINTS_PER_INCH
    largest = (LARGEST_PIXELS / max(1.0, width * height)) ** 0.5
    return float(min(pixels_a_point, largest))


def _on_page(box: Box, scale: float) -> Box:
    """In points, to a hundredth: more would be noise on the disk."""
    left, top, right, bottom = (
        round(pixels / scale, 2) for pixels in (box.left, box.top, box.right, box.bottom)
    )
    return Box(left, top, right, bottom)

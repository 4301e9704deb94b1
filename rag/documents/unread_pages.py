"""Which pages of a PDF show text that its characters do not give: scans, and garbled fonts.

Decides, and recognises nothing. PDFium is asked only about pages whose text leaves a doubt.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from rag.documents.garbled import is_garbled
from rag.types import Page

log = logging.getLogger(__name__)

FEW_LETTERS = 300  # on a page: then its characters are asked for, too
STAMP_LETTERS = 60  # what a stamp, a number or a watermark over a scan has at most
LOST_SHARE = 0.3  # of characters whose font does not say what they mean
SAMPLE = 200  # characters asked about on a page
PICTURE_SHARE = 0.02  # of the page: a logo or a signature at the least
SCAN_SHARE = 0.6  # of the page: the picture is the page
OUTLINE_COUNT = 40  # paths: letters that were drawn as their outlines


def with_unread_marked(
    path: Path, text: str, pages: Sequence[Page], *, password: str = ""
) -> tuple[Page, ...]:
    """The pages of the PDF at the path, those marked whose text can only be recognised.

    `text` is the document's. A page that PDFium cannot open stays as it is.
    """
    doubtful = [page.number for page in pages if _is_doubtful(page.span.of(text))]
    unread = set(_unread_among(path, doubtful, password)) if doubtful else set()
    return tuple(replace(page, is_unread=page.number in unread) for page in pages)


def _letter_count(text: str) -> int:
    return sum(map(str.isalpha, text))


def _is_doubtful(text: str) -> bool:
    return _letter_count(text) < FEW_LETTERS or is_garbled(text)


def _unread_among(path: Path, numbers: Sequence[int], password: str) -> Iterator[int]:
    with closing(pypdfium2.PdfDocument(path, password=password)) as file:
        for number in numbers:
            try:
                with closing(file[number - 1]) as page:
                    if _is_unread(page):
                        yield number
            except pypdfium2.PdfiumError:
                log.warning("page %d of a PDF cannot be examined", number)


def _is_unread(page: pypdfium2.PdfPage) -> bool:
    with closing(page.get_textpage()) as textpage:
        text = textpage.get_text_range()
        if is_garbled(text) or _lost_share(textpage.raw) > LOST_SHARE:
            return True
    letters = _letter_count(text)
    if letters > STAMP_LETTERS:
        return False
    picture_share, outline_count = _drawn_on(page)
    if letters:
        return picture_share > SCAN_SHARE
    return picture_share > PICTURE_SHARE or outline_count > OUTLINE_COUNT


def _lost_share(textpage: pdfium.FPDF_TEXTPAGE) -> float:
    """How many of the page's characters PDFium can only guess, from a sample spread over it."""
    count = pdfium.FPDFText_CountChars(textpage)
    if count <= 0:
        return 0.0
    sample = range(0, count, max(1, count // SAMPLE))
    lost = sum(pdfium.FPDFText_HasUnicodeMapError(textpage, index) == 1 for index in sample)
    return float(lost / len(sample))


def _drawn_on(page: pypdfium2.PdfPage) -> tuple[float, int]:
    """The share of the page that its largest picture covers, and how many paths are drawn."""
    left, bottom, right, top = page.get_bbox()
    area = max(1.0, (right - left) * (top - bottom))
    largest, outline_count = 0.0, 0
    for drawn in page.get_objects(max_depth=4):
        if drawn.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            x0, y0, x1, y1 = drawn.get_bounds()
            width, height = min(x1, right) - max(x0, left), min(y1, top) - max(y0, bottom)
            largest = max(largest, max(0.0, width) * max(0.0, height) / area)
        outline_count += drawn.type == pdfium.FPDF_PAGEOBJ_PATH
    return largest, outline_count

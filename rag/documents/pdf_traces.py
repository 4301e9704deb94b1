"""Which words of a PDF page leave no trace on it: the page is drawn with them and without them.

That is the truth about white on white, text under a picture, and text that is clipped away. Only
the part of the page with the words in doubt is drawn.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from ctypes import byref
from dataclasses import dataclass
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from numpy.typing import NDArray

from rag.types import Span

LEAST_STEP = 12  # of 255 in a color: what differs less is not seen
MARGIN = 2.0  # points around the words
LARGEST = 3000.0  # points: of a page that is drawn for this

Bounds = tuple[float, float, float, float]  # left, bottom, right, top


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A word that may leave no trace."""

    address: int  # of the text object that it belongs to
    span: Span  # PDFium's numbers of its characters
    is_covered: bool  # something is drawn over it


def traceless(page: pypdfium2.PdfPage, textpage: Any, words: Sequence[Doubtful]) -> Iterator[Span]:
    """Those of the words that make no difference.

    Where nothing covers one and something is seen in its place, that is the same word, drawn
    twice and read once.
    """
    boxes = [_box_of(textpage, word.span) for word in words]
    part = _around(boxes, page.get_bbox())
    if part is None:
        return
    drawn = _drawn(page, part)
    objects = list(_text_objects(textpage, words))
    for text, _ in objects:
        pdfium.FPDFTextObj_SetTextRenderMode(text, pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)
    without = _drawn(page, part)
    for text, mode in objects:
        pdfium.FPDFTextObj_SetTextRenderMode(text, mode)
    difference = abs(drawn - without).max(axis=2)
    for word, box in zip(words, boxes, strict=True):
        left, bottom = int(box[0] - part[0]), int(part[3] - box[1]) + 2
        right, top = int(box[2] - part[0]) + 2, int(part[3] - box[3])
        place = (slice(max(0, top), max(0, bottom)), slice(max(0, left), max(0, right)))
        if _most(difference[place]) < LEAST_STEP and (word.is_covered or _is_even(without[place])):
            yield word.span


def _most(steps: NDArray[np.int16]) -> int:
    return int(steps.max()) if steps.size else 0


def _is_even(colors: NDArray[np.int16]) -> bool:
    """Whether nothing can be told apart there."""
    return not colors.size or _most(np.ptp(colors, axis=(0, 1))) < LEAST_STEP


def _drawn(page: pypdfium2.PdfPage, part: Bounds) -> NDArray[np.int16]:
    """The part of the page, a pixel a point, upright as its coordinates are."""
    left, bottom, right, top = page.get_bbox()
    crop = (part[0] - left, part[1] - bottom, right - part[2], top - part[3])
    turned_back = -page.get_rotation() % 360
    with closing(page.render(scale=1, rotation=turned_back, crop=crop)) as bitmap:
        return np.array(bitmap.to_numpy()[:, :, :3], np.int16)


def _around(boxes: Sequence[Bounds], page: Bounds) -> Bounds | None:
    """What is drawn: the words and a little around them; None where that is nothing, or huge."""
    left, bottom, right, top = _whole(boxes)
    left, bottom = max(page[0], left - MARGIN), max(page[1], bottom - MARGIN)
    right, top = min(page[2], right + MARGIN), min(page[3], top + MARGIN)
    # Whole points, so that each pixel is one.
    part = (page[0] + int(left - page[0]), page[1] + int(bottom - page[1]), right, top)
    is_drawn = 1 <= right - part[0] <= LARGEST and 1 <= top - part[1] <= LARGEST
    return part if is_drawn else None


def _text_objects(textpage: Any, words: Sequence[Doubtful]) -> Iterator[tuple[Any, int]]:
    """The objects themselves, each once, with the mode that it is drawn in."""
    for word in {word.address: word for word in words}.values():
        text = pdfium.FPDFText_GetTextObject(textpage, word.span.start)
        yield text, pdfium.FPDFTextObj_GetTextRenderMode(text)


def _box_of(textpage: Any, span: Span) -> Bounds:
    box = pdfium.FS_RECTF()
    boxes = []
    for index in range(span.start, span.end):
        if pdfium.FPDFText_GetLooseCharBox(textpage, index, byref(box)):
            boxes.append((box.left, box.bottom, box.right, box.top))
    return _whole(boxes) if boxes else (0.0, 0.0, 0.0, 0.0)


def _whole(boxes: Sequence[Bounds]) -> Bounds:
    lefts, bottoms, rights, tops = zip(*boxes, strict=True)
    return min(lefts), min(bottoms), max(rights), max(tops)

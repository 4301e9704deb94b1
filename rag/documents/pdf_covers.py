"""What lies over the text of a PDF page: pictures and filled shapes that are drawn after it.

Only the last objects of a page are looked at, since looking at all takes as long as reading them.
"""

from collections.abc import Iterator
from ctypes import addressof, byref, c_float, c_int
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

PICTURE_SHARE = 0.6  # of the page: the picture is the page, a scan
LAST_OBJECTS = 20
LEAST_WIDTH, LEAST_HEIGHT = 12.0, 4.0  # points: what is smaller covers no words
MOST_COVERS = 3

Bounds = tuple[float, float, float, float]  # left, bottom, right, top


def has_picture_all_over(page: pypdfium2.PdfPage) -> bool:
    """Whether a picture covers most of the page, as a scan does."""
    left, bottom, right, top = page.get_bbox()
    area = max(1.0, (right - left) * (top - bottom))
    return any(
        (min(x1, right) - max(x0, left)) * (min(y1, top) - max(y0, bottom)) > PICTURE_SHARE * area
        for picture in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=4)
        for x0, y0, x1, y1 in [picture.get_bounds()]
        if x1 > left and x0 < right and y1 > bottom and y0 < top
    )


def covered_objects(page: pypdfium2.PdfPage) -> set[int]:
    """The addresses of text objects over which something is drawn that may hide them."""
    covers = list(_covers(page))
    if not covers or len(covers) > MOST_COVERS:
        return set()
    return set(_texts_under(page, covers))


def _covers(page: pypdfium2.PdfPage) -> Iterator[tuple[int, Bounds]]:
    """The places of shapes and pictures among the last objects, and their bounds.

    A scan may lie over the text that was recognised in it.
    """
    left, bottom, right, top = page.get_bbox()
    area = (right - left) * (top - bottom)
    count = pdfium.FPDFPage_CountObjects(page)
    for at in range(max(0, count - LAST_OBJECTS), count):
        drawn = pdfium.FPDFPage_GetObject(page, at)
        kind = pdfium.FPDFPageObj_GetType(drawn)
        is_filled = kind == pdfium.FPDF_PAGEOBJ_PATH and _is_filled(drawn)
        if not (is_filled or kind == pdfium.FPDF_PAGEOBJ_IMAGE):
            continue
        bounds = _bounds_of(drawn)
        width, height = bounds[2] - bounds[0], bounds[3] - bounds[1]
        is_scan = kind == pdfium.FPDF_PAGEOBJ_IMAGE and width * height > PICTURE_SHARE * area
        if width > LEAST_WIDTH and height > LEAST_HEIGHT and not is_scan:
            yield at, bounds


def _is_filled(path: Any) -> bool:
    mode, strokes = c_int(), c_int()
    pdfium.FPDFPath_GetDrawMode(path, byref(mode), byref(strokes))
    return bool(mode.value != pdfium.FPDF_FILLMODE_NONE)


def _texts_under(page: pypdfium2.PdfPage, covers: list[tuple[int, Bounds]]) -> Iterator[int]:
    for at in range(covers[-1][0]):
        drawn = pdfium.FPDFPage_GetObject(page, at)
        if pdfium.FPDFPageObj_GetType(drawn) == pdfium.FPDF_PAGEOBJ_TEXT:
            bounds = _bounds_of(drawn)
            if any(at < place and _overlap(bounds, cover) for place, cover in covers):
                yield addressof(drawn.contents)


def _bounds_of(drawn: Any) -> Bounds:
    sides = [c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(drawn, *map(byref, sides))
    left, bottom, right, top = (side.value for side in sides)
    return left, bottom, right, top


def _overlap(one: Bounds, other: Bounds) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]

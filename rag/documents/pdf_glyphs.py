"""Where the glyphs of a PDF page stand and how they are set, asked of PDFium one by one.

Places are in points, the page turned so that a glyph's line runs from left to right. PDFium's
functions are described in https://pdfium.googlesource.com/pdfium/+/main/public/fpdf_text.h
"""

import math
import re
from collections.abc import Iterable
from ctypes import byref, c_double, c_int, create_string_buffer

import pypdfium2.raw as pdfium

BOLD = 600  # the weight from which type is bold; regular is 400
BOLD_NAME = re.compile(rb"bold|black|heavy|demi", re.IGNORECASE)
LONGEST_NAME = 128  # bytes


class Glyphs:
    """The glyphs of one page, by PDFium's numbers of their characters."""

    def __init__(self, textpage: pdfium.FPDF_TEXTPAGE) -> None:
        self._textpage = textpage
        # One box for all, and of PDFium's calls the one that takes least.
        self._box = pdfium.FS_RECTF()
        self._box_pointer = byref(self._box)

    def angle(self, index: int) -> float:
        """By how much the glyph is turned, in radians; 0 or less where it is upright."""
        return float(pdfium.FPDFText_GetCharAngle(self._textpage, index))

    def place(self, index: int, angle: float) -> tuple[float, float]:
        """Where the glyph begins on its line, and its baseline's height."""
        x, y = c_double(), c_double()
        pdfium.FPDFText_GetCharOrigin(self._textpage, index, byref(x), byref(y))
        return _turned(x.value, y.value, angle)

    def end(self, index: int, angle: float) -> float:
        """Where the glyph ends on its line."""
        return self._reach(index, angle)[1]

    def blanks(self, pairs: Iterable[tuple[int, int]], angle: float) -> list[tuple[float, float]]:
        """For pairs of glyphs on a line: where the first ends, and where the second begins.

        This is asked for each word of a page: the upright ones are read without a detour.
        """
        if angle > 0:
            return [
                (self._reach(one, angle)[1], self._reach(other, angle)[0]) for one, other in pairs
            ]
        box, pointer, page = self._box, self._box_pointer, self._textpage
        read_box = pdfium.FPDFText_GetLooseCharBox
        found = []
        for one, other in pairs:
            read_box(page, one, pointer)
            end = box.right
            read_box(page, other, pointer)
            found.append((end, box.left))
        return found

    def _reach(self, index: int, angle: float) -> tuple[float, float]:
        box = self._box
        pdfium.FPDFText_GetLooseCharBox(self._textpage, index, self._box_pointer)
        if angle <= 0:
            return box.left, box.right
        along = [
            _turned(x, y, angle)[0] for x in (box.left, box.right) for y in (box.bottom, box.top)
        ]
        return min(along), max(along)

    def size(self, index: int) -> float:
        """The glyph's size as drawn: files may scale it, down to a nominal size of 1."""
        matrix = pdfium.FS_MATRIX()
        pdfium.FPDFText_GetMatrix(self._textpage, index, byref(matrix))
        nominal = pdfium.FPDFText_GetFontSize(self._textpage, index)
        return float(nominal * math.hypot(matrix.c, matrix.d)) or float(nominal)

    def is_bold(self, index: int) -> bool:
        """Whether the glyph's font says that it is bold, by its weight or by its name."""
        if pdfium.FPDFText_GetFontWeight(self._textpage, index) >= BOLD:
            return True
        name, flags = create_string_buffer(LONGEST_NAME), c_int()
        pdfium.FPDFText_GetFontInfo(self._textpage, index, name, LONGEST_NAME, byref(flags))
        return BOLD_NAME.search(name.value) is not None


def _turned(x: float, y: float, angle: float) -> tuple[float, float]:
    if angle <= 0:  # upright, or not known
        return x, y
    cosine, sine = math.cos(angle), math.sin(angle)
    return x * cosine + y * sine, y * cosine - x * sine

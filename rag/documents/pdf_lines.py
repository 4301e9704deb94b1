"""The lines of a PDF page as PDFium finds them, each with its characters' numbers and its place.

What the lines mean, paragraphs and headings, is for others. PDFium's functions are described in
https://pdfium.googlesource.com/pdfium/+/main/public/fpdf_text.h
"""

import math
import re
from collections.abc import Iterator
from ctypes import byref, c_double, c_ushort
from dataclasses import dataclass

import pypdfium2.raw as pdfium

from rag.types import Run

NO_CHARACTER = "\0"  # a glyph without a code
HYPHEN = "\ufffe"  # what PDFium makes of a hyphen at a line end, after which it joins the lines
LINE = re.compile(f"[^\r{HYPHEN}]*(?:{HYPHEN}|\r\n?|\\Z)")
DRAWN = re.compile(
    r"[^\x00-\x08\x0b-\x1f\x7f]+"
)  # glyphs with a control character's code have none
# From the first to the last character of a line that leaves a trace on the page.
INK = re.compile(r"[^\s\x00-\x1f\x7f](?:.*[^\s\x00-\x1f\x7f])?", re.DOTALL)
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Some files call the blank between two words a line feed; line ends come with a carriage return.
AS_READ = str.maketrans({HYPHEN: "-", "\n": " "})


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: never empty or blank."""

    text: str
    runs: tuple[Run, ...]  # `start` counts from the start of the line
    x: float  # where it starts along its direction, in points
    y: float  # its baseline's height across its direction, in points: upwards is more
    size: float  # of its first character, in points
    is_even: bool  # its last character is of the same size as its first

    @property
    def letter_count(self) -> int:
        return sum(map(str.isalpha, self.text))


def lines_of(textpage: pdfium.FPDF_TEXTPAGE) -> tuple[Line, ...]:
    """The lines that have something on them, in PDFium's order."""
    characters = _characters(textpage)
    spans = (match.span() for match in LINE.finditer(characters))
    return tuple(
        line
        for start, end in spans
        if (line := _line(textpage, characters[start:end], start)) is not None
    )


def _characters(textpage: pdfium.FPDF_TEXTPAGE) -> str:
    """One character for each of PDFium's numbers, `NO_CHARACTER` where there is none."""
    count = pdfium.FPDFText_CountChars(textpage)
    if count <= 0:
        return ""
    buffer = (c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(textpage, 0, count, buffer) - 1
    text = bytes(buffer)[: 2 * count].decode("utf-16-le", "surrogatepass")
    # One call for the page leaves out what has no code and makes two units of what is beyond
    # U+FFFF. Only where it did neither do its units stand at PDFium's numbers.
    if written == len(text) == count and not LONE_SURROGATE.search(text):
        return text
    return _joined_pairs("".join(_character(textpage, index) for index in range(count)))


def _character(textpage: pdfium.FPDF_TEXTPAGE, index: int) -> str:
    code = pdfium.FPDFText_GetUnicode(textpage, index)
    if code == 2 and pdfium.FPDFText_IsHyphen(textpage, index) == 1:
        return HYPHEN
    return chr(code) if code <= 0x10FFFF else NO_CHARACTER


def _joined_pairs(characters: str) -> str:
    """Surrogate pairs (where PDFium's characters have 16 bits) made one character and none."""

    def join(pair: re.Match[str]) -> str:
        return pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le") + NO_CHARACTER

    joined = re.sub(r"[\ud800-\udbff][\udc00-\udfff]", join, characters)
    return LONE_SURROGATE.sub("\ufffd", joined)


def _line(textpage: pdfium.FPDF_TEXTPAGE, characters: str, first: int) -> Line | None:
    """The line of these characters, the first of which has the number `first`."""
    inked = INK.search(characters)
    if inked is None:
        return None
    start, end = inked.span()
    text = "".join(DRAWN.findall(inked[0]))
    x, y = _place(textpage, first + start)
    size = _size(textpage, first + start)
    is_even = math.isclose(_size(textpage, first + end - 1), size, rel_tol=0.05)
    runs = tuple(_runs(inked[0], first + start))
    return Line(text.translate(AS_READ), runs, x, y, size, is_even)


def _runs(characters: str, first: int) -> Iterator[Run]:
    start = 0
    for piece in DRAWN.finditer(characters):
        length = piece.end() - piece.start()
        yield Run(start=start, index=first + piece.start(), length=length)
        start += length


def _place(textpage: pdfium.FPDF_TEXTPAGE, index: int) -> tuple[float, float]:
    """Where a character stands, the page turned so that its line runs from left to right."""
    x, y = c_double(), c_double()
    pdfium.FPDFText_GetCharOrigin(textpage, index, byref(x), byref(y))
    angle = pdfium.FPDFText_GetCharAngle(textpage, index)
    if angle <= 0:  # upright, or not known
        return x.value, y.value
    cosine, sine = math.cos(angle), math.sin(angle)
    return x.value * cosine + y.value * sine, y.value * cosine - x.value * sine


def _size(textpage: pdfium.FPDF_TEXTPAGE, index: int) -> float:
    """A character's size as drawn: files may scale it, down to a nominal size of 1."""
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage, index, byref(matrix))
    nominal = pdfium.FPDFText_GetFontSize(textpage, index)
    return float(nominal * math.hypot(matrix.c, matrix.d)) or float(nominal)

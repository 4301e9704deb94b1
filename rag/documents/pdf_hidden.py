"""Text on a PDF page that nobody sees: parted from what is read, and given to be told of.

Invisible (ISO 32000-2, 9.3.6, text rendering modes), transparent, of next to no size, outside of
the page, or drawn where it leaves no trace. Asking costs time, so that a page is asked at a few of
its characters, and at more only where another text object begins between two of them. The text of
a scan is invisible too, and read: a picture covers its page.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from ctypes import CFUNCTYPE, addressof, c_float, c_int, c_uint, c_void_p, cast, sizeof
from functools import cache
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from rag.documents.hidden import worth_telling
from rag.documents.pdf_covers import covered_objects, has_picture_all_over
from rag.documents.pdf_glyphs import Glyphs
from rag.documents.pdf_lines import Line, characters_of, left_out, lines_of
from rag.documents.pdf_traces import Doubtful, traceless
from rag.types import Span

WORDS = re.compile(r"[^\s\x00]+")
INKED = re.compile(r"[^\s\x00](?:[^\r\n]*[^\s\x00])?")  # a line, from its first word to its last
LEAST_SIZE = 1.0  # points; smaller type is not seen
LEAST_ALPHA = 15  # of 255
WHITE = 240  # of 255, each of red, green and blue: it may be as its background
FAR = 1.0  # points: so far off the page a character is not seen

NOT_FILLED = (pdfium.FPDF_TEXTRENDERMODE_STROKE, pdfium.FPDF_TEXTRENDERMODE_STROKE_CLIP)
INVISIBLE = (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP)
SEEN, UNSEEN, SUSPECT, SCANNED = range(4)  # an object's verdict; the last needs a picture


def seen_and_hidden(
    page: pypdfium2.PdfPage, textpage: pypdfium2.PdfTextPage
) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """The lines of the page as a person sees them, and the texts of what nobody sees."""
    raw = textpage.raw
    characters = characters_of(raw)
    spans = list(_unseen_by_object(page, raw, characters))
    shown = left_out(characters, spans) if spans else characters
    lines = lines_of(raw, shown)
    outside = list(_unseen_by_place(page, raw, lines))
    if outside:
        spans = sorted([*spans, *outside], key=lambda span: span.start)
        lines = lines_of(raw, left_out(shown, outside))
    return lines, tuple(worth_telling(span.of(characters) for span in spans))


# --- by what they are drawn with ----------------------------------------------------------------


class _Objects:
    """The text objects of a page, asked once each."""

    def __init__(self, textpage: Any) -> None:
        self._glyphs = Glyphs(textpage)
        self._page_address = addressof(textpage.contents)
        self.verdicts: dict[int, int] = {}  # by address
        self._object_at = _asked_by_address("FPDFText_GetTextObject", c_void_p, 2)
        self._mode_of = _asked_by_address("FPDFTextObj_GetTextRenderMode", c_int, 1)
        self._size_of = _asked_by_address("FPDFTextObj_GetFontSize", c_int, 2)
        self._color_of = _asked_by_address("FPDFPageObj_GetFillColor", c_int, 5)
        self._size = c_float()
        self._color = (c_uint * 4)()
        self._size_at = addressof(self._size)
        self._parts_at = [addressof(self._color) + sizeof(c_uint) * part for part in range(4)]

    def at(self, index: int) -> int:
        """The address of the object that a character belongs to; 0 where it has none."""
        address: int = self._object_at(self._page_address, index) or 0
        if address not in self.verdicts:
            self.verdicts[address] = self._verdict(address, index) if address else SEEN
        return address

    def _verdict(self, address: int, index: int) -> int:
        mode = self._mode_of(address)
        if mode in INVISIBLE:
            return SCANNED
        self._size_of(address, self._size_at)
        if self._size.value <= LEAST_SIZE and self._glyphs.size(index) < LEAST_SIZE:
            return UNSEEN
        if mode in NOT_FILLED or not self._color_of(address, *self._parts_at):
            return SEEN
        red, green, blue, alpha = self._color
        if alpha < LEAST_ALPHA:
            return UNSEEN
        return SUSPECT if min(red, green, blue) >= WHITE else SEEN


@cache
def _asked_by_address(name: str, result: Any, count: int) -> Callable[..., Any]:
    """A function of PDFium's with numbers for its pointers: asked so often, it makes no objects."""
    function = cast(getattr(pdfium, name), c_void_p)
    return CFUNCTYPE(result, *[c_void_p] * count)(function.value or 0)


def _unseen_by_object(page: pypdfium2.PdfPage, textpage: Any, characters: str) -> Iterator[Span]:
    objects = _Objects(textpage)
    _ask(objects, characters)
    verdicts = objects.verdicts
    unseen = {address for address, verdict in verdicts.items() if verdict == UNSEEN}
    invisible = {address for address, verdict in verdicts.items() if verdict == SCANNED}
    suspects = {address for address, verdict in verdicts.items() if verdict == SUSPECT}
    covered = covered_objects(page)
    if not (unseen or invisible or suspects or covered):
        return iter(())
    by_object = list(_stretches(objects, characters))
    if invisible and not _is_scan(page, by_object, invisible):
        unseen |= invisible
    doubtful = [
        Doubtful(address, span, is_covered=address in covered)
        for address, span in by_object
        if address in (suspects | covered) - unseen
    ]
    gone = set(traceless(page, textpage, doubtful)) if doubtful else set()
    return _joined(span for address, span in by_object if address in unseen or span in gone)


def _is_scan(
    page: pypdfium2.PdfPage, by_object: Sequence[tuple[int, Span]], invisible: set[int]
) -> bool:
    """Whether what is invisible is what was recognised in a picture: most of a page that is one."""
    count = sum(len(span) for address, span in by_object if address in invisible)
    is_most = 2 * count > sum(len(span) for _, span in by_object)
    return is_most and has_picture_all_over(page)


def _ask(objects: _Objects, characters: str) -> None:
    """Meets each text object, as long as the characters of each follow each other."""
    for line in INKED.finditer(characters):
        first, last = line.start(), line.end() - 1
        one, other = objects.at(first), objects.at(last)
        if one != other:
            starts = [word.start() for word in WORDS.finditer(characters, first + 1, last)]
            _ask_between(objects, starts, one, other)


def _ask_between(objects: _Objects, places: Sequence[int], before: int, after: int) -> None:
    """Meets the objects of these places between two objects, halving what is between."""
    if places and before != after:
        middle = len(places) // 2
        found = objects.at(places[middle])
        _ask_between(objects, places[:middle], before, found)
        _ask_between(objects, places[middle + 1 :], found, after)


def _stretches(objects: _Objects, characters: str) -> Iterator[tuple[int, Span]]:
    """Words, or parts of them, with the object that each belongs to."""
    for word in WORDS.finditer(characters):
        start, address = word.start(), objects.at(word.start())
        for at in range(word.start() + 1, word.end()):
            if (other := objects.at(at)) != address:
                yield address, Span(start, at)
                start, address = at, other
        yield address, Span(start, word.end())


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans in order, those with but a blank between them made one."""
    start, end = 0, -2
    for span in spans:
        if span.start > end + 1:
            if end > 0:
                yield Span(start, end)
            start = span.start
        end = span.end
    if end > 0:
        yield Span(start, end)


# --- by where they stand ------------------------------------------------------------------------


def _unseen_by_place(
    page: pypdfium2.PdfPage, textpage: Any, lines: Iterable[Line]
) -> Iterator[Span]:
    """The characters of lines that leave the page, or are too small to be seen."""
    box = page.get_bbox()
    glyphs = Glyphs(textpage)
    for line in lines:
        if line.size < LEAST_SIZE:
            yield from (Span(run.index, run.index + run.length) for run in line.runs)
        elif line.angle or not _is_inside(box, line.x, line.y) or line.right > box[2] + FAR:
            indexes = [run.index + at for run in line.runs for at in range(run.length)]
            yield from _joined(
                Span(index, index + 1)
                for index in sorted(indexes)
                if not _is_inside(box, *glyphs.place(index, 0.0))
            )


def _is_inside(box: tuple[float, float, float, float], x: float, y: float) -> bool:
    left, bottom, right, top = box
    return left - FAR <= x <= right + FAR and bottom - FAR <= y <= top + FAR

"""Texts typeset into PDFs, and where each character was drawn: the page is known, not read.

Paragraphs are set in one column or two, words are hyphenated at line ends, cells parted by "|" are
set as rows of a table, and each page has a running head and its number. Characters without a
glyph in the font (Bitstream Vera, which comes with reportlab) are not drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import reportlab
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

FONTS = Path(reportlab.__file__).parent / "fonts"
BODY, BOLD = "Vera", "VeraBd"
WIDTH, HEIGHT = A4  # points
MARGIN, GUTTER = 62.0, 22.0
PARAGRAPH_GAP, CELL_GAP = 5.0, 8.0
FIRST_CELL = 0.46  # of the width, where a row has several
HEADING = re.compile(r"^ ?((?:= ?)+)(.+?)(?: ?=)* ?$")
HEADING_SIZES = (15.0, 12.0, 10.0)
WORD = re.compile(r"\S+")
SYLLABLE = re.compile(r"(?<=[aeiouy])(?=[bcdfghjklmnpqrstvwxz][aeiouy])")
SHORTEST_PART = 3  # letters before and after a hyphen


@dataclass(frozen=True, slots=True)
class Drawn:
    """Characters [start, end) of the text, drawn on one line of a page."""

    page: int  # from 1
    start: int
    end: int


def typeset(text: str, path: Path, *, title: str, columns: int) -> list[Drawn]:
    """Write the PDF and tell what was drawn where, in reading order."""
    load_fonts()
    setter = Typesetter(path, title=title, columns=columns)
    for line in re.finditer(r".+", text):
        heading = HEADING.match(line[0])
        if heading:
            start = line.start() + heading.start(2)
            level = heading[1].count("=") if heading[1].startswith("= ") else 2
            setter.heading(text, start, start + len(heading[2]), level)
        elif line[0].count(" | ") > 0:
            setter.row(text, line.start(), line.end())
        else:
            setter.paragraph(text, line.start(), line.end())
    setter.save()
    return setter.drawn


def load_fonts() -> None:
    """Make the two fonts known to reportlab."""
    for name in (BODY, BOLD):
        pdfmetrics.registerFont(TTFont(name, FONTS / f"{name}.ttf"))


def is_drawable(character: str) -> bool:
    """Whether the font has a glyph for it."""
    return ord(character) in pdfmetrics.getFont(BODY).face.charToGlyph


@dataclass
class Typesetter:
    """One document on its way: the canvas, and where on which page the next line goes."""

    path: Path
    title: str
    columns: int
    drawn: list[Drawn] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._size = 9.0 if self.columns == 1 else 7.5
        self._canvas = Canvas(str(self.path), pagesize=A4, invariant=True)
        self._canvas.setTitle(self.title)
        self._page, self._column = 1, 0
        self._top = HEIGHT - MARGIN - 40
        self._canvas.setFont(BOLD, 20)
        self._canvas.drawString(MARGIN, HEIGHT - MARGIN, self.title)
        self._y = self._top

    @property
    def _column_width(self) -> float:
        return (WIDTH - 2 * MARGIN - (self.columns - 1) * GUTTER) / self.columns

    @property
    def _x(self) -> float:
        return MARGIN + self._column * (self._column_width + GUTTER)

    def heading(self, text: str, start: int, end: int, level: int) -> None:
        """A heading, larger and bold, with room above it and text after it on the same page."""
        size = HEADING_SIZES[min(level, len(HEADING_SIZES)) - 1]
        self._y -= size
        self._make_room(4 * size)
        for first, last, hyphen in lines_of(text, start, end, self._column_width, BOLD, size):
            self._line(text, first, last, hyphen, font=BOLD, size=size)
        self._y -= PARAGRAPH_GAP

    def paragraph(self, text: str, start: int, end: int) -> None:
        """Running text."""
        for first, last, hyphen in lines_of(text, start, end, self._column_width, BODY, self._size):
            self._line(text, first, last, hyphen, font=BODY, size=self._size)
        self._y -= PARAGRAPH_GAP

    def row(self, text: str, start: int, end: int) -> None:
        """A table's row, its cells side by side; where they do not fit, as running text."""
        cells = [
            (start + cell.start(1), start + cell.end(1))
            for cell in re.finditer(r"\s*([^|]+?)\s*(?:\||$)", text[start:end])
        ]
        widths = self._cell_widths(len(cells))
        measure = measure_of(BODY, self._size)
        if any(
            measure(text[first:last]) > width - CELL_GAP
            for (first, last), width in zip(cells[1:], widths[1:], strict=True)
        ):
            self.paragraph(text, start, end)
            return
        lines = [
            list(lines_of(text, first, last, width - CELL_GAP, BODY, self._size))
            for (first, last), width in zip(cells, widths, strict=True)
        ]
        self._cells(text, lines, widths)

    def save(self) -> None:
        """Close the last page and write the file."""
        self._furnish()
        self._canvas.save()

    def _cell_widths(self, count: int) -> list[float]:
        first = self._column_width * (FIRST_CELL if count > 1 else 1)
        return [first] + [(self._column_width - first) / (count - 1)] * (count - 1)

    def _cells(
        self, text: str, lines: list[list[tuple[int, int, bool]]], widths: list[float]
    ) -> None:
        height = max(map(len, lines)) * self._leading(self._size)
        self._make_room(height)
        top, x = self._y, self._x
        for cell, width in zip(lines, widths, strict=True):
            self._y = top
            for first, last, hyphen in cell:
                self._line(text, first, last, hyphen, font=BODY, size=self._size, x=x)
            x += width
        self._y = top - height

    def _line(
        self,
        text: str,
        start: int,
        end: int,
        hyphen: bool,
        *,
        font: str,
        size: float,
        x: float | None = None,
    ) -> None:
        self._make_room(self._leading(size))
        self._y -= self._leading(size)
        shown = "".join(filter(is_drawable, text[start:end])) + "-" * hyphen
        self._canvas.setFont(font, size)
        self._canvas.drawString(self._x if x is None else x, self._y, shown)
        self.drawn.append(Drawn(self._page, start, end))

    def _leading(self, size: float) -> float:
        return 1.35 * size

    def _make_room(self, height: float) -> None:
        if self._y - height >= MARGIN:
            return
        self._column += 1
        if self._column == self.columns:
            self._furnish()
            self._canvas.showPage()
            self._page, self._column = self._page + 1, 0
            self._top = HEIGHT - MARGIN
        self._y = self._top

    def _furnish(self) -> None:
        """The running head and the page's number."""
        self._canvas.setFont(BODY, 7)
        if self._page > 1:
            self._canvas.drawString(MARGIN, HEIGHT - MARGIN / 2, self.title)
            self._canvas.drawRightString(WIDTH - MARGIN, HEIGHT - MARGIN / 2, "Evaluation texts")
        self._canvas.drawCentredString(WIDTH / 2, MARGIN / 2, str(self._page))


def measure_of(font: str, size: float) -> Callable[[str], float]:
    """How wide a string is set, in points."""
    return lambda shown: float(pdfmetrics.stringWidth(shown, font, size))


def lines_of(
    text: str, start: int, end: int, width: float, font: str, size: float
) -> Iterator[tuple[int, int, bool]]:
    """The stretches of text that fill a line each, and whether a hyphen ends it."""
    measure = measure_of(font, size)
    space, hyphen = measure(" "), measure("-")
    first = last = start
    used = 0.0
    for word in WORD.finditer(text, start, end):
        at, left = word.start(), measure(word[0])
        if used and used + space + left <= width:
            used, last = used + space + left, word.end()
            continue
        if used:
            cut = hyphenated(word[0], width - used - space - hyphen, measure)
            yield first, at + cut if cut else last, cut > 0
            at += cut
        while measure(text[at : word.end()]) > width:  # an address, a line of symbols
            cut = fitting(text[at : word.end()], width, measure)
            yield at, at + cut, False
            at += cut
        first, last, used = at, word.end(), measure(text[at : word.end()])
    if used:
        yield first, last, False


def hyphenated(word: str, width: float, measure: Callable[[str], float]) -> int:
    """The letters of a long word that go before a hyphen; 0 where it is not parted."""
    if not word.isalpha():
        return 0
    cuts = [
        place.start()
        for place in SYLLABLE.finditer(word)
        if SHORTEST_PART <= place.start() <= len(word) - SHORTEST_PART
        and measure(word[: place.start()]) <= width
    ]
    return max(cuts, default=0)


def fitting(word: str, width: float, measure: Callable[[str], float]) -> int:
    """How many of its characters fit, at least one."""
    return max(1, sum(measure(word[:length]) <= width for length in range(1, len(word) + 1)))

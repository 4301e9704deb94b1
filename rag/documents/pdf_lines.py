"""The lines of a PDF page as PDFium finds them, each with its characters' numbers and its place.

What the lines mean, paragraphs and headings, is for others. PDFium's functions are described in
https://pdfium.googlesource.com/pdfium/+/main/public/fpdf_text.h
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from ctypes import c_ushort
from dataclasses import dataclass, replace
from itertools import pairwise

import pypdfium2.raw as pdfium

from rag.documents.pdf_direction import RIGHT_TO_LEFT, logical_order
from rag.documents.pdf_glyphs import Glyphs
from rag.types import Run, Span

NO_CHARACTER = "\0"  # a glyph without a code
HYPHEN = "\ufffe"  # what PDFium makes of a hyphen at a line end, after which it joins the lines
LINE = re.compile(f"[^\r{HYPHEN}]*(?:{HYPHEN}|\r\n?|\\Z)")
DRAWN = re.compile(
    r"[^\x00-\x08\x0b-\x1f\x7f]+"
)  # glyphs with a control character's code have none
# From the first to the last character of a line that leaves a trace on the page.
INK = re.compile(r"[^\s\x00-\x1f\x7f](?:.*[^\s\x00-\x1f\x7f])?", re.DOTALL)
BEFORE_SMALL, BEFORE_OTHERS = re.compile(r"\s++(?=[a-z])"), re.compile(r"\s++(?![a-z])")
NO_LINE_END = re.compile(f"[^\r\n{HYPHEN}]")
LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
# Some files call the blank between two words a line feed; line ends come with a carriage return.
AS_READ = str.maketrans({HYPHEN: "-", "\n": " ", "\t": " "})

WIDE = 0.9  # times the type's size: a blank that may part columns, and not just two words
RAISED = 0.7  # times the type's size: how far an index or a footnote's number stands off at most


@dataclass(frozen=True, slots=True)
class Gap:
    """A wide blank inside a line."""

    start: int  # offset in the line's text, of its first blank
    end: int
    left: float  # where the ink before it ends, in points along the line's direction
    right: float  # where the ink after it begins


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: never empty or blank."""

    text: str
    runs: tuple[Run, ...]  # `start` counts from the start of the line
    x: float  # where it starts along its direction, in points
    y: float  # its baseline's height across its direction, in points: upwards is more
    size: float  # of its first character, in points
    is_even: bool  # its last character is of the same size as its first
    right: float = 0.0  # where it ends along its direction; as `x` where it runs to the left
    is_bold: bool = False  # its first and its last character are
    gaps: tuple[Gap, ...] = ()
    angle: float = 0.0  # radians: by how much it is turned on the page; 0 where it is upright

    @property
    def letter_count(self) -> int:
        return sum(map(str.isalpha, self.text))


def parts_of(line: Line) -> tuple[Line, ...]:
    """The pieces of a line that stand apart; the line itself where it has no wide blank."""
    return cut(line, line.gaps) if line.gaps else (line,)


def cut(line: Line, gaps: Sequence[Gap]) -> tuple[Line, ...]:
    """The pieces of a line, parted at these of its gaps, which are left out."""
    first = Gap(0, 0, line.x, line.x)
    last = Gap(len(line.text), len(line.text), line.right, line.right)
    return tuple(
        Line(
            text=line.text[before.end : after.start],
            runs=tuple(_clipped(line.runs, before.end, after.start)),
            x=before.right,
            y=line.y,
            size=line.size,
            is_even=line.is_even,
            right=after.left,
            is_bold=line.is_bold,
            gaps=tuple(_between(before, after, line.gaps)) if line.gaps != gaps else (),
            angle=line.angle,
        )
        for before, after in pairwise([first, *gaps, last])
    )


def _between(before: Gap, after: Gap, gaps: Sequence[Gap]) -> Iterator[Gap]:
    for gap in gaps:
        if before.end <= gap.start and gap.end <= after.start:
            yield replace(gap, start=gap.start - before.end, end=gap.end - before.end)


def _clipped(runs: Sequence[Run], start: int, end: int) -> Iterator[Run]:
    for run in runs:
        first, after_last = max(run.start, start), min(run.start + run.length, end)
        if first < after_last:
            yield Run(first - start, run.index + first - run.start, after_last - first)


def lines_of(textpage: pdfium.FPDF_TEXTPAGE, characters: str) -> tuple[Line, ...]:
    """The lines that have something on them, in PDFium's order.

    `characters` are those of `characters_of`, perhaps with some left out.
    """
    glyphs = Glyphs(textpage)
    spans = (match.span() for match in LINE.finditer(characters))
    lines = [
        line
        for start, end in spans
        if (line := _line(glyphs, characters[start:end], start)) is not None
    ]
    # To measure each blank takes long, and running text has no wide ones. Where nothing stands
    # apart that begins with anything but a small letter, nor anything at all in every third line,
    # the page has neither columns nor tables.
    if not (
        any(line.gaps for line in lines)
        or any(_gaps(glyphs, line, BEFORE_SMALL) for line in lines[::3])
    ):
        return tuple(lines)
    found = [_with_gaps(line, _gaps(glyphs, line, BEFORE_SMALL)) for line in lines]
    return tuple(level for line in found for level in _levels(glyphs, line))


def _with_gaps(line: Line, more: tuple[Gap, ...]) -> Line:
    if not more:
        return line
    return replace(line, gaps=tuple(sorted((*line.gaps, *more), key=lambda gap: gap.start)))


def characters_of(textpage: pdfium.FPDF_TEXTPAGE) -> str:
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


def left_out(characters: str, spans: Iterable[Span]) -> str:
    """The characters with none in the place of those at the spans; lines end where they did."""
    parts, end = [], 0
    for span in spans:
        parts += [characters[end : span.start], NO_LINE_END.sub(NO_CHARACTER, span.of(characters))]
        end = span.end
    return "".join([*parts, characters[end:]])


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


def _line(glyphs: Glyphs, characters: str, first: int) -> Line | None:
    """The line of these characters, the first of which has the number `first`."""
    inked = INK.search(characters)
    if inked is None:
        return None
    start, end = (first + place for place in inked.span())
    text = "".join(DRAWN.findall(inked[0])).translate(AS_READ)
    runs = tuple(_runs(inked[0], start))
    if RIGHT_TO_LEFT.search(text):
        text, runs = _logical(glyphs, text, runs)
    angle = glyphs.angle(start)
    x, y = glyphs.place(start, angle)
    size = glyphs.size(start)
    line = Line(
        text=text,
        runs=runs,
        x=x,
        y=y,
        size=size,
        is_even=math.isclose(glyphs.size(end - 1), size, rel_tol=0.05),
        right=x if RIGHT_TO_LEFT.match(text) else glyphs.end(end - 1, angle),
        is_bold=glyphs.is_bold(start) and glyphs.is_bold(end - 1),
        angle=max(0.0, angle),
    )
    gaps = _gaps(glyphs, line, BEFORE_OTHERS)
    return replace(line, gaps=gaps) if gaps else line


def _runs(characters: str, first: int) -> Iterator[Run]:
    start = 0
    for piece in DRAWN.finditer(characters):
        length = piece.end() - piece.start()
        yield Run(start=start, index=first + piece.start(), length=length)
        start += length


def _logical(glyphs: Glyphs, text: str, runs: Sequence[Run]) -> tuple[str, tuple[Run, ...]]:
    """A line with letters that run to the left, put in the order in which it is read."""
    indexes = [run.index + at for run in runs for at in range(run.length)]
    order = logical_order(text, [glyphs.place(index, 0.0)[0] for index in indexes])
    if order == list(range(len(text))):
        return text, tuple(runs)
    return "".join(text[at] for at in order), tuple(_runs_of([indexes[at] for at in order]))


def _runs_of(indexes: Sequence[int]) -> Iterator[Run]:
    start = 0
    for at in range(1, len(indexes) + 1):
        if at == len(indexes) or indexes[at] != indexes[at - 1] + 1:
            yield Run(start, indexes[start], at - start)
            start = at


def _gaps(glyphs: Glyphs, line: Line, blanks: re.Pattern[str]) -> tuple[Gap, ...]:
    """Which of the `blanks` of a line are wide; none where it runs to the left.

    One that leads far back is there where the line goes on at another height: see `_levels`.
    """
    found = list(blanks.finditer(line.text))
    if not found or RIGHT_TO_LEFT.search(line.text):
        return ()
    angle = glyphs.angle(line.runs[0].index)
    pairs = [_around(blank, line.runs) for blank in found]
    least, back = WIDE * line.size, -WIDE * line.size
    return tuple(
        Gap(blank.start(), blank.end(), end, start)
        for blank, (end, start) in zip(found, glyphs.blanks(pairs, angle), strict=True)
        if start - end >= least or start - end <= back
    )


def _around(blank: re.Match[str], runs: Sequence[Run]) -> tuple[int, int]:
    """PDFium's numbers of the characters before and after a blank."""
    if len(runs) == 1:
        return runs[0].index + blank.start() - 1, runs[0].index + blank.end()
    return _index_at(runs, blank.start() - 1), _index_at(runs, blank.end())


def _levels(glyphs: Glyphs, line: Line) -> tuple[Line, ...]:
    """The line, or what PDFium has put into one though it stands at several heights.

    It does so where a cell ends in a blank and the next begins above, or below at the left.
    """
    if not line.gaps:
        return (line,)
    angle = glyphs.angle(line.runs[0].index)
    heights = {gap: glyphs.place(_index_at(line.runs, gap.end), angle)[1] for gap in line.gaps}
    jumps, y = [], line.y
    for gap, height in heights.items():
        if abs(height - y) > RAISED * line.size:
            jumps.append(gap)
            y = height
    if not jumps:
        return (line,)
    levels = [line.y, *(heights[gap] for gap in jumps)]
    return tuple(replace(piece, y=y) for piece, y in zip(cut(line, jumps), levels, strict=True))


def _index_at(runs: Sequence[Run], at: int) -> int:
    """PDFium's number of the character at an offset in a line."""
    for run in runs:
        if at < run.start + run.length:
            return run.index + at - run.start
    raise IndexError(f"no run holds the character {at}")

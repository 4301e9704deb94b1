"""Makes assets/samples/weather-station-manual.pdf from sample_manual.md beside this file.

Run it after a change in either: `.venv/bin/python packaging/make_sample_manual.py [PDF]`. It holds
the layout. The PDF has what good manuals have (an outline, roman page labels before the arabic
ones, a table that breaks over two pages), so that it exercises the reader as well.
"""

from __future__ import annotations

import sys
from pathlib import Path

from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    CondPageBreak,
    Flowable,
    Frame,
    ListFlowable,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)
from reportlab.platypus.tableofcontents import TableOfContents

TEXT = Path(__file__).with_name("sample_manual.md")
PDF = Path(__file__).parents[1] / "assets" / "samples" / "weather-station-manual.pdf"
FRONT_PAGES = 3  # cover, contents, about: labelled i to iii; the chapters start at 1

SIDES = ("LEFT", "RIGHT", "TOP", "BOTTOM")
INK, SEA, SAND, SUN = map(HexColor, ("#22303c", "#2f6f8f", "#f3efe6", "#f0b849"))

BODY = ParagraphStyle(
    "body", fontName="Times-Roman", fontSize=10.5, leading=14.5, textColor=INK, spaceAfter=6
)
CELL = ParagraphStyle("cell", BODY, fontSize=9.5, leading=12, spaceAfter=0)
CELL_HEAD = ParagraphStyle("cell head", CELL, fontName="Helvetica-Bold", textColor=white)
HEADINGS = (
    ParagraphStyle(
        "chapter",
        fontName="Helvetica-Bold",
        fontSize=16,
        leading=20,
        textColor=SEA,
        spaceAfter=8,
    ),
    ParagraphStyle(
        "section",
        fontName="Helvetica-Bold",
        fontSize=11.5,
        leading=15,
        textColor=SEA,
        spaceBefore=2,
        spaceAfter=4,
    ),
)
# The widths of a table's columns, by the first word of its head and their number.
SHARES = {("Code", 3): (0.13, 0.4, 0.47), ("What", 3): (0.36, 0.34, 0.3), ("What", 2): (0.46, 0.54)}
CONTENTS_LINES = [
    ParagraphStyle("contents 1", BODY, fontName="Times-Bold", spaceBefore=5, spaceAfter=1),
    ParagraphStyle("contents 2", BODY, leftIndent=12, spaceAfter=1),
]


class HeadingLine(Paragraph):
    """A heading that the contents and the outline list; `level` 0 is a chapter."""

    def __init__(self, title: str, level: int) -> None:
        super().__init__(title, HEADINGS[level])
        self.title = title
        self.level = level


class Manual(BaseDocTemplate):
    """A booklet that lists each heading in its outline and its contents when it sets it."""

    def afterFlowable(self, flowable: Flowable) -> None:
        if not isinstance(flowable, HeadingLine):
            return
        key = f"heading {flowable.title}"
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(flowable.title, key, flowable.level)
        if self.page > FRONT_PAGES:
            number = self.page - FRONT_PAGES
            self.notify("TOCEntry", (flowable.level, flowable.title, number, key))


def typeset(text: str) -> list[Flowable]:
    """Set one part of the manual: Markdown's headings, points, steps, tables and paragraphs."""
    story: list[Flowable] = []
    for block in text.strip().split("\n\n"):
        lines = block.split("\n")
        if block.startswith("# "):
            story += [Spacer(0, 10), CondPageBreak(40 * mm), HeadingLine(block[2:], 0)]
        elif block.startswith("## "):
            story += [CondPageBreak(25 * mm), HeadingLine(block[3:], 1)]
        elif block.startswith("- "):
            story.append(points([line[2:] for line in lines], "bullet"))
        elif block.startswith("1. "):
            story.append(points([line.split(". ", 1)[1] for line in lines], "1"))
        elif block.startswith("| "):
            rows = [line.strip("| ").split(" | ") for line in lines if "---" not in line]
            story += [table(rows), Spacer(0, 10)]
        else:
            story.append(Paragraph(block, BODY))
    return story[1:]  # no space above the first chapter


def points(lines: list[str], kind: str) -> ListFlowable:
    return ListFlowable(
        [Paragraph(line, BODY) for line in lines],
        bulletType=kind,
        bulletFormat=None if kind == "bullet" else "%s.",
        start="•" if kind == "bullet" else 1,
        bulletFontName="Times-Roman",
        bulletFontSize=10.5,
        bulletColor=SEA,
        leftIndent=16,
    )


def table(rows: list[list[str]]) -> Table:
    head, *body = rows
    cells = [[Paragraph(cell, CELL_HEAD) for cell in head]]
    cells += [[Paragraph(cell, CELL) for cell in row] for row in body]
    shares = SHARES[head[0], len(head)]
    width = A5[0] - 36 * mm
    look = TableStyle(
        [
            ("BACKGROUND", (0, 0), (-1, 0), SEA),
            ("ROWBACKGROUNDS", (0, 1), (-1, -1), [white, SAND]),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LINEBELOW", (0, -1), (-1, -1), 0.5, SEA),
        ]
    )
    return Table(cells, [share * width for share in shares], style=look, repeatRows=1)


def draw_cover(canvas: Canvas, manual: Manual) -> None:
    """The cover's picture, a low sun over hills, and the page labels of the whole booklet."""
    canvas.addPageLabel(0, style="ROMAN_LOWER", start=1)
    canvas.addPageLabel(FRONT_PAGES, style="ARABIC", start=1)
    width, height = A5
    canvas.setFillColor(SAND)
    canvas.rect(0, 0, width, height, stroke=0, fill=1)
    canvas.setFillColor(SUN)
    canvas.circle(width * 0.68, height * 0.36, 22 * mm, stroke=0, fill=1)
    for color, left, top in (("#8fb7c6", -0.5, 0.34), ("#5b93ab", 0.25, 0.28), ("", -0.2, 0.2)):
        canvas.setFillColor(HexColor(color) if color else SEA)
        canvas.ellipse(left * width, -0.4 * height, (left + 1.3) * width, top * height, 0, 1)


def draw_footer(canvas: Canvas, manual: Manual) -> None:
    number = manual.page - FRONT_PAGES
    label = str(number) if number > 0 else ("i", "ii", "iii")[manual.page - 1]
    canvas.setFillColor(INK)
    canvas.setFont("Helvetica", 8)
    canvas.drawCentredString(A5[0] / 2, 10 * mm, label)


def make(pdf: Path) -> None:
    """Write the manual to `pdf`: the same bytes each time, with the same reportlab."""
    manual = Manual(
        str(pdf),
        pagesize=A5,
        invariant=1,
        title="Skarvik S3 Weather Station: Owner's Manual",
        author="Skarvik Instruments",
        subject="Sample document of Deskbook; the product does not exist",
    )
    frame = Frame(18 * mm, 17 * mm, A5[0] - 36 * mm, A5[1] - 33 * mm, 0, 0, 0, 0)
    manual.addPageTemplates(
        [
            PageTemplate("cover", [frame], onPage=draw_cover),
            PageTemplate("page", [frame], onPageEnd=draw_footer),
        ]
    )
    title = ParagraphStyle("title", HEADINGS[0], fontSize=30, leading=36)
    contents = TableOfContents(
        levelStyles=CONTENTS_LINES,
        dotsMinLevel=0,
        tableStyle=TableStyle([(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in SIDES]),
    )
    about, chapters = TEXT.read_text("utf-8").split("\n---\n")
    manual.multiBuild(
        [
            Spacer(0, 30 * mm),
            Paragraph("Skarvik S3", title),
            Paragraph("Weather Station for the Home", HEADINGS[0]),
            Paragraph("Owner's manual, second edition", BODY),
            NextPageTemplate("page"),
            PageBreak(),
            Paragraph("Contents", HEADINGS[0]),
            contents,
            PageBreak(),
            *typeset(about),
            PageBreak(),
            *typeset(chapters),
        ]
    )


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else PDF)

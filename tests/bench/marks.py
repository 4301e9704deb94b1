"""A page as the viewer draws it, with the marks of all its passages: for a person's own eyes.

Reads the file, recognises the page if it is a picture of text, makes the passages and finds their
marks by the product's own code. Each passage has a color and its number; words without a color are
in no passage. The passages' headings and texts are printed beside it. It measures nothing.
"""

from __future__ import annotations

import argparse
import sys
from itertools import cycle
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, QPointF, QSize
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter

from app.embedder_choice import STARTER
from app.model_store import model_store
from app.settings import Paths, Settings
from rag.chunking import chunk
from rag.documents import read
from rag.documents.ocr import recognize_page
from rag.documents.ocr_recognizer import Recognizer
from rag.documents.recognized import with_recognized
from rag.embedding.tokens import Tokens
from rag.marks import marks_of
from rag.types import Document, Kind, Passage
from ui.viewer.pages import Pages
from ui.viewer.pdf_file import open_pdf
from ui.viewer.picture_file import open_pictures

COLORS = ("#ffe066", "#9be3b4", "#a9c9ff", "#ffb3c7", "#e0c3fc", "#ffcf99")
WIDTH = 1_100  # pixels


def main() -> int:
    """Draw and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="a PDF or a picture")
    parser.add_argument("page", type=int, help="the physical page, from 1")
    parser.add_argument("picture", type=Path, help="where the drawn page goes: a .png")
    parser.add_argument("--width", type=int, default=WIDTH, help="of the picture, in pixels")
    arguments = parser.parse_args()
    application = QGuiApplication.instance() or QGuiApplication(["marks", "-platform", "offscreen"])
    document = read_whole(arguments.file, arguments.page)
    passages = [
        p for p in passages_of(document) if any(r.number == arguments.page for r in p.pages)
    ]
    owner = QObject(application)
    open_pages = open_pdf if document.kind is Kind.PDF else open_pictures
    pages = open_pages(str(arguments.file), owner)
    image = drawn(pages, arguments.page, arguments.width, owner)
    mark(image, pages, document, passages, arguments.page)
    if not image.save(str(arguments.picture)):
        sys.exit(f"{arguments.picture} cannot be written.")
    print(f"“{document.title}”, {len(document.pages)} pages")
    for number, passage in enumerate(passages, start=1):
        print(f"\n[{number}] {' > '.join(passage.heading_path)}\n{passage.text}")
    return 0


def read_whole(file: Path, number: int) -> Document:
    """The document, with what can be recognised on the page."""
    document = read(file)
    if not document.pages[number - 1].is_unread:
        return document
    page = recognize_page(file, number, recognizer=Recognizer(threads=2))
    return with_recognized(document, [page])


def passages_of(document: Document) -> tuple[Passage, ...]:
    """The document's passages, of as many of the starter embedder's tokens as the program makes."""
    settings = Settings(Paths.of(None))
    name = settings.library.embedder or STARTER
    tokens = Tokens(model_store(settings).embedder_folder(name), name=name)
    return chunk(document, size=settings.library.passage_tokens, count=tokens.count)


def drawn(pages: Pages, number: int, width: int, owner: QObject) -> QImage:
    """The page as the viewer's thread draws it."""
    size = pages.sizes[number - 1]
    arrived = QEventLoop()
    images: list[QImage] = []
    drawer = pages.drawer(owner)
    drawer.drawn.connect(lambda _, image: (images.append(image), arrived.quit()))
    drawer.draw(number - 1, QSize(width, round(width * size.height() / size.width())))
    arrived.exec()
    paper = QImage(images[0].size(), QImage.Format.Format_RGB32)
    paper.fill("white")
    painter = QPainter(paper)
    painter.drawImage(0, 0, images[0])
    painter.end()
    return paper


def mark(
    image: QImage, pages: Pages, document: Document, passages: list[Passage], number: int
) -> None:
    """Paint each passage's marks over the page."""
    scale = image.width() / pages.sizes[number - 1].width()
    painter = QPainter(image)
    for at, (passage, color) in enumerate(zip(passages, cycle(COLORS), strict=False), start=1):
        marks = [m for m in marks_of(passage.span, document.pages) if m.page == number]
        rects = [rect for each in marks for rect in pages.rects(each)]
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        painter.scale(scale, scale)
        for rect in rects:
            painter.fillRect(rect.adjusted(-1.5, -1.5, 1.5, 1.5), QColor(color))
        painter.resetTransform()
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if rects:
            painter.setPen(QColor("#c00000"))
            painter.drawText(rects[0].topLeft() * scale + QPointF(-16, 12), str(at))
    painter.end()


if __name__ == "__main__":
    sys.exit(main())

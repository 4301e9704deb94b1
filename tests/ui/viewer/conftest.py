"""Documents for the viewer's tests: the sample manual, and places in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest

from app.settings import ASSETS
from rag.types import Kind, Mark, PageRef, Span
from ui.places import Place

MANUAL = ASSETS / "samples" / "weather-station-manual.pdf"


@pytest.fixture
def manual() -> Path:
    return MANUAL


@pytest.fixture
def place_of() -> Callable[[str, int], Place]:
    """A place in the manual: some words on a physical page, by PDFium's character numbers."""

    def find(words: str, page: int) -> Place:
        with pypdfium2.PdfDocument(MANUAL) as document:
            index = document[page - 1].get_textpage().get_text_range().index(words)
            label = document.get_page_label(page - 1)
        marks = (Mark(page, index, len(words)),)
        pages = (PageRef(page, label),)
        quote = " ".join(words.split())
        return Place("d", str(MANUAL), "Manual", Kind.PDF, pages, Span(0, 1), quote, marks)

    return find


PDFS = Path(__file__).resolve().parents[2] / "data" / "pdfs"
LOCKED = "005-libreoffice-writer-password_libreoffice-writer-password.pdf"


@pytest.fixture
def locked_pdf() -> Path:
    return PDFS / LOCKED


@pytest.fixture(params=[path for path in sorted(PDFS.glob("*.pdf")) if path.name != LOCKED])
def odd_pdf(request: pytest.FixtureRequest) -> Path:
    """Each of the odd PDFs that come with the tests and are not locked."""
    chosen: Path = request.param
    return chosen

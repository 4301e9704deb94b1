"""Scans on their way into the library: last, page by page, and whole after any end."""

from __future__ import annotations

from pathlib import Path

import pytest
import reportlab
from PIL import Image, ImageDraw, ImageFont
from pypdf import PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from rag.catalog import Catalog
from rag.documents.passwords import Passwords
from rag.embedding import Embedder
from rag.errors import Stopped
from rag.library import Library, Progress
from rag.scheduler import Scheduler, Work
from rag.types import AddedFile, RecognizedPage, State, Verdict
from rag.vectors import VectorStore

FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
SIZE = (300, 60)  # points


def line_picture() -> Image.Image:
    picture = Image.new("L", (SIZE[0] * 4, SIZE[1] * 4), 255)
    font = ImageFont.truetype(str(FONT), 48)
    ImageDraw.Draw(picture).text((80, 80), "Herons wait in shallow water.", font=font, fill=0)
    return picture


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """Two pages: one of text, and one that is a picture of a line."""
    canvas = Canvas(str(tmp_path / "herons.pdf"), pagesize=SIZE)
    canvas.drawString(20, 20, "A cover that can be read.")
    canvas.showPage()
    canvas.drawImage(ImageReader(line_picture()), 0, 0, *SIZE)
    canvas.save()
    return tmp_path / "herons.pdf"


@pytest.fixture
def added(library: Library, scan: Path, work: Work) -> AddedFile:
    steps = list(library.add([scan], collection="Library", work=work).run())
    return next(step for step in steps if isinstance(step, AddedFile))


def test_a_scan_can_be_searched_before_its_pictures_are_recognised(
    added: AddedFile, library: Library, catalog: Catalog
) -> None:
    assert added.verdict is Verdict.READY
    assert len(catalog.passages.search("cover", limit=5)) == 1
    assert library.scans() == {added.document}
    (entry,) = catalog.documents.list()
    assert "recognised in the background" in entry.reason


def test_recognition_makes_the_pictures_part_of_the_text(
    added: AddedFile, library: Library, catalog: Catalog, work: Work
) -> None:
    page, done = list(library.recognize(work))
    assert isinstance(page, Progress)
    assert (page.stage, page.done, page.total) == ("recognizing", 0, 1)
    assert isinstance(done, AddedFile)
    assert (done.document, done.verdict) == (added.document, Verdict.READY)
    assert "shallow water" in catalog.documents.text(added.document)
    assert library.scans() == frozenset()
    assert [entry.state for entry in catalog.documents.list()] == [State.READY]


def test_what_was_recognised_is_marked_by_its_boxes(
    added: AddedFile, library: Library, catalog: Catalog, work: Work
) -> None:
    list(library.recognize(work))
    text = catalog.documents.text(added.document)
    page = catalog.pages.of(added.document)[1]
    (line,) = page.lines
    assert line.span.of(text) == "Herons wait in shallow water."
    assert 15 < line.box.left < 25


def test_a_page_recognised_before_a_sudden_end_is_not_recognised_again(
    added: AddedFile, library: Library, catalog: Catalog, work: Work
) -> None:
    catalog.scans.keep(added.document, RecognizedPage(2, "Otters swim.", ()))
    steps = list(library.recognize(work))
    assert [type(step) for step in steps] == [AddedFile]
    assert library.scans() == frozenset()


def test_recognition_that_was_stopped_goes_on_later(
    added: AddedFile, library: Library, work: Work
) -> None:
    stopped = Work(Scheduler())
    stopped.stop()
    with pytest.raises(Stopped):
        list(library.recognize(stopped))
    assert library.scans() == {added.document}
    assert isinstance(list(library.recognize(work))[-1], AddedFile)


def test_a_scan_whose_file_has_gone_waits_for_whoever_follows_it(
    added: AddedFile, library: Library, scan: Path, work: Work
) -> None:
    scan.unlink()
    assert list(library.recognize(work)) == []


def test_what_came_in_with_recognition_off_is_recognised_once_it_is_on(
    catalog: Catalog, vectors: VectorStore, embedder: Embedder, scan: Path, work: Work
) -> None:
    off = Library(catalog, vectors, embedder, passage_tokens=180, recognizes_scans=False)
    list(off.add([scan], collection="Library", work=work).run())
    assert off.scans() == frozenset()
    assert list(off.recognize(work)) == []
    (entry,) = catalog.documents.list()
    assert "Switch recognition on" in entry.reason
    on = Library(catalog, vectors, embedder, passage_tokens=180)
    assert on.scans() == {entry.document}
    list(on.recognize(work))
    assert "shallow water" in catalog.documents.text(entry.document)
    assert [entry.reason for entry in catalog.documents.list()] == [""]


def test_a_picture_is_a_document_once_it_is_recognised(
    library: Library, catalog: Catalog, work: Work, tmp_path: Path
) -> None:
    line_picture().save(tmp_path / "note.png")
    Image.new("L", (200, 200), 128).save(tmp_path / "wall.png")
    files = [tmp_path / "note.png", tmp_path / "wall.png"]
    steps = list(library.add(files, collection="Library", work=work).run())
    assert {s.verdict for s in steps if isinstance(s, AddedFile)} == {Verdict.NO_TEXT}
    ends = [step for step in library.recognize(work) if isinstance(step, AddedFile)]
    assert [end.verdict for end in ends] == [Verdict.READY, Verdict.NO_TEXT]
    assert ends[1].reason.startswith("wall.png is a picture in which no text was found.")
    assert len(catalog.passages.search("shallow", limit=5)) == 1


def test_a_protected_scan_waits_until_its_password_is_known(
    catalog: Catalog, vectors: VectorStore, embedder: Embedder, scan: Path, work: Work
) -> None:
    lock(scan, "herons")
    passwords = Passwords()
    passwords.remember(scan, "herons")

    def opened(known: Passwords) -> Library:
        return Library(catalog, vectors, embedder, passage_tokens=180, passwords=known)

    list(opened(passwords).add([scan], collection="Library", work=work).run())
    later = list(opened(Passwords()).recognize(work))[-1]  # in another session
    assert isinstance(later, AddedFile)
    assert (later.verdict, len(opened(passwords).scans())) == (Verdict.PASSWORD, 1)
    list(opened(passwords).recognize(work))
    (entry,) = catalog.documents.list()
    assert "shallow water" in catalog.documents.text(entry.document)


def lock(path: Path, password: str) -> None:
    writer = PdfWriter(clone_from=path)
    writer.encrypt(password, algorithm="AES-256")
    writer.write(path)

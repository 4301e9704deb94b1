"""The viewer pane, by what a person sees in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfWriter
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.messages import (
    DocumentText,
    Done,
    Failed,
    FindPasswords,
    LibraryChanged,
    PasswordsFound,
    ReadText,
)
from rag.types import Box, BoxMark, Kind, Span
from ui.passwords import Passwords
from ui.places import Place
from ui.viewer.pane import ViewerPane
from ui.viewer.texts import Texts

NOTE = "# Balcony 🌱\r\n\r\nWater daily.\r\n"
WATER = Place("n", "/a/balcony.md", "Balcony", Kind.MARKDOWN, (), Span(15, 27), "Water daily.", ())


@pytest.fixture
def pane(qtbot: QtBot, link: Any, actions: Any, theme: Any) -> ViewerPane:
    made = ViewerPane(Texts(link), Passwords(link), actions, theme)
    qtbot.addWidget(made)
    made.resize(500, 600)
    made.show()
    return made


def texts(widget: QWidget) -> str:
    return "\n".join(shown.text() for shown in widget.findChildren(QLabel) if shown.isVisible())


def read_note(door: Any, text: str = NOTE) -> None:
    request = door.last(ReadText)
    door.say(
        DocumentText(request.request_id, request.document, Kind.MARKDOWN, text, ()),
        Done(request.request_id),
    )


def test_at_first_it_says_what_it_is_for(pane: ViewerPane) -> None:
    assert "Click a citation or a document" in texts(pane)


def test_a_cited_page_shows_both_numbers(
    pane: ViewerPane, place_of: Callable[[str, int], Place]
) -> None:
    pane.show_place(place_of("Hold the PAIR key", 5))
    assert "p. 2 · page 5 of 9" in texts(pane)
    assert len(pane.pages.mark_boxes()) == 1


def test_a_second_citation_of_the_document_moves_the_mark(
    pane: ViewerPane, place_of: Callable[[str, int], Place]
) -> None:
    pane.show_place(place_of("Hold the PAIR key", 5))
    pane.show_place(place_of("Owner's manual", 1))
    assert "p. i · page 1 of 9" in texts(pane)
    assert len(pane.pages.mark_boxes()) == 1


def test_the_page_buttons_turn_pages(
    pane: ViewerPane, actions: Any, place_of: Callable[[str, int], Place]
) -> None:
    pane.show_place(place_of("Hold the PAIR key", 5))
    actions.next_page.trigger()
    assert "page 6 of 9" in texts(pane)
    actions.previous_page.trigger()
    assert "page 5 of 9" in texts(pane)


def test_a_note_shows_its_passage_marked(pane: ViewerPane, door: Any, actions: Any) -> None:
    pane.show_place(WATER)
    read_note(door)
    assert pane.note.isVisible()
    assert pane.note.marked_text() == "Water daily."
    assert not actions.next_page.isEnabled()


def test_a_note_is_asked_for_once_until_the_library_changes(pane: ViewerPane, door: Any) -> None:
    pane.show_place(WATER)
    read_note(door)
    pane.show_place(replace(WATER, span=Span(2, 9)))
    assert len(door.sent) == 1
    assert pane.note.marked_text() == "Balcony"
    door.say(LibraryChanged(0))
    pane.show_place(WATER)
    assert len(door.sent) == 2


def test_a_text_that_comes_late_does_not_replace_what_was_opened_since(
    pane: ViewerPane, door: Any, place_of: Callable[[str, int], Place]
) -> None:
    pane.show_place(WATER)
    pane.show_place(place_of("Hold the PAIR key", 5))
    read_note(door)
    assert pane.pages.isVisible()


def test_a_file_that_is_gone_is_told_and_its_quote_stays(
    pane: ViewerPane, place_of: Callable[[str, int], Place]
) -> None:
    pane.show_place(replace(place_of("Hold the PAIR key", 5), path="/nowhere/gone.pdf"))
    assert "“gone.pdf” is no longer where it was." in texts(pane)
    assert "Hold the PAIR key" in texts(pane)


def test_a_pdf_that_cannot_be_drawn_is_told(
    pane: ViewerPane, tmp_path: Path, place_of: Callable[[str, int], Place]
) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 and then nothing")
    pane.show_place(replace(place_of("Hold the PAIR key", 5), path=str(broken)))
    assert "“broken.pdf” cannot be drawn." in texts(pane)


@pytest.fixture
def locked_manual(manual: Path, tmp_path: Path) -> Path:
    path = tmp_path / "locked.pdf"
    writer = PdfWriter(clone_from=manual)
    writer.encrypt("Bienenkönig", algorithm="AES-256")
    writer.write(path)
    return path


def find_passwords(door: Any, *passwords: str) -> None:
    request = door.last(FindPasswords)
    door.say(PasswordsFound(request.request_id, request.path, passwords), Done(request.request_id))


def test_a_protected_page_is_shown_and_marked_like_any_other(
    pane: ViewerPane, door: Any, locked_manual: Path, place_of: Callable[[str, int], Place]
) -> None:
    pane.show_place(place_of("Hold the PAIR key", 5))
    unprotected = pane.pages.mark_boxes()
    pane.show_place(replace(place_of("Hold the PAIR key", 5), path=str(locked_manual)))
    find_passwords(door, "wrong", "Bienenko\u0308nig")
    assert pane.pages.isVisible()
    assert pane.pages.mark_boxes() == unprotected
    assert "p. 2 · page 5 of 9" in texts(pane)


def test_a_page_whose_password_is_not_known_asks_for_it(
    qtbot: QtBot,
    pane: ViewerPane,
    door: Any,
    locked_manual: Path,
    place_of: Callable[[str, int], Place],
) -> None:
    pane.show_place(replace(place_of("Hold the PAIR key", 5), path=str(locked_manual)))
    find_passwords(door)
    assert "“locked.pdf” is protected with a password. Enter it to see the page." in texts(pane)
    assert "Hold the PAIR key" in texts(pane)
    button = next(b for b in pane.findChildren(QPushButton) if b.text() == "Enter the password")
    with qtbot.waitSignal(pane.password_wanted) as wanted:
        button.click()
    assert wanted.args == [str(locked_manual)]
    pane.show_opened([str(locked_manual)])
    find_passwords(door, "Bienenkönig")
    assert len(pane.pages.mark_boxes()) == 1


def test_a_text_that_cannot_be_read_is_told(pane: ViewerPane, door: Any) -> None:
    pane.show_place(WATER)
    request = door.last(ReadText).request_id
    door.say(Failed(request, "The library holds no such document.", "Add it again."))
    assert "no such document. Add it again." in texts(pane)
    assert "Water daily." in texts(pane)


def test_a_picture_is_shown_with_the_recognised_line_marked(
    pane: ViewerPane, tmp_path: Path, actions: Any
) -> None:
    path = tmp_path / "note.png"
    Image.new("RGB", (400, 300), "white").save(path)
    mark = BoxMark(1, Box(40, 60, 240, 90), 0.97)
    place = Place("p", str(path), "note", Kind.PICTURE, (), Span(0, 9), "Some line", (mark,))
    pane.show_place(place)
    (box,) = pane.pages.mark_boxes()
    assert box.width() > 100
    assert "page 1 of 1 · From a scan, read with 97% certainty" in texts(pane)
    assert actions.zoom_in.isEnabled()


STORED = "/home/ada/Zotero/storage/7XK3PQ2R/balcony.md"


def test_a_document_of_zotero_opens_there_when_it_is_asked_for(
    pane: ViewerPane, actions: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    pane.show_place(replace(WATER, path=STORED))
    button = next(b for b in pane.findChildren(QToolButton) if "Zotero" in b.toolTip())
    assert button.isVisible()
    assert opened == []
    button.click()
    assert opened == ["zotero://select/library/items/7XK3PQ2R"]


def test_other_documents_are_not_offered_to_zotero(pane: ViewerPane, actions: Any) -> None:
    pane.show_place(replace(WATER, path=STORED))
    pane.show_place(WATER)
    assert not actions.open_in_zotero.isVisible()
    assert not any("Zotero" in b.toolTip() for b in pane.findChildren(QToolButton) if b.isVisible())


def test_words_from_a_scan_are_marked_and_told(
    pane: ViewerPane, place_of: Callable[[str, int], Place]
) -> None:
    mark = BoxMark(5, Box(72, 100, 300, 112), 0.93)
    pane.show_place(replace(place_of("Hold the PAIR key", 5), marks=(mark,)))
    assert len(pane.pages.mark_boxes()) == 1
    assert "From a scan, read with 93% certainty" in texts(pane)
    pane.show_place(place_of("Hold the PAIR key", 5))
    assert "From a scan" not in texts(pane)

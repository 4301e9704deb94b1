"""The library pane, by what a person sees in it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.messages import (
    Added,
    Adding,
    AddPaths,
    Documents,
    Done,
    Failed,
    LibraryChanged,
    ListDocuments,
    Pause,
    RemoveDocuments,
    Resume,
    Stop,
    WasStopped,
)
from rag.types import AddedFile, DocumentEntry, Kind, State, Verdict
from ui.library.pane import LibraryPane
from ui.library.shelf import Shelf

MANUAL = DocumentEntry(
    "d1", "/a/manual.pdf", "Manual", Kind.PDF, State.READY, "", 4, 9, ("Library",)
)
NOTES = DocumentEntry(
    "d2", "/a/notes.md", "Notes", Kind.MARKDOWN, State.READY, "", 0, 2, ("Library",)
)


@pytest.fixture
def shelf(link: Any) -> Shelf:
    return Shelf(link)


@pytest.fixture
def pane(qtbot: QtBot, shelf: Shelf, actions: Any, theme: Any, link: Any) -> LibraryPane:
    made = LibraryPane(shelf, actions, theme)
    qtbot.addWidget(made)
    made.resize(300, 600)
    made.show()
    link.open()
    return made


def list_documents(door: Any, *documents: DocumentEntry) -> None:
    request = door.last(ListDocuments).request_id
    door.say(Documents(request, documents), Done(request))


def texts(pane: LibraryPane) -> str:
    """All words that are visible, but for the list's."""
    widgets = [*pane.findChildren(QLabel), *pane.findChildren(QPushButton)]
    return "\n".join(widget.text() for widget in widgets if widget.isVisible())


def titles(pane: LibraryPane) -> list[str]:
    model = pane.list_view.model()
    return [model.index(at, 0).data() for at in range(model.rowCount(QModelIndex()))]


def click_on_row(qtbot: QtBot, pane: LibraryPane, row: int) -> None:
    view = pane.list_view
    place = view.visualRect(view.model().index(row, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))


def test_it_says_that_the_library_is_being_opened(pane: LibraryPane) -> None:
    assert "Opening the library" in texts(pane)


def test_a_library_that_cannot_be_opened_says_why(pane: LibraryPane, door: Any) -> None:
    request = door.last(ListDocuments).request_id
    door.say(Failed(request, "Another program uses the library.", "Close it first."))
    assert "Another program uses the library. Close it first." in texts(pane)
    assert "Opening" not in texts(pane)


def test_an_empty_library_teaches_what_to_do(pane: LibraryPane, door: Any) -> None:
    list_documents(door)
    assert "Drop PDFs and notes here" in texts(pane)
    assert "Add files…" in texts(pane)


def test_documents_are_listed_by_title(pane: LibraryPane, door: Any) -> None:
    list_documents(door, NOTES, MANUAL)
    assert titles(pane) == ["Manual", "Notes"]
    assert "Drop PDFs" not in texts(pane)


def test_a_change_in_the_library_is_asked_for_once(
    qtbot: QtBot, pane: LibraryPane, door: Any
) -> None:
    def asked() -> int:
        return sum(isinstance(request, ListDocuments) for request in door.sent)

    before = asked()
    door.say(LibraryChanged(0), LibraryChanged(0), LibraryChanged(0))
    qtbot.waitUntil(lambda: asked() == before + 1)
    qtbot.wait(250)
    assert asked() == before + 1


def test_clicking_a_document_opens_it(qtbot: QtBot, pane: LibraryPane, door: Any) -> None:
    list_documents(door, MANUAL, NOTES)
    with qtbot.waitSignal(pane.place_opened) as opened:
        click_on_row(qtbot, pane, 1)
    assert opened.args[0].path == "/a/notes.md"


def test_adding_shows_the_file_the_count_and_stop(
    qtbot: QtBot, pane: LibraryPane, shelf: Shelf, door: Any
) -> None:
    shelf.add(["/a"])
    request = door.last(AddPaths).request_id
    door.say(Adding(request, "/a/manual.pdf", "reading", 1, 3, 40.0))
    assert "Reading manual.pdf" in texts(pane)
    assert "1 of 3 files · 40 s left" in texts(pane)
    qtbot.mouseClick(
        next(b for b in pane.findChildren(QPushButton) if b.text() == "Stop"),
        Qt.MouseButton.LeftButton,
    )
    assert door.last(Stop) == Stop(request)
    door.say(WasStopped(request))
    assert "what was finished stays" in texts(pane)


def test_adding_can_be_paused_and_goes_on(
    qtbot: QtBot, pane: LibraryPane, shelf: Shelf, door: Any
) -> None:
    shelf.add(["/a"])
    request = door.last(AddPaths).request_id
    button = next(b for b in pane.findChildren(QPushButton) if b.text() == "Pause")
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert door.last(Pause) == Pause(request)
    assert button.text() == "Go on"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert door.last(Resume) == Resume(request)


def test_a_file_that_fails_stays_in_the_list_with_its_reason(
    qtbot: QtBot, pane: LibraryPane, shelf: Shelf, door: Any
) -> None:
    list_documents(door, MANUAL)
    shelf.add(["/a/letter.docx"])
    request = door.last(AddPaths).request_id
    bad = AddedFile("/a/letter.docx", "", Verdict.UNSUPPORTED, "Save it as PDF.", 0, 0, 0.1)
    door.say(Added(request, bad, 1, 1), Done(request))
    assert "1 not read" in texts(pane)
    qtbot.waitUntil(lambda: isinstance(door.sent[-1], ListDocuments))
    list_documents(door, MANUAL)
    assert titles(pane) == ["letter.docx", "Manual"]
    tip = pane.list_view.model().index(0, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Save it as PDF." in tip


def test_an_import_that_fails_says_why(pane: LibraryPane, shelf: Shelf, door: Any) -> None:
    shelf.add(["/a"])
    request = door.last(AddPaths).request_id
    door.say(Failed(request, "The disk is full.", "Free some space."))
    assert "The disk is full. Free some space." in texts(pane)


def test_del_takes_a_document_out_and_offers_it_back(
    qtbot: QtBot, pane: LibraryPane, door: Any, actions: Any
) -> None:
    list_documents(door, MANUAL, NOTES)
    assert not actions.remove.isEnabled()
    click_on_row(qtbot, pane, 0)
    actions.remove.trigger()
    request = door.last(RemoveDocuments)
    assert request.documents == ("d1",)
    door.say(Done(request.request_id))
    assert "“Manual” taken out" in texts(pane)
    back = next(b for b in pane.findChildren(QPushButton) if b.text() == "Add back")
    qtbot.mouseClick(back, Qt.MouseButton.LeftButton)
    assert door.last(AddPaths).paths == ("/a/manual.pdf",)


def test_a_failed_file_is_forgotten_without_asking_the_engine(
    qtbot: QtBot, pane: LibraryPane, shelf: Shelf, door: Any, actions: Any
) -> None:
    shelf.add(["/a/x.docx"])
    request = door.last(AddPaths).request_id
    bad = AddedFile("/a/x.docx", "", Verdict.UNSUPPORTED, "Save it as PDF.", 0, 0, 0.1)
    door.say(Added(request, bad, 1, 1), Done(request))
    list_documents(door)
    click_on_row(qtbot, pane, 0)
    actions.remove.trigger()
    assert titles(pane) == []


def test_the_whole_reason_of_a_problem_is_shown_when_it_is_selected(
    qtbot: QtBot, pane: LibraryPane, door: Any
) -> None:
    reason = "“x.pdf” is damaged or no PDF. Open it in another program and save it anew."
    broken = DocumentEntry(
        "d3", "/a/x.pdf", "x", Kind.PDF, State.FAILED, reason, 0, 0, ("Library",)
    )
    list_documents(door, MANUAL, broken)
    click_on_row(qtbot, pane, 1)
    assert reason in texts(pane)
    click_on_row(qtbot, pane, 0)
    assert reason not in texts(pane)

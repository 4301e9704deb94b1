"""Collections in the window: chosen, made, renamed, deleted, and filled."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtWidgets import QInputDialog, QLabel, QMenu, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from app.door import EndReason, EngineEnd
from app.messages import (
    AddPaths,
    Ask,
    AssignDocuments,
    CollectionDeleted,
    Collections,
    DeleteCollection,
    Documents,
    Done,
    Failed,
    ListCollections,
    ListDocuments,
    MakeCollection,
    RenameCollection,
)
from rag.types import CollectionEntry, CollectionMembers, DocumentEntry, Kind, State
from ui.drop import DropVeil
from ui.library.dragging import carry_documents
from ui.window import MainWindow

BEES = DocumentEntry("d1", "/bees.md", "Bees", Kind.MARKDOWN, State.READY, "", 0, 2, ("Insects",))
ROCKS = DocumentEntry(
    "d2", "/rocks.md", "Rocks", Kind.MARKDOWN, State.READY, "", 0, 2, ("Library",)
)
BROKEN = DocumentEntry("d3", "/x.pdf", "x", Kind.PDF, State.FAILED, "Mend it.", 0, 0, ("Library",))


@pytest.fixture
def shown(window: MainWindow, door: Any) -> MainWindow:
    """The window on three documents, one of them in a collection, another broken."""
    say_what_is_there(door, CollectionEntry("Insects", 1), CollectionEntry("Library", 2))
    return window


def say_what_is_there(door: Any, *collections: CollectionEntry) -> None:
    request = door.last(ListDocuments).request_id
    door.say(Documents(request, (BEES, ROCKS, BROKEN)), Done(request))
    request = door.last(ListCollections).request_id
    door.say(Collections(request, collections), Done(request))


def titles(window: MainWindow) -> list[str]:
    model = window.library.list_view.model()
    return [model.index(at, 0).data() for at in range(model.rowCount())]


def section_titles(window: MainWindow) -> list[str]:
    return [section.title for section in window.library.sections.sections.sections]


def click_on_section(qtbot: QtBot, window: MainWindow, title: str) -> None:
    view = window.library.sections
    index = view.model().index(section_titles(window).index(title), 0)
    place = view.visualRect(index).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)


def select(window: MainWindow, title: str) -> None:
    model = window.library.list_view.model()
    window.library.list_view.setCurrentIndex(model.index(titles(window).index(title), 0))


def name_it(window: MainWindow, name: str) -> None:
    dialog = window.findChild(QInputDialog)
    dialog.setTextValue(name)
    dialog.accept()


def visible_words(window: MainWindow) -> str:
    widgets = [*window.library.findChildren(QLabel), *window.library.findChildren(QPushButton)]
    return "\n".join(widget.text() for widget in widgets if widget.isVisible())


def chip(window: MainWindow) -> QToolButton:
    buttons = window.conversation.composer.findChildren(QToolButton)
    return next(each for each in buttons if "keep to it no longer" in each.accessibleName())


def test_the_sections_are_listed_and_filter_the_documents(qtbot: QtBot, shown: MainWindow) -> None:
    assert section_titles(shown) == ["All documents", "Problems", "Insects"]
    click_on_section(qtbot, shown, "Insects")
    assert titles(shown) == ["Bees"]
    click_on_section(qtbot, shown, "Problems")
    assert titles(shown) == ["x"]


def test_what_is_asked_is_what_is_shown(qtbot: QtBot, shown: MainWindow, door: Any) -> None:
    click_on_section(qtbot, shown, "Insects")
    assert chip(shown).text().startswith("in Insects")
    assert shown.conversation.composer.box.placeholderText() == "Ask “Insects”…"
    shown.conversation.composer.sent.emit("Why?", shown.conversation.composer.mode)
    assert door.last(Ask).scope.collection == "Insects"


def test_the_chip_goes_back_to_all(qtbot: QtBot, shown: MainWindow, door: Any) -> None:
    click_on_section(qtbot, shown, "Insects")
    qtbot.mouseClick(chip(shown), Qt.MouseButton.LeftButton)
    assert len(titles(shown)) == 3
    shown.conversation.composer.sent.emit("Why?", shown.conversation.composer.mode)
    assert door.last(Ask).scope.collection == ""


def test_files_go_to_the_collection_that_is_looked_at(
    qtbot: QtBot, shown: MainWindow, door: Any
) -> None:
    click_on_section(qtbot, shown, "Insects")
    shown.shelf.add(["/wasps.md"])
    assert door.last(AddPaths).collection == "Insects"
    veil = shown.findChild(DropVeil)
    veil.cover(shown.shelf.collection)
    assert veil.findChild(QLabel).text() == "Drop to add to “Insects”"


def test_a_collection_is_made_with_the_selected_documents(shown: MainWindow, door: Any) -> None:
    select(shown, "Rocks")
    menu: QMenu = shown.actions_of_window.put_into_menu
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["Insects", "", "New collection…"]
    menu.actions()[-1].trigger()
    name_it(shown, " Minerals ")
    made = door.last(MakeCollection)
    assert (made.name, made.members.documents) == ("Minerals", ("d2",))


def test_documents_are_put_in_and_the_undo_takes_them_out(
    qtbot: QtBot, shown: MainWindow, door: Any
) -> None:
    select(shown, "Rocks")
    menu: QMenu = shown.actions_of_window.put_into_menu
    menu.aboutToShow.emit()
    menu.actions()[0].trigger()
    request = door.last(AssignDocuments).request_id
    assert door.last(AssignDocuments) == AssignDocuments(request, ("d2",), "Insects", True)
    door.say(Done(request))
    assert "1 document put into “Insects”." in visible_words(shown)
    undo = next(b for b in shown.library.findChildren(QPushButton) if b.text() == "Undo")
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert not door.last(AssignDocuments).are_members


def test_documents_are_dragged_onto_a_collection_and_files_too(
    shown: MainWindow, door: Any
) -> None:
    model = shown.library.sections.model()
    index = model.index(section_titles(shown).index("Insects"), 0)
    copy = Qt.DropAction.CopyAction
    assert model.dropMimeData(carry_documents(["d2"]), copy, -1, -1, index)
    assert door.last(AssignDocuments).documents == ("d2",)
    files = QMimeData()
    files.setUrls([QUrl.fromLocalFile("/wasps.md")])
    assert model.dropMimeData(files, copy, -1, -1, index)
    assert door.last(AddPaths).collection == "Insects"
    assert not model.canDropMimeData(carry_documents(["d2"]), copy, -1, -1, model.index(0, 0))


def test_a_collection_keeps_being_chosen_under_its_new_name(
    qtbot: QtBot, shown: MainWindow, door: Any
) -> None:
    click_on_section(qtbot, shown, "Insects")
    shown.actions_of_window.rename_collection.trigger()
    name_it(shown, "Beetles")
    request = door.last(RenameCollection)
    assert (request.name, request.new_name) == ("Insects", "Beetles")
    door.say(Done(request.request_id))
    assert chip(shown).text().startswith("in Beetles")
    assert "Beetles" in section_titles(shown)


def test_a_deleted_collection_can_be_made_again(qtbot: QtBot, shown: MainWindow, door: Any) -> None:
    click_on_section(qtbot, shown, "Insects")
    shown.actions_of_window.delete_collection.trigger()
    request = door.last(DeleteCollection).request_id
    members = CollectionMembers(("d1",), ("/notes",))
    door.say(CollectionDeleted(request, "Insects", members), Done(request))
    say_what_is_there(door, CollectionEntry("Library", 2))
    assert len(titles(shown)) == 3
    assert "“Insects” is deleted. 1 document stays in the library." in visible_words(shown)
    undo = next(b for b in shown.library.findChildren(QPushButton) if b.text() == "Undo")
    qtbot.mouseClick(undo, Qt.MouseButton.LeftButton)
    assert door.last(MakeCollection).members == members


def test_a_name_that_cannot_be_is_told(shown: MainWindow, door: Any) -> None:
    shown.actions_of_window.new_collection.trigger()
    name_it(shown, "Insects")
    request = door.last(MakeCollection).request_id
    door.say(Failed(request, "There is a collection “Insects” already.", "Choose another name."))
    assert "There is a collection “Insects” already." in visible_words(shown)


def test_before_anything_is_known_there_is_nothing_to_choose(window: MainWindow) -> None:
    assert not window.library.sections.isVisible()


def test_a_list_that_fails_says_nothing_of_its_own(shown: MainWindow, door: Any) -> None:
    shown.shelf.collections.refresh()
    shown.shelf.followed.refresh()
    door.die(EngineEnd(EndReason.CRASHED, "signal 11"))
    assert "crashed" not in visible_words(shown)
    assert section_titles(shown) == ["All documents", "Problems", "Insects"]

"""A question kept to a part of the library, by what a person sees and clicks."""

from __future__ import annotations

from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDateEdit,
    QLabel,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.messages import Answered, Ask, Documents, Done, ListDocuments
from rag.types import (
    EVERYWHERE,
    Answer,
    DocumentEntry,
    Kind,
    Mode,
    Scope,
    State,
    Timings,
    Tokens,
    Turn,
)
from ui.conversation.document_field import DocumentField
from ui.conversation.filter_popup import FilterPopup
from ui.places import Place
from ui.window import MainWindow

MANUAL = DocumentEntry("a", "/papers/m.pdf", "Manual", Kind.PDF, State.READY, "", 9, 9, ("In",))
NOTE = DocumentEntry("b", "/notes/n.md", "Note", Kind.MARKDOWN, State.READY, "", 0, 2, ("In",))
ABSTENTION = Answer(
    "Not there.", "", True, (), (), (), 0.1, Turn("?", "Not there."), Tokens(), Timings(), ""
)
Widget = TypeVar("Widget", bound=QWidget)


@pytest.fixture
def shown(window: MainWindow, door: Any) -> MainWindow:
    """The window on two documents."""
    list_documents(door, MANUAL, NOTE)
    return window


def list_documents(door: Any, *entries: DocumentEntry) -> None:
    request = door.last(ListDocuments).request_id
    door.say(Documents(request, entries), Done(request))


@pytest.fixture
def popup(qtbot: QtBot, shown: MainWindow) -> FilterPopup:
    """The filters, opened by their shortcut's action."""
    shown.actions_of_window.filter.trigger()
    made = shown.findChild(FilterPopup)
    qtbot.waitUntil(made.isVisible)
    return made


def the(kind: type[Widget], within: QWidget, words: str) -> Widget:
    """The visible widget of a kind that says or is called so."""
    QApplication.processEvents()
    (found,) = (
        each
        for each in within.findChildren(kind)
        if each.isVisible() and words in (each.accessibleName(), getattr(each, "text", str)())
    )
    return found


def chips(window: MainWindow) -> list[QToolButton]:
    QApplication.processEvents()
    buttons = window.conversation.composer.findChildren(QToolButton)
    return [each for each in buttons if each.isVisible() and "✕" in each.text()]


def ask(window: MainWindow, door: Any) -> Ask:
    window.conversation.composer.box.setPlainText("Why?")
    window.conversation.composer.submit()
    asked: Ask = door.last(Ask)
    return asked


def test_a_kind_that_is_ticked_is_asked_alone(
    shown: MainWindow, popup: FilterPopup, door: Any
) -> None:
    the(QToolButton, popup, "Markdown").click()
    popup.close()
    assert [chip.text() for chip in chips(shown)] == ["Markdown  ✕"]
    assert ask(shown, door).scope == Scope(kinds=(Kind.MARKDOWN,))
    assert the(QLabel, shown.conversation, "Asked only: Markdown")


def test_a_folder_and_days_are_asked_alone(
    shown: MainWindow, popup: FilterPopup, door: Any
) -> None:
    folders = the(QComboBox, popup, "Folder")
    folders.setCurrentIndex(folders.findData("/notes"))
    folders.activated.emit(folders.currentIndex())
    the(QToolButton, popup, "Last changed since a day").click()
    the(QDateEdit, popup, "Since this day").setDate(QDate(2024, 1, 31))
    asked = ask(shown, door).scope
    assert (asked.folder, asked.modified_from, asked.modified_until) == ("/notes", "2024-01-31", "")
    the(QToolButton, popup, "Last changed since a day").click()
    assert shown.conversation.scope.scope == Scope(folder="/notes")


def test_the_last_day_is_never_before_the_first(popup: FilterPopup) -> None:
    the(QToolButton, popup, "Last changed since a day").click()
    the(QDateEdit, popup, "Since this day").setDate(QDate(2124, 1, 31))
    assert the(QDateEdit, popup, "Until this day").date() == QDate(2124, 1, 31)


def test_a_document_is_found_by_a_piece_of_its_name(
    qtbot: QtBot, shown: MainWindow, popup: FilterPopup
) -> None:
    field = popup.findChild(DocumentField)
    qtbot.keyClicks(field, "anu")
    completer = field.completer()
    assert completer.currentCompletion() == "Manual · m.pdf"
    completer.activated[str].emit(completer.currentCompletion())
    qtbot.waitUntil(lambda: shown.conversation.scope.scope == Scope(documents=("a",)))
    assert field.text() == ""


def test_a_chip_takes_its_filter_away_and_leaves_the_others(
    qtbot: QtBot, shown: MainWindow
) -> None:
    shown.conversation.scope.choose(Scope(documents=("a",), kinds=(Kind.PDF,)))
    manual, pdf = chips(shown)
    assert manual.accessibleName() == "Asked within Manual; keep to it no longer"
    assert pdf.focusPolicy() & Qt.FocusPolicy.TabFocus
    qtbot.mouseClick(manual, Qt.MouseButton.LeftButton)
    assert shown.conversation.scope.scope == Scope(kinds=(Kind.PDF,))
    qtbot.mouseClick(chips(shown)[0], Qt.MouseButton.LeftButton)
    assert chips(shown) == []


def test_a_document_is_asked_about_from_the_library(shown: MainWindow, door: Any) -> None:
    actions = shown.actions_of_window
    assert not actions.ask_about_selected.isEnabled()
    shown.library.list_view.setCurrentIndex(shown.library.list_view.model().index(1, 0))
    actions.ask_about_selected.trigger()
    assert shown.conversation.composer.box.placeholderText() == "Ask “Note”…"
    assert shown.conversation.composer.box.hasFocus()
    assert ask(shown, door).scope == Scope(documents=("b",))


def test_the_document_that_is_read_is_asked_about(shown: MainWindow, door: Any) -> None:
    about_this = shown.actions_of_window.ask_about_shown
    assert not about_this.isEnabled()
    shown.conversation.scope.choose(Scope(collection="Other", kinds=(Kind.PDF,)))
    shown.viewer.show_place(Place.of_document(NOTE))
    about_this.trigger()
    assert ask(shown, door).scope == Scope(documents=("b",))


def test_a_document_that_is_gone_is_chosen_no_longer(shown: MainWindow, door: Any) -> None:
    shown.conversation.scope.choose(Scope(documents=("a",)))
    shown.shelf.refresh()
    list_documents(door, NOTE)
    assert chips(shown) == []
    assert ask(shown, door).scope == EVERYWHERE


def test_the_assistant_is_kept_to_nothing(shown: MainWindow, door: Any) -> None:
    shown.conversation.scope.choose(Scope(documents=("a",)))
    shown.conversation.composer.findChild(QToolButton, "assistant").click()
    assert chips(shown) == []
    assert not shown.actions_of_window.filter.isEnabled()
    assert (ask(shown, door).scope, door.last(Ask).mode) == (EVERYWHERE, Mode.ASSISTANT)


def test_where_a_part_holds_no_answer_one_click_asks_the_whole_library(
    qtbot: QtBot, shown: MainWindow, door: Any
) -> None:
    shown.conversation.scope.choose(Scope(documents=("a",)))
    request = ask(shown, door).request_id
    door.say(Answered(request, ABSTENTION), Done(request))
    offer = the(QPushButton, shown.conversation, "Ask the whole library")
    qtbot.mouseClick(offer, Qt.MouseButton.LeftButton)
    assert (door.last(Ask).question, door.last(Ask).scope) == ("Why?", EVERYWHERE)
    request = door.last(Ask).request_id
    door.say(Answered(request, ABSTENTION), Done(request))
    assert the(QPushButton, shown.conversation, "Ask the whole library") is offer


def test_escape_closes_the_popup(qtbot: QtBot, popup: FilterPopup) -> None:
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    assert not popup.isVisible()

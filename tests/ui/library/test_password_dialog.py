"""The password dialog and when it comes, by what a person sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.messages import (
    Added,
    AddPaths,
    Documents,
    Done,
    EngineLost,
    Failed,
    FindKeyring,
    KeyringFound,
    ListDocuments,
    PasswordTried,
    TryPassword,
)
from rag.types import AddedFile, DocumentEntry, Kind, State, Verdict
from ui.library.pane import LibraryPane
from ui.library.password_dialog import PasswordDialog
from ui.library.password_prompt import PasswordPrompt
from ui.library.shelf import Shelf
from ui.passwords import Passwords

HIVE, WAX = "/a/hive.pdf", "/a/wax.pdf"
WRONG = "No password that was given opens “hive.pdf”."


@pytest.fixture
def dialog(qtbot: QtBot, link: Any) -> PasswordDialog:
    return shown(qtbot, link, [WAX])


def shown(qtbot: QtBot, link: Any, others: Sequence[str]) -> PasswordDialog:
    made = PasswordDialog(Passwords(link), HIVE, others)
    qtbot.addWidget(made)
    made.show()
    return made


def words(widget: QWidget) -> str:
    kinds = (QLabel, QPushButton, QCheckBox)
    children = [child for kind in kinds for child in widget.findChildren(kind)]
    return "\n".join(child.text() for child in children if child.isVisible())


def box(dialog: QWidget, beginning: str) -> QCheckBox:
    return next(b for b in dialog.findChildren(QCheckBox) if b.text().startswith(beginning))


def enter(qtbot: QtBot, dialog: QWidget, password: str) -> None:
    """Type the password and press Enter."""
    field = dialog.findChild(QLineEdit)
    field.setText(password)
    qtbot.keyClick(field, Qt.Key.Key_Return)


def answer(door: Any, *opened: str, end: Any = Done) -> None:
    request = door.last(TryPassword)
    for path in request.paths:
        door.say(
            PasswordTried(request.request_id, path, path in opened, "" if path in opened else WRONG)
        )
    door.say(end(request.request_id))


def test_it_names_the_file_and_shows_no_letter(dialog: PasswordDialog) -> None:
    assert "“hive.pdf” is protected with a password" in words(dialog)
    assert dialog.findChild(QLineEdit).echoMode() is QLineEdit.EchoMode.Password
    assert "Try it on the other protected file too" in words(dialog)


def test_other_files_are_counted_where_there_are_any(qtbot: QtBot, link: Any) -> None:
    assert "other" not in words(shown(qtbot, link, []))
    assert "the other 2 protected files too" in words(shown(qtbot, link, [WAX, "/a/c.pdf"]))


def test_without_a_password_there_is_nothing_to_try(dialog: PasswordDialog) -> None:
    button = next(b for b in dialog.findChildren(QPushButton) if b.text() == "Open")
    assert not button.isEnabled()


@pytest.mark.parametrize("is_usable", [True, False])
def test_the_keyring_is_offered_where_there_is_one(
    dialog: PasswordDialog, door: Any, is_usable: bool
) -> None:
    assert "keyring" not in words(dialog)
    door.say(KeyringFound(door.last(FindKeyring).request_id, is_usable))
    assert ("Keep it in this computer's keyring" in words(dialog)) is is_usable
    assert not box(dialog, "Keep").isChecked()


def test_a_right_password_closes_it(qtbot: QtBot, dialog: PasswordDialog, door: Any) -> None:
    enter(qtbot, dialog, "bees")
    assert (door.last(TryPassword).password, door.last(TryPassword).paths) == ("bees", (HIVE, WAX))
    assert not door.last(TryPassword).is_to_be_kept
    assert "Trying…" in words(dialog)
    with qtbot.waitSignal(dialog.opened) as opened:
        answer(door, HIVE, WAX)
    assert opened.args == [[HIVE, WAX]]
    assert not dialog.isVisible()


def test_a_wrong_one_is_told_and_can_be_typed_again(
    qtbot: QtBot, dialog: PasswordDialog, door: Any
) -> None:
    enter(qtbot, dialog, "bess")
    answer(door)
    assert WRONG in words(dialog)
    assert dialog.findChild(QLineEdit).selectionLength() == len("bess")
    enter(qtbot, dialog, "bees")
    assert "Trying…" in words(dialog)
    answer(door, HIVE)
    assert not dialog.isVisible()


def test_one_that_opens_only_another_file_says_so(
    qtbot: QtBot, dialog: PasswordDialog, door: Any
) -> None:
    enter(qtbot, dialog, "wachs")
    with qtbot.waitSignal(dialog.opened) as opened:
        answer(door, WAX)
    assert opened.args == [[WAX]]
    assert f"{WRONG} It opens 1 other file." in words(dialog)


def test_other_files_are_left_alone_if_the_person_says_so(
    qtbot: QtBot, dialog: PasswordDialog, door: Any
) -> None:
    box(dialog, "Try").setChecked(False)
    enter(qtbot, dialog, "bees")
    assert door.last(TryPassword).paths == (HIVE,)


def test_a_keyring_that_refuses_is_told_though_the_file_opens(
    qtbot: QtBot, dialog: PasswordDialog, door: Any
) -> None:
    enter(qtbot, dialog, "bees")
    with qtbot.waitSignal(dialog.complained) as complained, qtbot.waitSignal(dialog.opened):
        answer(door, HIVE, end=lambda request: Failed(request, "It is not kept.", "Unlock it."))
    assert complained.args == ["It is not kept. Unlock it."]
    assert not dialog.isVisible()


def test_a_lost_engine_is_told(qtbot: QtBot, dialog: PasswordDialog, door: Any) -> None:
    enter(qtbot, dialog, "bees")
    lost = EngineLost(door.last(TryPassword).request_id, "The engine has crashed.", "Ask again.")
    door.say(lost)
    assert "The engine has crashed. Ask again." in words(dialog)
    assert dialog.findChild(QLineEdit).isEnabled()


@pytest.fixture
def shelf(link: Any) -> Shelf:
    return Shelf(link)


@pytest.fixture
def prompt(qtbot: QtBot, shelf: Shelf, link: Any) -> PasswordPrompt:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    made = PasswordPrompt(shelf, Passwords(link), window)
    link.open()
    return made


def protected(document: str, path: str) -> DocumentEntry:
    return DocumentEntry(document, path, path, Kind.PDF, State.PASSWORD, WRONG, 0, 0, ("Garden",))


def list_protected(door: Any) -> None:
    list_documents(door, protected("d1", HIVE), protected("d2", WAX))


def list_documents(door: Any, *documents: DocumentEntry) -> None:
    request = door.last(ListDocuments).request_id
    door.say(Documents(request, documents), Done(request))


def test_after_an_import_it_is_offered_once_for_all_protected_files(
    qtbot: QtBot, prompt: PasswordPrompt, shelf: Shelf, door: Any
) -> None:
    offers: list[tuple[str, str]] = []
    prompt.offered.connect(lambda words, path: offers.append((words, path)))
    shelf.add(["/a"])
    request = door.last(AddPaths).request_id
    for path in (HIVE, WAX):
        door.say(Added(request, AddedFile(path, "d", Verdict.PASSWORD, WRONG, 0, 0, 0.1), 1, 2))
    assert offers == []
    door.say(Done(request))
    shelf.add(["/b"])
    door.say(Done(door.last(AddPaths).request_id))
    assert offers == [("2 files ask for a password.", HIVE)]


def test_files_that_it_opens_are_added_again_to_their_own_collection(
    qtbot: QtBot, prompt: PasswordPrompt, door: Any
) -> None:
    list_protected(door)
    prompt.ask(HIVE)
    dialog = prompt.parent().findChild(PasswordDialog)
    enter(qtbot, dialog, "bees")
    answer(door, HIVE, WAX)
    added = door.last(AddPaths)
    assert (added.paths, added.collection) == ((HIVE, WAX), "Garden")


def test_answers_that_come_after_cancel_are_no_matter(
    qtbot: QtBot, prompt: PasswordPrompt, door: Any
) -> None:
    list_protected(door)
    prompt.ask(HIVE)
    dialog = prompt.parent().findChild(PasswordDialog)
    enter(qtbot, dialog, "bees")
    with qtbot.waitSignal(dialog.destroyed):
        dialog.reject()
    asked = len(door.sent)
    door.say(KeyringFound(door.last(FindKeyring).request_id, True))
    answer(door, HIVE)
    assert len(door.sent) == asked
    prompt.ask(HIVE)
    assert prompt.parent().findChild(PasswordDialog).isVisible()


def test_a_second_click_opens_no_second_dialog(prompt: PasswordPrompt, door: Any) -> None:
    list_protected(door)
    prompt.ask(HIVE)
    prompt.ask(WAX)
    assert len(prompt.parent().findChildren(PasswordDialog)) == 1


@pytest.fixture
def pane(qtbot: QtBot, shelf: Shelf, actions: Any, theme: Any, link: Any) -> LibraryPane:
    made = LibraryPane(shelf, actions, theme)
    qtbot.addWidget(made)
    made.resize(300, 600)
    made.show()
    link.open()
    return made


def test_a_click_on_a_protected_file_asks_for_its_password(
    qtbot: QtBot, pane: LibraryPane, door: Any
) -> None:
    list_protected(door)
    first = pane.list_view.visualRect(pane.list_view.model().index(0, 0)).center()
    with qtbot.waitSignal(pane.password_wanted) as wanted:
        qtbot.mouseClick(pane.list_view.viewport(), Qt.MouseButton.LeftButton, pos=first)
    assert wanted.args == [HIVE]
    assert WRONG in words(pane)


def test_the_reason_goes_when_the_file_has_been_read(
    pane: LibraryPane, shelf: Shelf, door: Any
) -> None:
    list_protected(door)
    pane.list_view.setCurrentIndex(pane.list_view.model().index(0, 0))
    assert WRONG in words(pane)
    shelf.refresh()
    list_documents(door, replace(protected("d1", HIVE), state=State.READY, reason=""))
    assert WRONG not in words(pane)


def test_the_notice_after_an_import_leads_to_the_first(
    qtbot: QtBot, pane: LibraryPane, door: Any
) -> None:
    list_protected(door)
    pane.offer_password("2 files ask for a password.", HIVE)
    assert "2 files ask for a password." in words(pane)
    button = next(b for b in pane.findChildren(QPushButton) if b.text() == "Enter it")
    with qtbot.waitSignal(pane.password_wanted) as wanted:
        button.click()
    assert wanted.args == [HIVE]

"""The window of followed folders, by what a person sees and does in it."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.messages import (
    Concerned,
    Documents,
    Done,
    Failed,
    Folders,
    ListDocuments,
    ListFolders,
    LookAgain,
    RemoveDocuments,
    SetPatterns,
    UnfollowFolder,
)
from rag.types import DocumentEntry, FollowedFolder, Kind, State
from ui.library.folder_rows import folder_rows
from ui.library.folders_dialog import FoldersDialog
from ui.window import MainWindow

NOW = 1_000_000.0
NOTES = FollowedFolder("/home/notes", "Library", ("drafts/",), NOW - 300, is_away=False)
DRIVE = FollowedFolder("/media/drive", "Papers", (), NOW - 9_000, is_away=True)
BEES = DocumentEntry("d1", "/home/notes/bees.md", "Bees", Kind.MARKDOWN, State.READY, "", 0, 2, ())


@pytest.fixture
def dialog(window: MainWindow, door: Any) -> FoldersDialog:
    """On two followed folders, one of which is away."""
    request = door.last(ListDocuments).request_id
    door.say(Documents(request, (BEES,)), Done(request))
    window.actions_of_window.followed_folders.trigger()
    say_folders(door, NOTES, DRIVE)
    return window.findChild(FoldersDialog)


def say_folders(door: Any, *folders: FollowedFolder) -> None:
    request = door.last(ListFolders).request_id
    door.say(Folders(request, folders, (".*", "~$*")))


def details(dialog: FoldersDialog) -> list[str]:
    model = dialog.list_view.model()
    spoken = Qt.ItemDataRole.AccessibleTextRole
    return [model.index(row, 0).data(spoken) for row in range(model.rowCount(QModelIndex()))]


def choose(dialog: FoldersDialog, row: int) -> None:
    dialog.list_view.setCurrentIndex(dialog.list_view.model().index(row, 0))


def press(qtbot: QtBot, dialog: QWidget, text: str) -> None:
    button = next(each for each in dialog.findChildren(QPushButton) if each.text() == text)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def words(dialog: FoldersDialog) -> str:
    return "\n".join(each.text() for each in dialog.findChildren(QLabel) if each.isVisible())


def lines_of(dialog: FoldersDialog) -> QPlainTextEdit:
    return dialog.findChild(QPlainTextEdit)


def test_a_folder_says_how_it_is() -> None:
    drive, notes = folder_rows([NOTES, DRIVE], NOW)
    assert notes.detail == "Looked at 5 min ago · /home/notes"
    assert drive.detail == "Not reachable now; its documents stay · /media/drive · into Papers"


def test_the_followed_folders_are_listed(dialog: FoldersDialog) -> None:
    drive, notes = details(dialog)
    assert drive.startswith("drive, Not reachable now")
    assert notes.startswith("notes, Looked at")


def test_without_folders_it_says_how_to_follow_one(dialog: FoldersDialog, door: Any) -> None:
    say_folders(door)
    assert "No folder is followed yet" in words(dialog)


def test_a_folder_is_followed_no_longer_and_its_documents_can_go(
    qtbot: QtBot, dialog: FoldersDialog, door: Any
) -> None:
    choose(dialog, 1)
    press(qtbot, dialog, "Stop following")
    request = door.last(UnfollowFolder)
    assert request.path == "/home/notes"
    door.say(Concerned(request.request_id, ("d1",)), Done(request.request_id))
    assert "“notes” is followed no longer. 1 document stays in the library." in words(dialog)
    press(qtbot, dialog, "Take them out")
    assert door.last(RemoveDocuments).documents == ("d1",)


def test_it_looks_again_at_the_one_chosen_or_at_all(
    qtbot: QtBot, dialog: FoldersDialog, door: Any
) -> None:
    press(qtbot, dialog, "Look again")
    assert door.last(LookAgain).path == ""
    choose(dialog, 1)
    press(qtbot, dialog, "Look again")
    assert door.last(LookAgain).path == "/home/notes"


def test_what_is_left_out_is_shown_and_changed(
    qtbot: QtBot, dialog: FoldersDialog, door: Any
) -> None:
    assert lines_of(dialog).toPlainText() == ".*\n~$*"
    dialog.findChild(QComboBox).setCurrentIndex(1)
    assert lines_of(dialog).toPlainText() == "drafts/"
    lines_of(dialog).setPlainText("drafts/\n\n*.log \n")
    press(qtbot, dialog, "Save")
    request = door.last(SetPatterns)
    assert (request.path, request.patterns) == ("/home/notes", ("drafts/", "*.log"))
    door.say(Concerned(request.request_id, ("d1",)), Done(request.request_id))
    assert "1 document stays though left out now." in words(dialog)
    assert door.last(LookAgain).path == "/home/notes"


def test_a_pattern_that_is_none_is_told_and_stays_to_be_mended(
    qtbot: QtBot, dialog: FoldersDialog, door: Any
) -> None:
    lines_of(dialog).setPlainText("!")
    press(qtbot, dialog, "Save")
    request = door.last(SetPatterns).request_id
    door.say(Failed(request, "“!” is no pattern.", "Write one like *.log."))
    assert "“!” is no pattern. Write one like *.log." in words(dialog)
    say_folders(door, NOTES)
    assert lines_of(dialog).toPlainText() == "!"


def test_what_is_being_written_stays_when_the_folders_are_told_again(
    dialog: FoldersDialog, door: Any
) -> None:
    lines_of(dialog).setPlainText("*.log")
    say_folders(door, NOTES)
    assert lines_of(dialog).toPlainText() == "*.log"


def test_it_asks_again_only_while_it_is_open(
    qtbot: QtBot, dialog: FoldersDialog, door: Any
) -> None:
    dialog.close()
    asked = sum(isinstance(request, ListFolders) for request in door.sent)
    qtbot.wait(2_200)
    assert sum(isinstance(request, ListFolders) for request in door.sent) == asked


def test_every_control_has_a_name_and_is_reached_by_tab(dialog: FoldersDialog) -> None:
    controls = [
        each
        for each in dialog.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isVisible()
    ]
    assert len(controls) >= 6
    assert all(each.accessibleName() or getattr(each, "text", str)() for each in controls)

"""Protected files in the real window with a real engine: from the list to the marked page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pypdf import PdfWriter
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from reportlab.pdfgen.canvas import Canvas

from app.door import Door
from app.settings import Paths, Settings
from rag.types import State
from ui.library.password_dialog import PasswordDialog
from ui.link import EngineLink
from ui.places import Place
from ui.theme import Theme
from ui.window import MainWindow

ENGINE_MS = 90_000  # the engine loads its models on a machine that may be busy
PASSWORD = "Bienenkönig-4711"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def window(qtbot: QtBot, theme: Theme, data: Path) -> Iterator[MainWindow]:
    settings = Settings(Paths.of(data))
    link = EngineLink(lambda event, end: Door(settings, on_event=event, on_end=end))
    made = MainWindow(link, theme)
    qtbot.addWidget(made)
    made.painted.connect(link.open)
    with qtbot.waitSignal(link.opened):
        made.show()
    yield made
    link.close()


def locked(path: Path, text: str) -> Path:
    canvas = Canvas(str(path))
    canvas.drawString(60, 700, text)
    canvas.save()
    writer = PdfWriter(clone_from=path)
    writer.encrypt(PASSWORD, algorithm="AES-256")
    writer.write(path)
    return path


def states(window: MainWindow) -> dict[str, State]:
    return {Path(entry.path).name: entry.state for entry in window.shelf.documents}


def button(widget: QWidget, text: str) -> QPushButton:
    return next(b for b in widget.findChildren(QPushButton) if b.text() == text and b.isVisible())


def enter(qtbot: QtBot, dialog: PasswordDialog, password: str) -> None:
    field = dialog.findChild(QLineEdit)
    assert isinstance(field, QLineEdit)
    field.setText(password)
    qtbot.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.timeout(300)
def test_files_that_ask_for_a_password_are_read_and_shown_once_it_is_entered(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, data: Path
) -> None:
    hive = locked(tmp_path / "hive.pdf", "Its queen is called Ludmila.")
    wax = locked(tmp_path / "wax.pdf", "Wax candles burn for nine hours.")
    note = tmp_path / "note.md"
    note.write_text("Bees fly at twelve degrees.")
    with qtbot.waitSignal(window.shelf.import_ended, timeout=ENGINE_MS):
        window.shelf.add([str(hive), str(wax), str(note)])
    qtbot.waitUntil(lambda: states(window).get("wax.pdf") is State.PASSWORD, timeout=ENGINE_MS)
    qtbot.waitUntil(lambda: states(window)["note.md"] is State.READY, timeout=ENGINE_MS)

    qtbot.mouseClick(button(window.library, "Enter it"), Qt.MouseButton.LeftButton)
    dialog = window.findChild(PasswordDialog)
    enter(qtbot, dialog, "wrong")
    qtbot.waitUntil(lambda: said(dialog, "No password that was given opens"), timeout=ENGINE_MS)
    enter(qtbot, dialog, PASSWORD)
    qtbot.waitUntil(lambda: set(states(window).values()) == {State.READY}, timeout=ENGINE_MS)

    (entry,) = (entry for entry in window.shelf.documents if entry.path == str(hive))
    window.viewer.show_place(Place.of_document(entry))
    qtbot.waitUntil(window.viewer.pages.isVisible, timeout=ENGINE_MS)
    written = [path for path in data.rglob("*") if path.is_file()]
    assert not [path for path in written if PASSWORD.encode() in path.read_bytes()]


def said(widget: QWidget, words: str) -> bool:
    shown = (label for label in widget.findChildren(QLabel) if label.isVisible())
    return any(words in label.text() for label in shown)

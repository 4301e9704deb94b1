"""The whole window: what its panes do together, from the first paint to the engine's loss."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton, QTextBrowser, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from app.door import EndReason, EngineEnd
from app.messages import (
    AddPaths,
    Ask,
    ChangingEmbedder,
    Documents,
    Done,
    Failed,
    ListDocuments,
    Loading,
    Quoted,
    Ready,
)
from app.settings import ASSETS
from rag.types import Citation, DocumentEntry, Kind, Mark, PageRef, Quotation, Span, State
from ui.drop import DropVeil
from ui.places import Place
from ui.window import MainWindow

CRASH = EngineEnd(EndReason.CRASHED, "signal 11")
MANUAL = ASSETS / "samples" / "weather-station-manual.pdf"
ENTRY = DocumentEntry(
    "d", str(MANUAL), "Weather station", Kind.PDF, State.READY, "", 9, 30, ("Library",)
)
CITED = Citation(
    1, "d", str(MANUAL), "Weather station", Kind.PDF, (), (PageRef(7, "4"),), Span(0, 6), "5 Care",
    (Mark(7, 0, 6),),
)  # fmt: skip


def button(window: MainWindow, text: str) -> QPushButton:
    return next(b for b in window.findChildren(QPushButton) if b.text() == text)


def list_documents(door: Any, *documents: DocumentEntry) -> None:
    request = door.last(ListDocuments).request_id
    door.say(Documents(request, documents), Done(request))


def drag(paths: list[str]) -> QMimeData:
    dragged = QMimeData()
    dragged.setUrls([QUrl.fromLocalFile(path) for path in paths])
    return dragged


def enter(window: MainWindow, dragged: QMimeData) -> QDragEnterEvent:
    event = QDragEnterEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        dragged,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    event.ignore()
    QApplication.sendEvent(window, event)
    return event


def test_it_is_painted_before_the_engine_is_asked_for_anything(
    qtbot: QtBot, link: Any, theme: Any, door: Any
) -> None:
    window = MainWindow(link, theme)
    qtbot.addWidget(window)
    opened_at_paint: list[int] = []
    window.painted.connect(lambda: opened_at_paint.append(door.open_count))
    window.show()
    qtbot.waitUntil(lambda: opened_at_paint == [0])
    assert door.sent == []


def test_it_says_what_is_loading_and_then_what_answers(window: MainWindow, door: Any) -> None:
    door.say(Loading(0, "the language model"))
    assert window.status.text == "Loading the language model…"
    door.say(Ready(0, "SmolLM2", True, ""))
    assert window.status.text == "Ready"
    assert window.status.model_text == "Model: SmolLM2, for demonstration"


def test_it_says_what_is_amiss_with_the_model(window: MainWindow, door: Any) -> None:
    door.say(Ready(0, "", False, "“x.gguf” is no GGUF file. Choose another model."))
    assert window.status.text == "“x.gguf” is no GGUF file. Choose another model."
    assert "quotations" in window.status.model_text


def test_it_says_how_far_another_embedder_has_come(window: MainWindow, door: Any) -> None:
    change = ChangingEmbedder(0, "e5", 30, 40, is_in_use=False, notice="")
    door.say(change)
    assert window.status.text == "e5 has read 75 % of the library"
    door.say(replace(change, done=40, is_in_use=True))
    assert window.status.text == "Passages are now found with e5"
    door.say(replace(change, notice="“e5” is not installed. Get it."))
    assert window.status.text == "“e5” is not installed. Get it."


def test_it_says_why_the_engine_refuses_to_work(window: MainWindow, door: Any) -> None:
    door.say(Failed(0, "Another program uses the library.", "Close it first."))
    assert window.status.text == "Another program uses the library. Close it first."


def test_from_a_question_to_the_marked_page(window: MainWindow, door: Any) -> None:
    asked_and_quoted(window, door).anchorClicked.emit(QUrl("cite:1"))
    assert window.viewer.pages.page == 7
    (box,) = window.viewer.pages.mark_boxes()
    assert window.viewer.pages.viewport().rect().contains(box.toRect())


def test_a_document_of_the_library_opens_in_the_viewer(
    qtbot: QtBot, window: MainWindow, door: Any
) -> None:
    list_documents(door, ENTRY)
    view = window.library.list_view
    place = view.visualRect(view.model().index(0, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.viewer.pages.isVisible()
    assert window.viewer.pages.page == 1


def test_files_dropped_anywhere_are_added(window: MainWindow, door: Any) -> None:
    veil = window.findChild(DropVeil)
    dragged = drag(["/a/b.pdf", "/c"])
    assert enter(window, dragged).isAccepted()
    assert veil.isVisible()
    drop = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        dragged,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(window, drop)
    assert not veil.isVisible()
    assert door.last(AddPaths).paths == ("/a/b.pdf", "/c")


def test_what_is_no_file_is_not_taken(window: MainWindow) -> None:
    words = QMimeData()
    words.setText("words")
    assert not enter(window, words).isAccepted()


def test_the_samples_are_added_with_a_click_and_bring_questions(
    qtbot: QtBot, window: MainWindow, door: Any
) -> None:
    list_documents(door)
    qtbot.mouseClick(button(window, "Add the sample documents"), Qt.MouseButton.LeftButton)
    assert str(MANUAL) in door.last(AddPaths).paths
    window.shelf.refresh()
    list_documents(door, ENTRY)
    QApplication.processEvents()
    questions = json.loads((ASSETS / "sample_questions.json").read_text(encoding="utf-8"))
    for question in questions:
        assert button(window, question).isVisibleTo(window)


def test_other_documents_bring_no_questions(window: MainWindow, door: Any, tmp_path: Path) -> None:
    path = str(tmp_path / "o.md")
    list_documents(door, DocumentEntry("o", path, "O", Kind.MARKDOWN, State.READY, "", 0, 1, ()))
    assert not any("batteries" in button.text() for button in window.findChildren(QPushButton))


def test_a_lost_engine_is_told_and_heals(window: MainWindow, door: Any) -> None:
    door.die(CRASH)
    assert "has crashed (signal 11)" in window.status.text
    assert "starting again" in window.status.text
    assert door.open_count == 2
    door.say(Ready(0, "SmolLM2", True, ""))
    assert window.status.text == "Ready"


def test_after_too_many_crashes_a_button_starts_the_engine(
    qtbot: QtBot, window: MainWindow, door: Any
) -> None:
    for _ in range(3):
        door.die(CRASH)
    opened = door.open_count
    restart = button(window, "Start the engine again")
    assert restart.isVisible()
    qtbot.mouseClick(restart, Qt.MouseButton.LeftButton)
    assert door.open_count == opened + 1
    assert not restart.isVisible()


def test_the_library_is_asked_for_again_after_a_restart(window: MainWindow, door: Any) -> None:
    door.die(CRASH)
    asked = [sent for sent in door.sent if isinstance(sent, ListDocuments)]
    assert len(asked) == 2


def test_every_action_is_in_a_menu(window: MainWindow) -> None:
    listed = {action for menu in window.menuBar().actions() for action in menu.menu().actions()}
    ours = window.actions_of_window.findChildren(QAction)
    assert [action.text() for action in ours if action not in listed] == []


def test_no_two_actions_share_a_shortcut(window: MainWindow) -> None:
    keys = [
        key.toString()
        for action in window.actions_of_window.findChildren(QAction)
        for key in action.shortcuts()[:1]
    ]
    assert len(keys) == len(set(keys))


def test_everything_one_can_use_has_a_name(window: MainWindow, door: Any) -> None:
    list_documents(door, ENTRY)
    for kind in (QPushButton, QToolButton):
        for widget in window.findChildren(kind):
            if widget.isVisible():
                assert widget.accessibleName() or widget.text(), widget


def test_tab_goes_from_the_library_through_the_answer_to_the_question_and_the_page(
    qtbot: QtBot, window: MainWindow, door: Any
) -> None:
    door.say(Ready(0, "SmolLM2", True, ""))
    list_documents(door, ENTRY)
    answer = asked_and_quoted(window, door)
    window.viewer.show_place(Place.of_citation(CITED))
    stops = tab_around(qtbot, window.library.list_view)
    wanted = (window.library.list_view, answer, window.conversation.composer.box)
    places = [stops.index(widget) for widget in (*wanted, window.viewer.pages)]
    assert places == sorted(places)


def test_a_citation_is_reached_and_opened_by_keyboard_alone(
    qtbot: QtBot, window: MainWindow, door: Any
) -> None:
    door.say(Ready(0, "SmolLM2", True, ""))
    asked_and_quoted(window, door)
    for key in (Qt.Key.Key_Backtab, Qt.Key.Key_Backtab, Qt.Key.Key_Return):
        qtbot.keyClick(QApplication.focusWidget(), key)
    assert window.viewer.pages.page == 7


def asked_and_quoted(window: MainWindow, door: Any) -> QTextBrowser:
    window.conversation.composer.box.setPlainText("How do I care for it?")
    window.conversation.composer.submit()
    request = door.last(Ask).request_id
    door.say(Quoted(request, Quotation("5 Care [1]", (), (CITED,))))
    QApplication.processEvents()
    return next(w for w in window.conversation.findChildren(QTextBrowser) if w.isVisible())


def tab_around(qtbot: QtBot, first: QWidget) -> list[QWidget]:
    """The widgets that Tab visits, from the first one until it comes back to it."""
    first.setFocus()
    stops = []
    while QApplication.focusWidget() not in stops[:1] and len(stops) < 60:
        stops.append(QApplication.focusWidget())
        while QApplication.focusWidget() is stops[-1]:  # the links of a text are stops within it
            qtbot.keyClick(stops[-1], Qt.Key.Key_Tab)
    return stops


class WindowsShown(QObject):
    """Hears of every widget that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.names.append(type(watched).__name__)
        return False


def test_no_part_of_the_window_flashes_up_as_a_window(
    qapp: QApplication, link: Any, theme: Any, qtbot: QtBot, door: Any
) -> None:
    shown = WindowsShown()
    qapp.installEventFilter(shown)
    window = MainWindow(link, theme)
    qtbot.addWidget(window)
    window.show()
    link.open()
    list_documents(door, ENTRY)
    asked_and_quoted(window, door)
    qapp.removeEventFilter(shown)
    assert shown.names == ["MainWindow"]


@pytest.mark.parametrize("scheme", [Qt.ColorScheme.Light, Qt.ColorScheme.Dark])
def test_it_follows_the_systems_colors(window: MainWindow, theme: Any, scheme: Any) -> None:
    theme.follow(scheme)
    ground = window.conversation.grab().toImage().pixelColor(300, 300).lightness()
    assert (ground < 128) == (scheme is Qt.ColorScheme.Dark)


def test_a_very_small_window_still_works(window: MainWindow) -> None:
    window.resize(1, 1)
    QApplication.processEvents()
    assert window.conversation.composer.box.isVisible()

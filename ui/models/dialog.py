"""The window of models: what this computer can run, the right model for it, and all the others."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.drop import dropped_paths
from ui.focus import neighbour
from ui.models.model_list import ModelList
from ui.models.question_bar import QuestionBar
from ui.models.shelf import IMPORTING, ModelShelf
from ui.parts import label
from ui.style import set_look
from ui.tokens import LARGE, MEDIUM

_LOOKING = "Looking at this computer and at the models on it…"
_PURPOSE = (
    "Models come from Hugging Face, or from the address in the settings; nothing of yours is sent"
    " there. What other programs have is used where it lies, without a copy."
)


class ModelsDialog(QDialog):
    """Beside the main window, which stays usable; downloads go on when it is closed."""

    def __init__(self, shelf: ModelShelf, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Models")
        self.setAcceptDrops(True)
        self.resize(740, 780)
        set_look(self, "pane")
        self._shelf = shelf
        self._machine = label("")
        self._problem = label("reason")
        self._question = QuestionBar()
        self._list = ModelList(shelf)
        self._import = QPushButton("Import…")
        self._import.setAutoDefault(False)
        self._busy = label("muted")
        self._lay_out()
        self._connect()
        self._show_state()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(MEDIUM)
        foot.addWidget(self._import)
        foot.addWidget(self._busy, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        column.setSpacing(MEDIUM)
        for part in (self._machine, self._problem, self._question):
            column.addWidget(part)
        column.addWidget(self._list, 1)
        column.addWidget(label("fine", _PURPOSE))
        column.addLayout(foot)

    def _connect(self) -> None:
        menu = QMenu(self)
        menu.addAction("A model's &file…", self._choose_file)
        menu.addAction("A model's f&older…", self._choose_folder)
        self._import.setMenu(menu)
        self._list.asked.connect(self._shelf.act)
        self._list.removal_asked.connect(self._shelf.remove)
        self._shelf.changed.connect(self._show_state)
        self._shelf.imported.connect(self._tell_imported)

    def offer_import(self, paths: Sequence[str]) -> None:
        """Ask how a model is to be taken over; of several, one after the other."""
        if not paths:
            return
        path, *others = paths
        self._shelf.forget_failure(IMPORTING)
        self._show_state()
        self._question.ask(
            f"Import “{Path(path).name}”? It can be used where it lies, or copied into Deskbook's"
            " folder so that it stays when the original goes.",
            {
                "Use it where it lies": lambda: self._import_model(path, others, is_copied=False),
                "Copy it": lambda: self._import_model(path, others, is_copied=True),
            },
            refusal="Cancel",
        )

    def _import_model(self, path: str, others: Sequence[str], *, is_copied: bool) -> None:
        self._shelf.import_model(path, is_copied=is_copied)
        self.offer_import(others)

    def _show_state(self) -> None:
        is_looking = not self._shelf.machine and not self._shelf.unavailable
        self._machine.setText(_LOOKING if is_looking else self._shelf.machine)
        self._machine.setVisible(bool(self._machine.text()))
        importing = self._shelf.standing(IMPORTING)
        problem = importing.failure or self._shelf.unavailable
        self._problem.setText(problem)
        self._problem.setVisible(bool(problem))
        if importing.doing or problem:
            self._busy.setText(importing.doing)

    def _tell_imported(self, path: str) -> None:
        self._busy.setText(f"“{Path(path).name}” is in the list now.")

    def _choose_file(self) -> None:
        path, _ = QFileDialog.getOpenFileName(self, "Import a model", "", "Models (*.gguf)")
        self.offer_import([path] if path else [])

    def _choose_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(self, "Import a model")
        self.offer_import([path] if path else [])

    # --- Qt's events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._shelf.refresh()

    def focusNextPrevChild(self, next: bool) -> bool:
        """From top to bottom as it is read, though what is above may have been made last."""
        found = neighbour((self,), self.focusWidget(), 1 if next else -1)
        if found is None:
            return False
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        found.setFocus(reason)
        self._list.bring_into_sight(found)
        return True

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.offer_import(dropped_paths(event.mimeData()))

"""The window of followed folders: which there are, how they are, and what is left out in them."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QListView,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from ui.actions import Actions
from ui.drop import dropped_paths
from ui.library.delegate import RowDelegate
from ui.library.folder_rows import folder_rows
from ui.library.followed import FollowedShelf, Staying
from ui.library.model import ROW_ROLE, LibraryModel
from ui.library.patterns_editor import PatternsEditor
from ui.library.toast import Toast
from ui.parts import label
from ui.style import set_look
from ui.theme import Theme
from ui.tokens import LARGE, MEDIUM, SMALL

_REFRESH_MS = 2_000  # while it is open; asks nothing of the disk


class FoldersDialog(QDialog):
    """Beside the main window, which stays usable."""

    dropped = Signal(object)  # paths of folders to follow
    removal_asked = Signal(object)  # ids of documents to take out of the library

    def __init__(
        self, shelf: FollowedShelf, actions: Actions, theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Followed folders")
        self.setAcceptDrops(True)
        self.resize(560, 620)
        set_look(self, "pane")
        self._shelf = shelf
        self._model = LibraryModel(self)
        self.list_view = self._make_list(theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list_view)
        self._stack.addWidget(label("muted", _NONE, is_centered=True))
        self._follow = _button("Follow a folder…")
        self._look = _button("Look again")
        self._stop = _button("Stop following")
        self._toast = Toast()
        self._refresh = QTimer(self, interval=_REFRESH_MS)
        self._lay_out()
        self._connect(actions.add_folder)
        self._show_folders()

    def _make_list(self, theme: Theme) -> QListView:
        view = QListView()
        view.setAccessibleName("Followed folders")
        view.setModel(self._model)
        view.setItemDelegate(RowDelegate(theme, view))
        view.setMouseTracking(True)
        view.setUniformItemSizes(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        theme.changed.connect(view.viewport().update)
        return view

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(SMALL)
        for button in (self._follow, self._look, self._stop):
            row.addWidget(button)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        column.setSpacing(MEDIUM)
        column.addWidget(label("muted", _PURPOSE))
        column.addWidget(self._stack, 3)
        column.addLayout(row)
        column.addWidget(PatternsEditor(self._shelf), 2)
        column.addWidget(self._toast)

    def _connect(self, add_folder: QAction) -> None:
        self._follow.clicked.connect(add_folder.trigger)
        self._look.clicked.connect(lambda: self._shelf.look_again(self._chosen()))
        self._stop.clicked.connect(lambda: self._shelf.unfollow(self._chosen()))
        self.list_view.selectionModel().selectionChanged.connect(self._offer_actions)
        self._shelf.changed.connect(self._show_folders)
        self._shelf.failed.connect(self._toast.say)
        self._shelf.done.connect(self._tell)
        self._refresh.timeout.connect(self._refresh_if_seen)

    def _show_folders(self) -> None:
        self._model.replace(folder_rows(self._shelf.folders, time.time()))
        self._stack.setCurrentIndex(0 if self._model.rows else 1)
        self._offer_actions()

    def _chosen(self) -> str:
        """The path of the folder that is selected; empty where none is."""
        indexes = self.list_view.selectionModel().selectedIndexes()
        return str(indexes[0].data(ROW_ROLE).path) if indexes else ""

    def _offer_actions(self) -> None:
        self._stop.setEnabled(bool(self._chosen()))
        self._look.setEnabled(bool(self._model.rows))

    def _tell(self, staying: Staying) -> None:
        if staying.documents:
            self._toast.say(
                staying.words, "Take them out", lambda: self.removal_asked.emit(staying.documents)
            )
        else:
            self._toast.say(staying.words)

    def _refresh_if_seen(self) -> None:
        if self.isVisible():
            self._shelf.refresh()
        else:
            self._refresh.stop()

    # --- Qt's events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._shelf.refresh()
        self._refresh.start()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        self.dropped.emit(dropped_paths(event.mimeData()))


_PURPOSE = (
    "What is new, changed, moved or gone in these folders is so in the library too, while Deskbook"
    " is open. The files themselves are never touched."
)
_NONE = "No folder is followed yet. Drop one here, or press “Follow a folder…”."


def _button(text: str) -> QPushButton:
    button = QPushButton(text)
    button.setAutoDefault(False)
    return button

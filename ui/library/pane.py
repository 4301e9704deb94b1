"""The library pane: the list of documents, what is being added, and how to add more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLabel,
    QListView,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.messages import Added, Adding
from ui.actions import Actions
from ui.library.delegate import RowDelegate
from ui.library.empty import EmptyLibrary
from ui.library.import_strip import ImportStrip
from ui.library.model import ROW_ROLE, LibraryModel
from ui.library.rows import Row
from ui.library.shelf import Shelf
from ui.library.toast import Toast
from ui.parts import header, label
from ui.style import set_look
from ui.theme import Theme
from ui.tokens import LARGE, SMALL, TIGHT
from ui.wording import counted, shortened


class LibraryPane(QWidget):
    """Shows the shelf; says which document was opened."""

    place_opened = Signal(object)  # Place

    def __init__(self, shelf: Shelf, actions: Actions, theme: Theme) -> None:
        super().__init__()
        set_look(self, "pane")
        self._shelf = shelf
        self._model = LibraryModel(self)
        self._count = QLabel()
        self.list_view = self._make_list(theme)
        self._empty = EmptyLibrary(actions)
        self._stack = QStackedWidget()
        self._instead = label("muted", "Opening the library…", is_centered=True)
        self._instead.setMargin(LARGE)
        for view in (self._instead, self._empty, self.list_view):
            self._stack.addWidget(view)
        self._strip = ImportStrip()
        self._toast = Toast()
        self._lay_out(actions)
        self._connect(actions)

    def _make_list(self, theme: Theme) -> QListView:
        view = QListView()
        view.setAccessibleName("Documents in the library")
        view.setMouseTracking(True)
        view.setModel(self._model)
        view.setItemDelegate(RowDelegate(theme, view))
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setUniformItemSizes(True)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        theme.changed.connect(view.viewport().update)
        return view

    def _lay_out(self, actions: Actions) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        title = QLabel("Library")
        set_look(title, "title")
        set_look(self._count, "muted")
        shown = (actions.add_files, actions.add_folder, actions.remove)
        column.addWidget(header((title, self._count), shown))
        column.addWidget(self._stack, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(SMALL, TIGHT, SMALL, SMALL)
        foot.addWidget(self._toast)
        foot.addWidget(self._strip)
        column.addLayout(foot)

    def _connect(self, actions: Actions) -> None:
        self.list_view.clicked.connect(self._open)
        self.list_view.activated.connect(self._open)
        self.list_view.addAction(actions.remove)
        self.list_view.selectionModel().selectionChanged.connect(
            lambda: actions.remove.setEnabled(bool(self._selected()))
        )
        actions.remove.setEnabled(False)
        actions.remove.triggered.connect(lambda: self._shelf.remove(self._selected()))
        self._shelf.changed.connect(self._show_rows)
        self._shelf.unavailable.connect(self._show_instead)
        self._shelf.import_began.connect(self._strip.show_beginning)
        self._shelf.progressed.connect(self._show_progress)
        self._shelf.import_ended.connect(self._strip.show_end)
        self._shelf.removed.connect(self._offer_to_add_back)
        self._shelf.failed.connect(self._toast.say)
        self._strip.stop_asked.connect(self._shelf.stop_import)
        self._strip.pause_asked.connect(self._shelf.pause_import)

    def focus_list(self) -> None:
        """Put the keyboard's focus on the documents."""
        (self.list_view if self._model.rows else self._empty).setFocus()

    def _show_instead(self, sentence: str) -> None:
        """Say why there is no list, unless an older one can stay."""
        if not self._model.rows:
            self._instead.setText(sentence)
            self._stack.setCurrentWidget(self._instead)

    def _show_rows(self, rows: Sequence[Row]) -> None:
        self._model.replace(rows)
        self._stack.setCurrentWidget(self.list_view if rows else self._empty)
        self._count.setText(f"{len(rows):,}" if rows else "")
        self._count.setToolTip(counted(len(rows), "document"))

    def _show_progress(self, event: Adding | Added) -> None:
        self._strip.show_progress(event)
        self._toast.hide()

    def _open(self, index: QModelIndex) -> None:
        row: Row = index.data(ROW_ROLE)
        if row.place is not None:
            self.place_opened.emit(row.place)

    def _selected(self) -> list[Row]:
        return [index.data(ROW_ROLE) for index in self.list_view.selectionModel().selectedIndexes()]

    def _offer_to_add_back(self, rows: Sequence[Row]) -> None:
        what = f"“{shortened(rows[0].title, 40)}”" if len(rows) == 1 else f"{len(rows)} documents"
        paths = [row.path for row in rows]
        self._toast.say(
            f"{what} taken out of the library. The file stays where it is."
            if len(rows) == 1
            else f"{what} taken out of the library. The files stay where they are.",
            "Add back",
            lambda: self._shelf.add(paths),
        )

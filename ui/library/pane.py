"""The library pane: the list of documents, what is being added, and how to add more."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, Signal
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.messages import Added, Adding
from ui.actions import Actions
from ui.library.collection_menu import CollectionMenu
from ui.library.collections import Change
from ui.library.document_list import DocumentList
from ui.library.empty import EmptyLibrary
from ui.library.import_strip import ImportStrip
from ui.library.model import ROW_ROLE, LibraryModel
from ui.library.rows import Row
from ui.library.section_list import SectionList
from ui.library.sections import Choice, Section, sections_of
from ui.library.shelf import Shelf
from ui.library.toast import Toast
from ui.parts import header, label, selectable_label
from ui.style import set_look
from ui.theme import Theme
from ui.tokens import LARGE, SMALL, TIGHT
from ui.wording import counted, shortened

_EMPTY_COLLECTION = (
    "Nothing is in this collection yet. Drag documents onto its name, or drop files here."
)


class LibraryPane(QWidget):
    """Shows the shelf; says which document was opened."""

    place_opened = Signal(object)  # Place
    password_wanted = Signal(str)  # path of the protected file
    asked_about = Signal(object)  # tuple[str, ...]: ids of documents to ask about
    collection_chosen = Signal(str)  # what is looked at, and asked; empty for all of the library

    def __init__(self, shelf: Shelf, actions: Actions, theme: Theme) -> None:
        super().__init__()
        set_look(self, "pane")
        self._shelf = shelf
        self._model = LibraryModel(self)
        self._rows: Sequence[Row] = ()
        self._count = QLabel()
        self.sections = SectionList(theme)
        self._rule = QFrame(frameShape=QFrame.Shape.NoFrame)
        self._rule.setFixedHeight(1)
        set_look(self._rule, "rule")
        for widget in (self.sections, self._rule):
            widget.hide()  # until there is something to choose
        self.list_view = DocumentList(self._model, theme)
        self._empty = EmptyLibrary(actions)
        self._stack = QStackedWidget()
        self._instead = label("muted", "Opening the library…", is_centered=True)
        self._instead.setMargin(LARGE)
        for view in (self._instead, self._empty, self.list_view):
            self._stack.addWidget(view)
        self._strip = ImportStrip()
        self._toast = Toast()
        self._reason = selectable_label("reason")
        self._reason.hide()
        self._lay_out(actions)
        self._collection_menu = CollectionMenu(
            shelf.collections, self.sections, actions, self.list_view.selected, self
        )
        self._connect(actions)

    def _lay_out(self, actions: Actions) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        title = QLabel("Library")
        set_look(title, "title")
        set_look(self._count, "muted")
        adding = (actions.add_files, actions.add_folder)
        arranging = (actions.new_collection, actions.followed_folders)
        column.addWidget(header((title, self._count), (*adding, *arranging)))
        column.addWidget(self.sections)
        column.addWidget(self._rule)
        column.addWidget(self._stack, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(SMALL, TIGHT, SMALL, SMALL)
        foot.setSpacing(SMALL)
        foot.addWidget(self._reason)
        foot.addWidget(self._toast)
        foot.addWidget(self._strip)
        column.addLayout(foot)

    def _connect(self, actions: Actions) -> None:
        self.list_view.clicked.connect(self._open)
        self.list_view.activated.connect(self._open)
        self.list_view.addAction(actions.remove)
        self.list_view.customContextMenuRequested.connect(
            lambda place: self._show_menu(place, actions)
        )
        self.list_view.selectionModel().selectionChanged.connect(
            lambda: self._offer_actions(actions)
        )
        self._offer_actions(actions)
        actions.remove.triggered.connect(lambda: self._shelf.remove(self.list_view.selected()))
        actions.ask_about_selected.triggered.connect(self._ask_about)
        self._shelf.changed.connect(self._take_rows)
        self._connect_sections()
        self._shelf.unavailable.connect(self._show_instead)
        self._shelf.import_began.connect(self._strip.show_beginning)
        self._shelf.progressed.connect(self._show_progress)
        self._shelf.import_ended.connect(self._strip.show_end)
        self._shelf.removed.connect(self._offer_to_add_back)
        self._shelf.failed.connect(self._toast.say)
        self._strip.stop_asked.connect(self._shelf.stop_import)
        self._strip.pause_asked.connect(self._shelf.pause_import)

    def _connect_sections(self) -> None:
        collections = self._shelf.collections
        collections.changed.connect(self._show_sections)
        collections.renamed.connect(self._follow_name)
        collections.failed.connect(self._toast.say)
        collections.done.connect(self._offer_undo)
        self.sections.chosen.connect(self._show_chosen)
        model = self.sections.sections
        model.documents_dropped.connect(collections.put_in)
        model.files_dropped.connect(lambda name, paths: self._shelf.add(paths, name))

    def choose_all(self) -> None:
        """Look at all of the library."""
        self.sections.choose((str(Choice.ALL), ""))

    def offer_password(self, words: str, path: str) -> None:
        """Say that files ask for a password, with a button to enter that of the first."""
        self._toast.say(words, "Enter it", lambda: self.password_wanted.emit(path))

    def show_failure(self, sentence: str) -> None:
        """Say what went wrong with something that the library was asked for."""
        self._toast.say(sentence)

    def focus_list(self) -> None:
        """Put the keyboard's focus on the documents."""
        (self.list_view if self._model.rows else self._empty).setFocus()

    def _show_instead(self, sentence: str) -> None:
        """Say why there is no list, unless an older one can stay."""
        if not self._model.rows:
            self._instead.setText(sentence)
            self._stack.setCurrentWidget(self._instead)

    def _take_rows(self, rows: Sequence[Row]) -> None:
        self._rows = rows
        self._count.setText(f"{len(rows):,}" if rows else "")
        self._count.setToolTip(counted(len(rows), "document"))
        self._show_sections()
        self._show_rows()
        self._show_reason()  # it may be mended by now

    def _show_sections(self) -> None:
        entries = self._shelf.collections.entries
        sections = sections_of(self._rows, entries)
        # One section alone is no choice, and says what the heading says.
        self.sections.setVisible(len(sections) > 1)
        self._rule.setVisible(len(sections) > 1)
        self.sections.show_sections(sections)

    def _show_chosen(self, section: Section) -> None:
        self._shelf.collection = section.collection
        self._model.show([row for row in self._rows if section.holds(row)])
        self._show_rows()
        self.collection_chosen.emit(section.collection)

    def _show_rows(self) -> None:
        section = self.sections.current
        shown = [row for row in self._rows if section.holds(row)]
        self._model.replace(shown)
        if shown:
            self._stack.setCurrentWidget(self.list_view)
        elif section.choice is Choice.COLLECTION:
            self._instead.setText(_EMPTY_COLLECTION)
            self._stack.setCurrentWidget(self._instead)
        else:
            self._stack.setCurrentWidget(self._empty)

    def _follow_name(self, name: str, new_name: str) -> None:
        if self.sections.current.key == (Choice.COLLECTION, name):
            self.sections.choose((str(Choice.COLLECTION), new_name))

    def _offer_actions(self, actions: Actions) -> None:
        selected = self.list_view.selected()
        actions.remove.setEnabled(bool(selected))
        actions.ask_about_selected.setEnabled(any(row.document for row in selected))
        self._collection_menu.offer()
        self._show_reason()

    def _ask_about(self) -> None:
        documents = tuple(row.document for row in self.list_view.selected() if row.document)
        self.asked_about.emit(documents)

    def _show_reason(self) -> None:
        """What is amiss with the one document that is selected."""
        selected = self.list_view.selected()
        reason = selected[0].reason if len(selected) == 1 else ""
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))

    def _offer_undo(self, change: Change) -> None:
        self._toast.say(change.words, "Undo", change.undo)

    def _show_menu(self, place: QPoint, actions: Actions) -> None:
        """What can be done with the selected documents."""
        if not self.list_view.selected():
            return
        menu = QMenu(self)
        menu.addAction(actions.ask_about_selected)
        menu.addSeparator()
        put_into = menu.addMenu("Put into")
        self._collection_menu.fill(put_into)
        if self.sections.current.choice is Choice.COLLECTION:
            menu.addAction(actions.take_out)
        menu.addSeparator()
        menu.addAction(actions.remove)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.list_view.viewport().mapToGlobal(place))

    def _show_progress(self, event: Adding | Added) -> None:
        self._strip.show_progress(event)
        self._toast.hide()

    def _open(self, index: QModelIndex) -> None:
        row: Row = index.data(ROW_ROLE)
        if row.asks_password:
            self.password_wanted.emit(row.path)
        elif row.place is not None:
            self.place_opened.emit(row.place)

    def _offer_to_add_back(self, rows: Sequence[Row]) -> None:
        what = f"“{shortened(rows[0].title, 40)}”" if len(rows) == 1 else f"{len(rows)} documents"
        self._toast.say(
            f"{what} taken out of the library. The file stays where it is."
            if len(rows) == 1
            else f"{what} taken out of the library. The files stay where they are.",
            "Add back",
            lambda: self._shelf.add_back(rows),
        )

"""What can be done with collections from menus: made, renamed, deleted, and documents put in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog, QMenu, QWidget

from ui.actions import Actions
from ui.library.collections import CollectionShelf
from ui.library.rows import Row
from ui.library.section_list import SectionList
from ui.library.sections import Choice


class CollectionMenu(QObject):
    """Carries the actions out on the chosen section and the selected documents."""

    def __init__(
        self,
        collections: CollectionShelf,
        sections: SectionList,
        actions: Actions,
        selected: Callable[[], Sequence[Row]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._collections = collections
        self._sections = sections
        self._actions = actions
        self._selected = selected
        actions.new_collection.triggered.connect(lambda: self.ask_for_new())
        actions.rename_collection.triggered.connect(self._ask_for_other_name)
        actions.delete_collection.triggered.connect(self._delete)
        actions.take_out.triggered.connect(self._take_out)
        actions.put_into_menu.aboutToShow.connect(lambda: self.fill(actions.put_into_menu))
        sections.chosen.connect(self.offer)

    @property
    def chosen(self) -> str:
        """The collection that is looked at; empty where it is none."""
        section = self._sections.current
        return section.collection if section.choice is Choice.COLLECTION else ""

    def offer(self) -> None:
        """Enable what can be done just now."""
        self._actions.rename_collection.setEnabled(bool(self.chosen))
        self._actions.delete_collection.setEnabled(bool(self.chosen))
        has_documents = bool(self._documents())
        self._actions.take_out.setEnabled(bool(self.chosen) and has_documents)
        self._actions.put_into_menu.setEnabled(has_documents)

    def fill(self, menu: QMenu) -> None:
        """One line for each collection that the selected documents can go to, and a new one."""
        menu.clear()
        documents = self._documents()
        for name in self._collections.names:
            if name != self.chosen:
                action = menu.addAction(name.replace("&", "&&"))
                action.triggered.connect(
                    lambda _, name=name: self._collections.put_in(name, documents)
                )
        menu.addSeparator()
        menu.addAction("New collection…").triggered.connect(lambda: self.ask_for_new(documents))

    def ask_for_new(self, documents: Sequence[str] = ()) -> None:
        """Ask for a name, and make a collection with these documents."""
        dialog = self._dialog("New collection", "Name of the new collection:")
        dialog.textValueSelected.connect(lambda name: self._collections.make(name, documents))
        dialog.open()

    def _ask_for_other_name(self) -> None:
        name = self.chosen
        dialog = self._dialog("Rename the collection", f"New name of “{name}”:", name)
        dialog.textValueSelected.connect(lambda other: self._collections.rename(name, other))
        dialog.open()

    def _delete(self) -> None:
        self._collections.delete(self.chosen)

    def _take_out(self) -> None:
        self._collections.take_out(self.chosen, self._documents())

    def _documents(self) -> list[str]:
        return [row.document for row in self._selected() if row.document]

    def _dialog(self, title: str, words: str, text: str = "") -> QInputDialog:
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(title)
        dialog.setLabelText(words)
        dialog.setTextValue(text)
        dialog.finished.connect(dialog.deleteLater)
        return dialog

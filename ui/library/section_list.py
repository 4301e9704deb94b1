"""The list of sections above the documents, of which one is always chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QListView

from ui.library.section_delegate import SectionDelegate
from ui.library.section_model import SECTION_ROLE, SectionModel
from ui.library.sections import Choice, Section
from ui.theme import Theme
from ui.tokens import TIGHT

_MOST_ROWS = 6  # more are scrolled


class SectionList(QListView):
    """Shows the sections; one of them is always chosen."""

    chosen = Signal(object)  # Section

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._model = SectionModel(self)
        self._key = (str(Choice.ALL), "")
        self.setModel(self._model)
        self.setAccessibleName("Parts of the library")
        self.setItemDelegate(SectionDelegate(theme, self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DropOnly)
        self.setDragDropOverwriteMode(True)  # onto a line, never between two
        self.selectionModel().currentChanged.connect(self._choose)
        theme.changed.connect(self.viewport().update)

    @property
    def sections(self) -> SectionModel:
        """The model that is shown."""
        return self._model

    @property
    def current(self) -> Section:
        """The section that is chosen."""
        for section in self._model.sections:
            if section.key == self._key:
                return section
        return Section(Choice.ALL, "", 0)

    def show_sections(self, sections: Sequence[Section]) -> None:
        """Show these; the choice stays, or goes back to all where it is gone."""
        before = self.current
        with QSignalBlocker(self.selectionModel()):
            self._model.replace(sections)
            self._mark_current()
        self._fit()
        if self.current.key != before.key:
            self._key = self.current.key
            self.chosen.emit(self.current)

    def choose(self, key: tuple[str, str]) -> None:
        """Choose a section by its key, now or when it comes."""
        self._key = key
        with QSignalBlocker(self.selectionModel()):
            self._mark_current()
        self.chosen.emit(self.current)

    def _choose(self, index: QModelIndex) -> None:
        section: Section | None = index.data(SECTION_ROLE)
        if section is not None and section.key != self._key:
            self._key = section.key
            self.chosen.emit(section)

    def _mark_current(self) -> None:
        for row, section in enumerate(self._model.sections):
            if section.key == self.current.key:
                self.setCurrentIndex(self._model.index(row))
                self.scrollTo(self._model.index(row))
                self.viewport().update()

    def _fit(self) -> None:
        rows = min(self._model.rowCount(), _MOST_ROWS)
        self.setFixedHeight(rows * self.sizeHintForRow(0) + 2 * TIGHT if rows else 0)
        self.setViewportMargins(0, TIGHT, 0, TIGHT)

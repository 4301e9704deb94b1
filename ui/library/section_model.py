"""The sections as a Qt model, and what becomes of documents and files dropped on one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from ui.drop import dropped_paths
from ui.library.dragging import DOCUMENTS, dragged_documents
from ui.library.sections import Choice, Section

SECTION_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_Index = QModelIndex | QPersistentModelIndex


class SectionModel(QAbstractListModel):
    """The sections, in order."""

    documents_dropped = Signal(str, object)  # the collection, and the ids of documents
    files_dropped = Signal(str, object)  # the collection or nothing, and the paths

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sections: list[Section] = []

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self._sections)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        section = self._sections[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole:
                return section.title
            case Qt.ItemDataRole.AccessibleTextRole:
                return section.spoken
        return section if role == SECTION_ROLE else None

    @property
    def sections(self) -> Sequence[Section]:
        """All sections, in order."""
        return self._sections

    def replace(self, sections: Sequence[Section]) -> None:
        """Make these the sections; where only counts differ, nothing moves."""
        if [each.key for each in sections] == [each.key for each in self._sections]:
            self._sections = list(sections)
            if sections:
                self.dataChanged.emit(self.index(0), self.index(len(sections) - 1))
            return
        self.beginResetModel()
        self._sections = list(sections)
        self.endResetModel()

    # --- what is dropped

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDropEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction

    def mimeTypes(self) -> list[str]:
        return [DOCUMENTS, "text/uri-list"]

    def canDropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index
    ) -> bool:
        section: Section | None = parent.data(SECTION_ROLE)
        if section is None:
            return False
        is_collection = section.choice is Choice.COLLECTION
        return (is_collection and data.hasFormat(DOCUMENTS)) or bool(dropped_paths(data))

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: _Index
    ) -> bool:
        if not self.canDropMimeData(data, action, row, column, parent):
            return False
        section: Section = parent.data(SECTION_ROLE)
        if data.hasFormat(DOCUMENTS):
            self.documents_dropped.emit(section.collection, dragged_documents(data))
        else:
            self.files_dropped.emit(section.collection, dropped_paths(data))
        return True

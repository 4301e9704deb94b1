"""The library's lines as a Qt model: rows come and go, the rest stays selected and in place."""

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
)

from ui.library.dragging import carry_documents
from ui.library.rows import Row

ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_Index = QModelIndex | QPersistentModelIndex


class LibraryModel(QAbstractListModel):
    """Rows in their order; `replace` changes only what differs."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.title
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(filter(None, (row.title, row.path, row.reason)))
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.title}, {row.detail}"
        return row if role == ROW_ROLE else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        rows = [self._rows[index.row()] for index in indexes]
        return carry_documents([row.document for row in rows if row.document])

    @property
    def rows(self) -> Sequence[Row]:
        """All rows, in order."""
        return self._rows

    def show(self, rows: Sequence[Row]) -> None:
        """Show other rows altogether; nothing stays selected or in place."""
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def replace(self, rows: Sequence[Row]) -> None:
        """Make these the rows; both they and the present ones are sorted by `Row.order`."""
        self._remove_absent({row.order for row in rows})
        position = 0
        while position < len(rows):
            run = self._run_of_new(rows, position)
            if run:
                self._insert(position, rows[position : position + run])
            elif self._differs(position, rows[position]):
                self._change(position, rows[position])
            position += run or 1

    def _differs(self, position: int, row: Row) -> bool:
        present = self._rows[position]
        return present is not row and present != row

    def _remove_absent(self, wanted: set[tuple[str, str]]) -> None:
        for position in range(len(self._rows) - 1, -1, -1):
            if self._rows[position].order not in wanted:
                self.beginRemoveRows(QModelIndex(), position, position)
                del self._rows[position]
                self.endRemoveRows()

    def _run_of_new(self, rows: Sequence[Row], position: int) -> int:
        """How many of `rows` from `position` on come before the present row there."""
        if position >= len(self._rows):
            return len(rows) - position
        present = self._rows[position].order
        end = position
        while end < len(rows) and rows[end].order != present:
            end += 1
        return end - position

    def _insert(self, position: int, rows: Sequence[Row]) -> None:
        self.beginInsertRows(QModelIndex(), position, position + len(rows) - 1)
        self._rows[position:position] = rows
        self.endInsertRows()

    def _change(self, position: int, row: Row) -> None:
        self._rows[position] = row
        index = self.index(position)
        self.dataChanged.emit(index, index)

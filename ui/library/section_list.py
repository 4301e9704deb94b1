"""The list of sections above the documents: one is chosen; documents and files can be dropped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ui.drop import dropped_paths
from ui.library.dragging import DOCUMENTS, dragged_documents
from ui.library.sections import Choice, Section
from ui.theme import Theme
from ui.tokens import MEDIUM, RADIUS, SMALL, TIGHT, Colors

SECTION_ROLE = int(Qt.ItemDataRole.UserRole) + 1
_Index = QModelIndex | QPersistentModelIndex
_MOST_ROWS = 6  # more are scrolled


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


class SectionList(QListView):
    """Shows the sections; one of them is always chosen."""

    chosen = Signal(object)  # Section

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._model = SectionModel(self)
        self._key = (str(Choice.ALL), "")
        self.setModel(self._model)
        self.setAccessibleName("Parts of the library")
        self.setItemDelegate(_SectionDelegate(theme, self))
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


class _SectionDelegate(QStyledItemDelegate):
    """Paints a section's title at the left and its count at the right."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(0, QFontMetrics(option.font).height() + SMALL + TIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        section: Section = index.data(SECTION_ROLE)
        colors = self._theme.colors
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _paint_ground(painter, option, colors)
        is_chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        is_bad = section.choice is Choice.PROBLEMS
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold if is_chosen else QFont.Weight.Normal)
        painter.setFont(font)
        inner = option.rect.adjusted(MEDIUM + TIGHT, 0, -MEDIUM - TIGHT, 0)
        count = f"{section.count:,}"
        width = QFontMetrics(font).horizontalAdvance(count)
        painter.setPen(QColor(colors.bad if is_bad else colors.muted))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(inner, right, count)
        painter.setPen(QColor(_title_color(colors, is_chosen=is_chosen, is_bad=is_bad)))
        words = inner.adjusted(0, 0, -width - SMALL, 0)
        _paint_title(painter, words, section.title, font)
        painter.restore()


def _title_color(colors: Colors, *, is_chosen: bool, is_bad: bool) -> str:
    if is_bad:
        return colors.bad
    return colors.accent if is_chosen else colors.text


def _paint_title(painter: QPainter, box: QRect, title: str, font: QFont) -> None:
    shown = QFontMetrics(font).elidedText(title, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _paint_ground(painter: QPainter, option: QStyleOptionViewItem, colors: Colors) -> None:
    ground = option.rect.adjusted(TIGHT, 1, -TIGHT, -1)
    painter.setPen(Qt.PenStyle.NoPen)
    if option.state & QStyle.StateFlag.State_Selected:
        painter.setBrush(QColor(colors.accent_tint))
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(QColor(colors.raised))
    else:
        return
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QPen(QColor(colors.accent), 1))
    painter.drawRoundedRect(ground, RADIUS, RADIUS)

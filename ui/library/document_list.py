"""The list of documents: lines are selected, opened, and dragged onto collections."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QDrag, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QListView

from ui.library.delegate import RowDelegate
from ui.library.dragging import carry_documents
from ui.library.model import ROW_ROLE, LibraryModel
from ui.library.rows import Row
from ui.theme import Theme
from ui.tokens import MEDIUM, RADIUS, SMALL
from ui.wording import counted, shortened

_BESIDE = QPoint(-MEDIUM, -MEDIUM)  # what is dragged hangs below the pointer and hides no target


class DocumentList(QListView):
    """Shows the library's lines."""

    def __init__(self, model: LibraryModel, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Documents in the library")
        self.setMouseTracking(True)
        self.setModel(model)
        self.setItemDelegate(RowDelegate(theme, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        theme.changed.connect(self.viewport().update)

    def selected(self) -> list[Row]:
        """The lines that are selected."""
        return [index.data(ROW_ROLE) for index in self.selectionModel().selectedIndexes()]

    def startDrag(self, supportedActions: Qt.DropAction) -> None:
        rows = [row for row in self.selected() if row.document]
        if not rows:
            return
        drag = QDrag(self)
        drag.setMimeData(carry_documents([row.document for row in rows]))
        drag.setPixmap(self._picture(rows))
        drag.setHotSpot(_BESIDE)
        drag.exec(Qt.DropAction.CopyAction)

    def _picture(self, rows: Sequence[Row]) -> QPixmap:
        """A small label: the title of one document, the number of several."""
        one = len(rows) == 1
        words = shortened(rows[0].title, 30) if one else counted(len(rows), "document")
        metrics = self.fontMetrics()
        size = QSize(metrics.horizontalAdvance(words) + 2 * MEDIUM, metrics.height() + SMALL)
        picture = QPixmap(size * self.devicePixelRatioF())
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.colors.accent))
        painter.drawRoundedRect(QRect(QPoint(0, 0), size), RADIUS, RADIUS)
        painter.setPen(QColor(self._theme.colors.on_accent))
        painter.setFont(self.font())
        painter.drawText(QRect(QPoint(0, 0), size), Qt.AlignmentFlag.AlignCenter, words)
        painter.end()
        return picture

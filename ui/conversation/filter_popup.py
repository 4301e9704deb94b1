"""The popup in which a question is kept to kinds of documents, a folder, days or documents."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QDate, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from rag.types import EVERYWHERE, Kind
from ui.conversation.day_field import DayField
from ui.conversation.document_field import DocumentField
from ui.conversation.scope_choice import ScopeChoice
from ui.conversation.scope_words import KIND_NAMES
from ui.flow_layout import FlowLayout
from ui.parts import label, toggle_button
from ui.style import set_look
from ui.tokens import MEDIUM, SMALL, TIGHT
from ui.wording import counted

_WIDTH = 320
_ROOM = 32  # pixels: a line of chips


class FilterPopup(QFrame):
    """Made for one opening; each change counts at once."""

    def __init__(self, choice: ScopeChoice, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        set_look(self, "card")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Keep the question to a part of the library")
        self._choice = choice
        self.setFixedWidth(_WIDTH)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MEDIUM, MEDIUM, MEDIUM, MEDIUM)
        self._column.setSpacing(TIGHT)
        self._add_kinds()
        self._add_folder()
        self._add_days()
        self._add_documents()
        clear = QPushButton("Ask the whole library")
        set_look(clear, "link")
        clear.clicked.connect(self._clear)
        self._column.addSpacing(SMALL)
        self._column.addWidget(clear, 0, Qt.AlignmentFlag.AlignLeft)

    def open_above(self, composer: QWidget) -> None:
        """Show it over the composer, its first field in focus; there is room for chips to come."""
        self.adjustSize()
        corner = composer.mapToGlobal(QPoint(0, -self.height() - _ROOM))
        bounds = composer.screen().availableGeometry()
        corner.setX(max(bounds.left(), min(corner.x(), bounds.right() - self.width())))
        corner.setY(max(bounds.top(), corner.y()))
        self.move(corner)
        self.show()
        self.focusNextChild()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _add_kinds(self) -> None:
        counts = Counter(entry.kind for entry in self._choice.documents)
        if not counts:
            return
        self._column.addWidget(label("caption", "Kind"))
        row = FlowLayout(TIGHT)
        for kind in (kind for kind in Kind if kind in counts):
            row.addWidget(self._kind_button(kind, counts[kind]))
        self._column.addLayout(row)

    def _kind_button(self, kind: Kind, count: int) -> QToolButton:
        button = toggle_button(KIND_NAMES[kind], is_on=kind in self._choice.scope.kinds)
        button.setToolTip(counted(count, "document"))
        button.setAccessibleName(f"Keep to the kind {KIND_NAMES[kind]}")
        button.toggled.connect(lambda is_chosen: self._choose_kind(kind, is_chosen))
        return button

    def _choose_kind(self, kind: Kind, is_chosen: bool) -> None:
        others = tuple(each for each in self._choice.scope.kinds if each is not kind)
        kinds = (*others, kind) if is_chosen else others
        self._choice.choose(replace(self._choice.scope, kinds=kinds))

    def _add_folder(self) -> None:
        folders = _folders(entry.path for entry in self._choice.documents)
        chosen = self._choice.scope.folder
        self._column.addSpacing(SMALL)
        self._column.addWidget(label("caption", "Folder"))
        box = QComboBox()
        box.setAccessibleName("Folder")
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.addItem("Any folder", "")
        for folder in sorted({*folders, *filter(None, [chosen])}):
            box.addItem(_short_path(folder), folder)
            box.setItemData(box.count() - 1, folder, Qt.ItemDataRole.ToolTipRole)
        box.setCurrentIndex(box.findData(chosen))
        box.activated.connect(
            lambda: self._choice.choose(replace(self._choice.scope, folder=box.currentData()))
        )
        self._column.addWidget(box)

    def _add_days(self) -> None:
        self._column.addSpacing(SMALL)
        self._column.addWidget(label("caption", "Last changed"))
        scope, today = self._choice.scope, QDate.currentDate()
        since = DayField("Since", scope.modified_from, today.addMonths(-1))
        until = DayField("Until", scope.modified_until, today)
        since.changed.connect(
            lambda day: self._choice.choose(replace(self._choice.scope, modified_from=day))
        )
        until.changed.connect(
            lambda day: self._choice.choose(replace(self._choice.scope, modified_until=day))
        )
        since.changed.connect(until.keep_after)
        until.keep_after(scope.modified_from)
        for field in (since, until):
            self._column.addWidget(field)

    def _add_documents(self) -> None:
        self._column.addSpacing(SMALL)
        self._column.addWidget(label("caption", "Documents"))
        field = DocumentField(self._choice.documents)
        field.chosen.connect(self._choose_document)
        self._column.addWidget(field)

    def _choose_document(self, document: str) -> None:
        scope = self._choice.scope
        documents = tuple(dict.fromkeys((*scope.documents, document)))
        self._choice.choose(replace(scope, documents=documents))

    def _clear(self) -> None:
        self._choice.choose(EVERYWHERE)
        self.close()


def _folders(paths: Iterable[str]) -> set[str]:
    """The folders that documents lie in, and the nearest that holds them all."""
    folders = {os.path.dirname(path) for path in paths}
    try:
        return folders | {os.path.commonpath(folders)} if folders else folders
    except ValueError:  # on several drives
        return folders


def _short_path(folder: str) -> str:
    home = str(Path.home())
    is_below = folder == home or folder.startswith(home + os.sep)
    return f"~{folder[len(home) :]}" if is_below else folder

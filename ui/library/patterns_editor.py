"""Where the person reads and changes what is left out: in all followed folders, or in one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from ui.library.followed import FollowedShelf
from ui.parts import label
from ui.style import set_look
from ui.tokens import TIGHT

_EVERYWHERE = "in all followed folders"


class PatternsEditor(QWidget):
    """A pattern on each line; nothing changes before Save."""

    def __init__(self, shelf: FollowedShelf) -> None:
        super().__init__()
        self._shelf = shelf
        self._shown_for = ""  # path of the folder whose lines are shown
        self._place = QComboBox()
        self._place.setAccessibleName("Where these are left out")
        self._lines = QPlainTextEdit()
        self._lines.setAccessibleName("Patterns of what is left out, one on each line")
        self._lines.setTabChangesFocus(True)
        set_look(self._lines, "lines")
        self._save = QPushButton("Save")
        self._save.setEnabled(False)
        self._save.setAccessibleName("Save what is left out")
        self._lay_out()
        self._place.currentIndexChanged.connect(self._show_lines)
        self._lines.textChanged.connect(self._offer_to_save)
        self._save.clicked.connect(self._set)
        shelf.changed.connect(self._show_places)
        self._show_places()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        title = QLabel("Left out")
        set_look(title, "title")
        top.addWidget(title)
        top.addWidget(self._place, 1)
        foot = QHBoxLayout()
        words = "*.log files · drafts/ folders · /old/*.docx only at the top · !keep.log after all"
        foot.addWidget(label("fine", words), 1)
        foot.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(TIGHT)
        column.addLayout(top)
        column.addWidget(self._lines, 1)
        column.addLayout(foot)

    @property
    def _path(self) -> str:
        return str(self._place.currentData() or "")

    def _show_places(self) -> None:
        """What is being written stays, unless its folder is followed no longer."""
        wanted = [("", _EVERYWHERE)]
        wanted += [(f.path, f"in {Path(f.path).name} as well") for f in self._shelf.folders]
        if self._places() != wanted:
            chosen = self._path
            self._place.blockSignals(True)
            self._place.clear()
            for path, words in wanted:
                self._place.addItem(words, path)
            self._place.setCurrentIndex(max(0, self._place.findData(chosen)))
            self._place.blockSignals(False)
        if not self._save.isEnabled() or self._shown_for != self._path:
            self._show_lines()
        else:
            self._offer_to_save()  # it may have been saved just now

    def _places(self) -> list[tuple[str, str]]:
        rows = range(self._place.count())
        return [(self._place.itemData(row), self._place.itemText(row)) for row in rows]

    def _show_lines(self) -> None:
        self._shown_for = self._path
        self._lines.setPlainText("\n".join(self._shelf.patterns(self._path)))
        self._offer_to_save()

    def _written(self) -> Sequence[str]:
        lines = self._lines.toPlainText().splitlines()
        return tuple(line.strip() for line in lines if line.strip())

    def _offer_to_save(self) -> None:
        self._save.setEnabled(self._written() != self._shelf.patterns(self._path))

    def _set(self) -> None:
        self._shelf.set_patterns(self._path, self._written())

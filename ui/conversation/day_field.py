"""A day that may be chosen or left open."""

from __future__ import annotations

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QDateEdit, QHBoxLayout, QWidget

from ui.parts import toggle_button
from ui.tokens import SMALL


class DayField(QWidget):
    """A button to press, and the day that then counts."""

    changed = Signal(str)  # as 2026-01-31; empty for any day

    def __init__(self, name: str, day: str, offered: QDate) -> None:
        """`day` as 2026-01-31, empty for any; `offered` is there once it is pressed."""
        super().__init__()
        self._box = toggle_button(name, is_on=bool(day))
        chosen = QDate.fromString(day, Qt.DateFormat.ISODate)
        self._edit = QDateEdit(chosen if chosen.isValid() else offered)
        self._edit.setCalendarPopup(True)
        self._edit.setDisplayFormat("yyyy-MM-dd")
        self._edit.setAccessibleName(f"{name} this day")
        self._box.setAccessibleName(f"Last changed {name.lower()} a day")
        self._edit.setEnabled(bool(day))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SMALL)
        row.addWidget(self._box)
        row.addWidget(self._edit, 1)
        self._box.toggled.connect(self._edit.setEnabled)
        self._box.toggled.connect(self._tell)
        self._edit.dateChanged.connect(self._tell)

    def keep_after(self, day: str) -> None:
        """Offer no day before this one; any where it is empty."""
        if day:
            self._edit.setMinimumDate(QDate.fromString(day, Qt.DateFormat.ISODate))
        else:
            self._edit.clearMinimumDate()

    def _tell(self) -> None:
        day = self._edit.date().toString(Qt.DateFormat.ISODate)
        self.changed.emit(day if self._box.isChecked() else "")

"""What the next question is kept to, as chips: a click takes one away."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from ui.conversation.scope_choice import ScopeChoice
from ui.conversation.scope_words import ScopePart, scope_parts
from ui.flow_layout import FlowLayout
from ui.style import set_look
from ui.tokens import TIGHT


class ScopeChips(QWidget):
    """A chip for each part of the scope."""

    dropped = Signal()  # a person took a part away

    def __init__(self, choice: ScopeChoice) -> None:
        super().__init__()
        self._choice = choice
        self._row = FlowLayout(TIGHT)
        self.setLayout(self._row)
        choice.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show the scope as it is."""
        while (item := self._row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.setParent(None)  # at once: until it is deleted it would be in the way
                widget.deleteLater()
        for part in scope_parts(self._choice.scope, self._choice.titles):
            self._row.addWidget(self._chip(part))
        self.updateGeometry()

    def _drop(self, part: ScopePart) -> None:
        self._choice.choose(part.rest)
        self.dropped.emit()

    def _chip(self, part: ScopePart) -> QToolButton:
        chip = QToolButton()
        chip.setText(f"{part.words}  ✕".replace("&", "&&"))
        chip.setToolTip(f"Asked within “{part.whole}” alone. Click to keep to it no longer.")
        chip.setAccessibleName(f"Asked within {part.whole}; keep to it no longer")
        chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        chip.clicked.connect(lambda: self._drop(part))
        set_look(chip, "chip")
        return chip

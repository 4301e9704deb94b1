"""Small widgets that several panes are made of: labels in a look, buttons for actions, headers."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from ui.style import set_look
from ui.tokens import HAIR, MEDIUM, SMALL, TIGHT

_ICON = QSize(20, 20)
_HEADER_HEIGHT = 52  # room for two lines, and the same in all panes


def label(look: str, text: str = "", *, is_centered: bool = False) -> QLabel:
    """Plain text that wraps, in one of the style sheet's looks."""
    made = QLabel(text, wordWrap=True, textFormat=Qt.TextFormat.PlainText)
    if is_centered:
        made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    set_look(made, look)
    return made


def selectable_label(look: str, text: str = "") -> QLabel:
    """The same, for words that a person may want to copy."""
    made = label(look, text)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def tool_button(action: QAction) -> QToolButton:
    """A button with an action's icon; reached by Tab."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(_ICON)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def toggle_button(text: str, *, is_on: bool) -> QToolButton:
    """A button that stays pressed; reached by Tab."""
    button = QToolButton()
    button.setText(text.replace("&", "&&"))
    button.setCheckable(True)
    button.setChecked(is_on)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    set_look(button, "toggle")
    return button


def two_lines(first: QWidget, second: QWidget) -> QWidget:
    """One widget over another, for a header that says two things."""
    made = QWidget()
    made.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(HAIR)
    column.addWidget(first)
    column.addWidget(second)
    return made


def header(left: Iterable[QWidget], actions: Iterable[QAction]) -> QWidget:
    """The line on top of a pane: words at the left, buttons for actions at the right."""
    made = QWidget()
    set_look(made, "header")
    made.setMinimumHeight(_HEADER_HEIGHT)
    row = QHBoxLayout(made)
    row.setContentsMargins(MEDIUM, TIGHT, SMALL, TIGHT)
    row.setSpacing(HAIR)
    for widget in left:
        is_greedy = widget.sizePolicy().horizontalPolicy() is widget.sizePolicy().Policy.Ignored
        row.addWidget(widget, int(is_greedy))
        row.addSpacing(SMALL)
    row.addStretch(0 if any(row.stretch(at) for at in range(row.count())) else 1)
    for action in actions:
        row.addWidget(tool_button(action))
    return made

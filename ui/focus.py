"""The order in which Tab visits the window: pane by pane, each from top to bottom.

Qt's own order is that of the widgets' making, and answers are made after the box that asks for
them; so the order is read off the screen each time.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QWidget

_ROW = 14  # pixels: widgets whose middles are nearer than this stand in one row


def reading_order(panes: Sequence[QWidget]) -> list[QWidget]:
    """The widgets that Tab visits, in order."""
    return [widget for pane in panes for row in _rows(pane) for widget in row]


def neighbour(panes: Sequence[QWidget], current: QWidget | None, step: int) -> QWidget | None:
    """The widget `step` places (1 or -1) from the current one, around the end to the beginning."""
    order = reading_order(panes)
    if not order:
        return None
    if current not in order:
        return order[0 if step > 0 else -1]
    return order[(order.index(current) + step) % len(order)]


def _rows(pane: QWidget) -> list[list[QWidget]]:
    rows: list[list[QWidget]] = []
    for widget in sorted(filter(_is_visited, pane.findChildren(QWidget)), key=_middle):
        if rows and _middle(widget) - _middle(rows[-1][0]) < _ROW:
            rows[-1].append(widget)
        else:
            rows.append([widget])
    return [sorted(row, key=lambda widget: widget.mapToGlobal(QPoint()).x()) for row in rows]


def _is_visited(widget: QWidget) -> bool:
    takes_tab = widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    return bool(takes_tab) and widget.isVisible() and widget.isEnabled() and not widget.focusProxy()


def _middle(widget: QWidget) -> int:
    return widget.mapToGlobal(widget.rect().center()).y()

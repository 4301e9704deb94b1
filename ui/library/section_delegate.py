"""How a section is painted: its title at the left, its count at the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.library.delegate import paint_ground
from ui.library.section_model import SECTION_ROLE
from ui.library.sections import Choice, Section
from ui.theme import Theme
from ui.tokens import MEDIUM, SMALL, TIGHT, Colors

_Index = QModelIndex | QPersistentModelIndex


class SectionDelegate(QStyledItemDelegate):
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
        paint_ground(painter, option, colors)
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

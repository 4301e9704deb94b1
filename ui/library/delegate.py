"""How a line of the library is painted: a badge with the kind, the title, and what is to say."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.library.model import ROW_ROLE
from ui.library.rows import Row, Tone
from ui.theme import Theme
from ui.tokens import HAIR, MEDIUM, RADIUS, SMALL, TIGHT, Colors

_BADGE = 36


class RowDelegate(QStyledItemDelegate):
    """Paints `Row`s in the theme's colors."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        lines = QFontMetrics(_title_font(option.font)).height()
        lines += QFontMetrics(_detail_font(option.font)).height()
        return QSize(0, max(lines + HAIR, _BADGE) + 2 * SMALL)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row: Row = index.data(ROW_ROLE)
        colors = self._theme.colors
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_ground(painter, option, colors)
        inner = option.rect.adjusted(MEDIUM, SMALL, -MEDIUM, -SMALL)
        badge = QRect(inner.left(), inner.center().y() - _BADGE // 2 + 1, _BADGE, _BADGE)
        _paint_badge(painter, badge, row, option.font, colors)
        _paint_words(painter, inner.adjusted(_BADGE + MEDIUM, 0, 0, 0), row, option.font, colors)
        painter.restore()


def tone_color(tone: Tone, colors: Colors) -> str:
    """The text color of a tone."""
    return {Tone.QUIET: colors.muted, Tone.BUSY: colors.warn, Tone.BAD: colors.bad}[tone]


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, colors: Colors) -> None:
    """The ground of a line in a list: selected, under the pointer, or none."""
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


def _paint_badge(painter: QPainter, box: QRect, row: Row, font: QFont, colors: Colors) -> None:
    is_bad = row.tone is Tone.BAD
    painter.setPen(QPen(QColor(colors.bad_tint if is_bad else colors.line), 1))
    painter.setBrush(QColor(colors.bad_tint if is_bad else colors.surface))
    painter.drawRoundedRect(box, TIGHT + HAIR, TIGHT + HAIR)
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.75)
    small.setWeight(QFont.Weight.Bold)
    painter.setFont(small)
    painter.setPen(QColor(tone_color(row.tone, colors)))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, row.badge)


def _paint_words(painter: QPainter, box: QRect, row: Row, font: QFont, colors: Colors) -> None:
    title, detail = _title_font(font), _detail_font(font)
    title_height = QFontMetrics(title).height()
    detail_height = QFontMetrics(detail).height()
    top = box.top() + (box.height() - title_height - HAIR - detail_height) // 2
    line = QRect(box.left(), top, box.width(), title_height)
    _paint_line(painter, line, row.title, title, colors.text)
    line = QRect(box.left(), top + title_height + HAIR, box.width(), detail_height)
    _paint_line(painter, line, row.detail, detail, tone_color(row.tone, colors))


def _paint_line(painter: QPainter, box: QRect, text: str, font: QFont, color: str) -> None:
    painter.setFont(font)
    painter.setPen(QColor(color))
    shown = QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _title_font(font: QFont) -> QFont:
    title = QFont(font)
    title.setWeight(QFont.Weight.DemiBold)
    return title


def _detail_font(font: QFont) -> QFont:
    detail = QFont(font)
    detail.setPointSizeF(font.pointSizeF() * 0.9)
    return detail

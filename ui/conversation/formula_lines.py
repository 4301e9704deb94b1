"""Formulas on the line that they stand in: Qt is told for each how its picture lies."""

from __future__ import annotations

from PySide6.QtGui import QFontMetricsF, QTextCharFormat, QTextCursor, QTextDocument

from ui.conversation.formulas import SCHEME, setting_at, sinks


def put_on_line(document: QTextDocument, metrics: QFontMetricsF, font_px: float) -> None:
    """Give each formula the alignment that its picture was made for."""
    for position, address in _formulas(document):
        setting = setting_at(address)
        if setting is None:
            continue
        is_sinking = sinks(setting, font_px=font_px, font_descent=metrics.descent())
        look = QTextCharFormat()
        alignment = QTextCharFormat.VerticalAlignment
        look.setVerticalAlignment(alignment.AlignMiddle if is_sinking else alignment.AlignBaseline)
        cursor = QTextCursor(document)
        cursor.setPosition(position)
        cursor.setPosition(position + 1, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(look)


def _formulas(document: QTextDocument) -> list[tuple[int, str]]:
    """Where each stands, and its address."""
    found = []
    block = document.begin()
    while block.isValid():
        position = block.begin()
        while not position.atEnd():
            fragment = position.fragment()
            form = fragment.charFormat()
            if form.isImageFormat() and form.toImageFormat().name().startswith(SCHEME):
                name = form.toImageFormat().name()
                found += [(fragment.position() + n, name) for n in range(fragment.length())]
            position += 1
        block = block.next()
    return found

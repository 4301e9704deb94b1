"""The program's pictures: its own icon, and small line drawings tinted in a theme's color."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon, QImage, QPixmap

from app.settings import ASSETS

ICONS = ASSETS / "icons"
_SHARP = 4  # drawn this many times larger than shown, so that it stays sharp on any screen
_SIZE = 20


def program_icon() -> QIcon:
    """The icon of the program itself."""
    return QIcon(str(ICONS / "deskbook.svg"))


def program_pixmap(size: int) -> QPixmap:
    """The program's icon at a size, for an empty pane."""
    return program_icon().pixmap(size, size)


def line_icon(name: str, color: str) -> QIcon:
    """The drawing `name`.svg with its lines in `color` (#rrggbb)."""
    drawing = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    side = _SIZE * _SHARP
    drawing = drawing.replace("currentColor", color).replace(
        'width="20" height="20"', f'width="{side}" height="{side}"'
    )
    image = QImage.fromData(drawing.encode())
    pixmap = QPixmap.fromImage(image, Qt.ImageConversionFlag.AutoColor)
    pixmap.setDevicePixelRatio(_SHARP)
    return QIcon(pixmap)

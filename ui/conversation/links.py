"""A link in an answer: its address is shown first, and only then can it be opened."""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QCursor, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from ui.wording import shortened


def offer_link(url: QUrl, parent: QWidget) -> QMenu:
    """A small menu at the mouse that shows the address and offers to open or copy it."""
    menu = QMenu(parent)
    address = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
    menu.addAction(shortened(address, 80).replace("&", "&&")).setEnabled(False)
    menu.addSeparator()
    menu.addAction("Open outside Deskbook").triggered.connect(lambda: QDesktopServices.openUrl(url))
    menu.addAction("Copy the address").triggered.connect(
        lambda: QGuiApplication.clipboard().setText(address)
    )
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(QCursor.pos())
    return menu

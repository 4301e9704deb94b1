"""A link in an answer: its address is shown first, and only then can it be opened.

A model writes what a document made it write, and an address can carry what was read away with it:
so the computer that it leads to is named by itself.
"""

from __future__ import annotations

from PySide6.QtCore import QUrl
from PySide6.QtGui import QCursor, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from ui.wording import shortened


def is_offered(url: QUrl) -> bool:
    """Whether a link can be opened at all: web pages can, files, scripts and programs cannot."""
    return url.scheme() in ("http", "https") and bool(url.host())


def offer_link(url: QUrl, parent: QWidget) -> QMenu:
    """A small menu at the mouse that shows the address and offers to open or copy it."""
    menu = QMenu(parent)
    address = url.toString(QUrl.ComponentFormattingOption.FullyEncoded)
    host = url.host(QUrl.ComponentFormattingOption.FullyEncoded)
    menu.addAction(f"This leads to {host}").setEnabled(False)
    menu.addAction(shortened(address, 80).replace("&", "&&")).setEnabled(False)
    menu.addSeparator()
    menu.addAction("Open outside Deskbook").triggered.connect(lambda: QDesktopServices.openUrl(url))
    menu.addAction("Copy the address").triggered.connect(
        lambda: QGuiApplication.clipboard().setText(address)
    )
    menu.aboutToHide.connect(menu.deleteLater)
    menu.popup(QCursor.pos())
    return menu

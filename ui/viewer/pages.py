"""What the viewer needs of an open file that has pages, whatever draws them."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, QRectF, QSize, QSizeF, SignalInstance

from rag.types import BoxMark, Mark, PageRef


class CannotShow(Exception):
    """The file cannot be drawn; the message is a sentence for a person."""


class PasswordWanted(CannotShow):
    """The file is protected, and no password is known that opens it."""


class PageDrawer(Protocol):
    """Draws pages on a thread of its own, one at a time."""

    @property
    def drawn(self) -> SignalInstance:
        """Emitted with the page index and its QImage, which is null where drawing failed."""

    def draw(self, page_index: int, size: QSize) -> None:
        """Begin to draw a page as large as this, in real pixels."""


class Pages(Protocol):
    """The pages of an open file. A point is a pixel's size on a page that is shown at scale 1."""

    @property
    def sizes(self) -> tuple[QSizeF, ...]:
        """Each page's size in points, as it is drawn."""

    def ref(self, page: int) -> PageRef:
        """A physical page (from 1) with what is printed on it."""

    def rects(self, mark: Mark | BoxMark) -> list[QRectF]:
        """A mark's lines, in points from its page's top left; empty where it is not there."""

    def drawer(self, parent: QObject) -> PageDrawer:
        """What draws the pages; it ends with its parent."""

    def deleteLater(self) -> None:
        """Close the file, once nothing uses it any more."""

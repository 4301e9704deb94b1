"""Pictures of pages: drawn on a thread of its own, the last few kept.

One page is drawn at a time and only what was wanted last is drawn next, so that a long scroll
leaves no queue behind.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage

from ui.viewer.pages import PageDrawer

_KEPT_BYTES = 24 * 1024 * 1024


class PageImages(QObject):
    """The pictures of one document's pages."""

    arrived = Signal(int)  # page index

    def __init__(self, drawer: PageDrawer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drawer = drawer
        self._drawer.drawn.connect(self._keep)
        self._images: OrderedDict[int, QImage] = OrderedDict()
        self._wanted: list[tuple[int, QSize]] = []
        self._drawing: tuple[int, QSize] | None = None

    def get(self, page_index: int) -> QImage | None:
        """The page's picture, perhaps of an earlier size; None while there is none."""
        image = self._images.get(page_index)
        if image is not None:
            self._images.move_to_end(page_index)
        return image

    def want(self, pages: Sequence[tuple[int, QSize]]) -> None:
        """Draw these pages at these sizes (real pixels), in this order, and nothing else."""
        self._wanted = [(page, size) for page, size in pages if not self._has(page, size)]
        self._draw_next()

    def _has(self, page_index: int, size: QSize) -> bool:
        image = self._images.get(page_index)
        return image is not None and image.size() == size

    def _draw_next(self) -> None:
        if self._drawing is None and self._wanted:
            self._drawing = self._wanted.pop(0)
            self._drawer.draw(*self._drawing)

    def _keep(self, page_index: int, image: QImage) -> None:
        self._drawing = None
        if not image.isNull():
            self._images[page_index] = image
            self._images.move_to_end(page_index)
            self._forget_oldest()
        self.arrived.emit(page_index)
        self._draw_next()

    def _forget_oldest(self) -> None:
        held = sum(image.sizeInBytes() for image in self._images.values())
        while held > _KEPT_BYTES and len(self._images) > 1:
            _, image = self._images.popitem(last=False)
            held -= image.sizeInBytes()

"""Picture files for the viewer: each picture in one is a page, of one point a pixel.

They are turned as their EXIF orientation says, as whoever found the places of marks saw them.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QRectF, QSize, QSizeF, Qt, QThreadPool, Signal
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from rag.types import BoxMark, Mark, PageRef
from ui.viewer.pages import CannotShow

_TIFF = b"tiff"  # of other formats, more pictures than one are an animation
_MEMORY_MB = 300  # unpacked: 64 million pixels of four bytes


class PictureFile(QObject):
    """The pages of a picture file (see Pages)."""

    def __init__(self, path: str, sizes: tuple[QSizeF, ...], parent: QObject) -> None:
        super().__init__(parent)
        self._path = path
        self.sizes = sizes

    def ref(self, page: int) -> PageRef:
        """A physical page (from 1): nothing is printed on it."""
        return PageRef(page, str(page))

    def rects(self, mark: Mark | BoxMark) -> list[QRectF]:
        """Where a recognised line stands; empty where there is no such page."""
        if not 1 <= mark.page <= len(self.sizes) or isinstance(mark, Mark):
            return []
        return [QRectF(mark.box.left, mark.box.top, mark.box.width, mark.box.height)]

    def drawer(self, parent: QObject) -> PictureDrawer:
        """What draws the pages; it ends with its parent."""
        return PictureDrawer(self._path, parent)


class PictureDrawer(QObject):
    """Unpacks pictures on a thread of its own (see PageDrawer)."""

    drawn = Signal(int, QImage)

    def __init__(self, path: str, parent: QObject) -> None:
        super().__init__(parent)
        self._path = path
        self._outcome: _Outcome | None = None

    def draw(self, page_index: int, size: QSize) -> None:
        """Begin to draw a page as large as this, in real pixels."""
        self._outcome = outcome = _Outcome()
        outcome.ready.connect(self._tell)
        path = self._path
        QThreadPool.globalInstance().start(
            lambda: outcome.ready.emit(page_index, _drawn(path, page_index, size))
        )

    def _tell(self, page_index: int, image: QImage) -> None:
        self.drawn.emit(page_index, image)


class _Outcome(QObject):
    """Carries a picture to the window's thread; it may outlive the drawer, which may be closed."""

    ready = Signal(int, QImage)


def _drawn(path: str, page_index: int, size: QSize) -> QImage:
    image = _reader(path, page_index).read()
    if image.isNull():
        return image
    return image.scaled(
        size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )


def open_pictures(path: str, parent: QObject) -> PictureFile:
    """The pictures of a file, their sizes known and their pixels not yet unpacked.

    Raises CannotShow.
    """
    name = Path(path).name
    if not Path(path).is_file():
        raise CannotShow(f"“{name}” is no longer where it was. Put it back, or add it again.")
    QImageReader.setAllocationLimit(_MEMORY_MB)
    reader = _reader(path, 0)
    count = reader.imageCount() if reader.format() == _TIFF else 1
    sizes = tuple(_size(path, page_index) for page_index in range(max(1, count)))
    if not all(size.isValid() for size in sizes):
        raise CannotShow(f"“{name}” cannot be drawn. Try to open it in another program.")
    return PictureFile(path, sizes, parent)


def _reader(path: str, page_index: int) -> QImageReader:
    reader = QImageReader(path)
    reader.setDecideFormatFromContent(True)  # as names may be wrong
    reader.setAutoTransform(True)
    if page_index:
        reader.jumpToImage(page_index)
    return reader


def _size(path: str, page_index: int) -> QSizeF:
    """A picture's size as it is seen; invalid where it cannot be told."""
    reader = _reader(path, page_index)
    lies = reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90
    size = reader.size()
    return QSizeF(size.transposed() if lies else size)

"""A document's pages under each other, with marks over the cited passage.

Draws only what is visible; the pictures come from `page_images`, the places from `page_layout`.
Opens no file: it is given pages that are open.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame

from rag.types import BoxMark, Mark
from ui.style import set_look
from ui.theme import Theme
from ui.viewer.mark_rects import first_of
from ui.viewer.page_images import PageImages
from ui.viewer.page_layout import PageLayout, scale_to_fit
from ui.viewer.pages import Pages

_ZOOM_STEP = 1.2
_SCALES = (0.2, 8.0)
_LARGEST_PIXELS = 16_000_000  # a page's picture; beyond, it is drawn smaller and stretched
_EYE = 0.3  # where on the screen a passage is brought, from the top
_PAD = 1.5  # points around a mark


class PageView(QAbstractScrollArea):
    """Continuous pages of one document."""

    page_changed = Signal(int)  # the physical page in view, from 1

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setAccessibleName("Pages")
        set_look(self, "desk")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._theme = theme
        self._sizes: tuple[QSizeF, ...] = ()
        self._layout = PageLayout.of((), 1.0)
        self._images: PageImages | None = None
        self._marks: dict[int, list[QRectF]] = {}
        self._fits_width = True
        self._page = 0
        self._sought: tuple[int, float] | None = None  # page index and height in points to keep
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        theme.changed.connect(self.viewport().update)

    # --- what is shown

    def show_pages(self, pages: Pages) -> None:
        """Show an open file from its first page."""
        if self._images is not None:
            self._images.deleteLater()
        self._images = PageImages(pages.drawer(self), self)
        self._images.arrived.connect(self.viewport().update)
        self._sizes = pages.sizes
        self._marks = {}
        self._page = 0
        self._sought = (0, 0.0)
        self._fits_width = True
        self._lay_out()

    def show_marks(self, pages: Pages, marks: Sequence[Mark | BoxMark]) -> None:
        """Mark these places of the pages shown, and bring the first into view."""
        rects: defaultdict[int, list[QRectF]] = defaultdict(list)
        for mark in marks:
            rects[mark.page - 1] += pages.rects(mark)
        self._marks = dict(rects)
        first = first_of(marks)
        if first is not None and self._marks.get(first.page - 1):
            self._seek(first.page - 1, self._marks[first.page - 1][0].top())
        elif first is not None:
            self.show_page(first.page)
        self.viewport().update()

    def show_page(self, page: int) -> None:
        """Bring the top of a physical page (from 1) into view."""
        if self._sizes:
            page_index = min(max(page, 1), len(self._sizes)) - 1
            self._sought = None
            self.verticalScrollBar().setValue(round(self._layout.tops[page_index] - 6))

    @property
    def page(self) -> int:
        """The physical page in view, from 1; 0 where there is none."""
        return self._page

    def mark_boxes(self) -> list[QRectF]:
        """The marks' rectangles in the viewport as it stands."""
        return [
            self._on_screen(page_index, rect)
            for page_index, rects in sorted(self._marks.items())
            for rect in rects
        ]

    # --- zoom

    def zoom_in(self) -> None:
        self._zoom_to(self._layout.scale * _ZOOM_STEP)

    def zoom_out(self) -> None:
        self._zoom_to(self._layout.scale / _ZOOM_STEP)

    def fit_width(self) -> None:
        """Make the pages as wide as the view, now and when it is resized."""
        self._fits_width = True
        self._hold_place()
        self._lay_out()

    def _zoom_to(self, scale: float) -> None:
        self._fits_width = False
        self._hold_place()
        self._lay_out(min(max(scale, _SCALES[0]), _SCALES[1]))

    # --- geometry

    def _hold_place(self) -> None:
        """Remember what is at eye level, so that it stays there through a new layout."""
        if self._sought is None and self._sizes:
            eye = self.verticalScrollBar().value() + self.viewport().height() * _EYE
            page_index = self._layout.page_at(eye)
            self._sought = (page_index, (eye - self._layout.tops[page_index]) / self._layout.scale)

    def _seek(self, page_index: int, height: float) -> None:
        """Bring a height of a page (in points) to eye level, and keep it there while resizing."""
        eye = self._layout.tops[page_index] + height * self._layout.scale
        self.verticalScrollBar().setValue(round(eye - self.viewport().height() * _EYE))
        self._sought = (page_index, height)

    def _lay_out(self, scale: float | None = None) -> None:
        width = float(self.viewport().width())
        if self._fits_width:
            scale = scale_to_fit(self._sizes, width)
        self._layout = PageLayout.of(self._sizes, scale or self._layout.scale, width)
        sought = self._sought
        self._set_scroll_bars()  # may scroll, and a scroll forgets what was sought
        if sought is not None and self._sizes:
            self._seek(*sought)
        self._scrolled_to_page()
        self.viewport().update()

    def _set_scroll_bars(self) -> None:
        view = self.viewport().size()
        vertical, horizontal = self.verticalScrollBar(), self.horizontalScrollBar()
        vertical.setRange(0, max(0, round(self._layout.height) - view.height()))
        vertical.setPageStep(view.height())
        vertical.setSingleStep(40)
        horizontal.setRange(0, max(0, round(self._layout.width) - view.width()))
        horizontal.setPageStep(view.width())

    def _offset(self) -> QPointF:
        return QPointF(self.horizontalScrollBar().value(), self.verticalScrollBar().value())

    def _on_screen(self, page_index: int, rect: QRectF) -> QRectF:
        scale = self._layout.scale
        padded = rect.adjusted(-_PAD, -_PAD, _PAD, _PAD)
        corner = self._layout.rect(page_index).topLeft() - self._offset()
        return QRectF(corner + padded.topLeft() * scale, padded.size() * scale)

    def _scrolled(self) -> None:
        self._sought = None
        self._scrolled_to_page()
        self.viewport().update()

    def _scrolled_to_page(self) -> None:
        if not self._sizes:
            return
        eye = self.verticalScrollBar().value() + self.viewport().height() * _EYE
        page = self._layout.page_at(eye) + 1
        if page != self._page:
            self._page = page
            self.page_changed.emit(page)

    # --- Qt's events

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._hold_place()
        self._lay_out()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.viewport().update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            (self.zoom_in if event.angleDelta().y() > 0 else self.zoom_out)()
        else:
            super().wheelEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(event.rect(), QColor(self._theme.colors.desk))
        top = self.verticalScrollBar().value()
        pages = self._layout.visible(top, top + self.viewport().height())
        for page_index in pages:
            self._paint_page(painter, page_index)
        painter.end()
        self._want(pages)

    def _paint_page(self, painter: QPainter, page_index: int) -> None:
        colors = self._theme.colors
        box = self._layout.rect(page_index).translated(-self._offset())
        painter.fillRect(box, QColor(colors.paper))
        image = self._images.get(page_index) if self._images else None
        if image is not None:
            painter.drawImage(box, image)
        # Multiplied, so that the letters under the marker stay as dark as they are.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        painter.fillPath(self._marked(page_index), QColor(colors.marker))
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.setPen(QColor(colors.line))
        painter.drawRect(box)

    def _marked(self, page_index: int) -> QPainterPath:
        """All that is marked on a page, in one: what marks share is not painted twice."""
        marked = QPainterPath()
        marked.setFillRule(Qt.FillRule.WindingFill)
        for rect in self._marks.get(page_index, ()):
            marked.addRect(self._on_screen(page_index, rect))
        return marked

    def _want(self, pages: range) -> None:
        if self._images is None:
            return
        around = [*pages, pages.stop, pages.start - 1]  # the neighbours too, for the next scroll
        self._images.want(
            [(page, self._picture_size(page)) for page in around if 0 <= page < len(self._sizes)]
        )

    def _picture_size(self, page_index: int) -> QSize:
        size = self._layout.rect(page_index).size() * self.devicePixelRatioF()
        pixels = size.width() * size.height()
        if pixels > _LARGEST_PIXELS:
            size *= (_LARGEST_PIXELS / pixels) ** 0.5
        return size.toSize().expandedTo(QSize(1, 1))

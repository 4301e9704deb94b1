"""Where the pages of a document lie under each other on the desk. Geometry alone, no widget.

Page sizes are in points; everything else in device-independent pixels of the whole desk.
"""

from __future__ import annotations

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSizeF

GAP = 12.0


@dataclass(frozen=True, slots=True)
class PageLayout:
    """Pages from top to bottom, each centered, at a scale in pixels a point."""

    sizes: tuple[QSizeF, ...]
    scale: float
    tops: tuple[float, ...]
    width: float
    height: float

    @classmethod
    def of(cls, sizes: Sequence[QSizeF], scale: float, least_width: float = 0.0) -> PageLayout:
        """Lay the pages out; the desk is at least `least_width` wide."""
        tops = []
        top = GAP
        for size in sizes:
            tops.append(top)
            top += size.height() * scale + GAP
        widest = max((size.width() * scale for size in sizes), default=0.0)
        width = max(least_width, widest + 2 * GAP)
        return cls(tuple(sizes), scale, tuple(tops), width, top)

    def rect(self, page_index: int) -> QRectF:
        """A page's rectangle on the desk."""
        size = self.sizes[page_index] * self.scale
        left = (self.width - size.width()) / 2
        return QRectF(left, self.tops[page_index], size.width(), size.height())

    def visible(self, top: float, bottom: float) -> range:
        """The pages that reach into the stripe between two heights."""
        first = max(0, bisect.bisect_right(self.tops, top) - 1)
        return range(first, bisect.bisect_left(self.tops, bottom))

    def page_at(self, height: float) -> int:
        """The index of the page at a height, or of the one above the gap there."""
        return max(0, bisect.bisect_right(self.tops, height) - 1)


def scale_to_fit(sizes: Sequence[QSizeF], width: float) -> float:
    """The scale at which the widest page fills a width, with the gap at both sides."""
    widest = max((size.width() for size in sizes), default=1.0)
    return max(0.05, (width - 2 * GAP) / max(1.0, widest))

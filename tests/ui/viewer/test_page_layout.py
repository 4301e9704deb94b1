"""Pages lie under each other, and every height belongs to one of them."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSizeF

from ui.viewer.page_layout import GAP, PageLayout, scale_to_fit

SIZES = st.lists(
    st.builds(QSizeF, st.floats(10, 2000), st.floats(10, 2000)), min_size=1, max_size=20
)
SCALES = st.floats(0.2, 8)


@given(sizes=SIZES, scale=SCALES)
def test_pages_never_overlap_and_stay_on_the_desk(sizes: list[QSizeF], scale: float) -> None:
    layout = PageLayout.of(sizes, scale)
    boxes = [layout.rect(page_index) for page_index in range(len(sizes))]
    for upper, lower in itertools.pairwise(boxes):
        assert lower.top() >= upper.bottom()
    assert boxes[-1].bottom() < layout.height
    assert all(box.left() >= 0 and box.right() <= layout.width for box in boxes)


@given(sizes=SIZES, scale=SCALES, height=st.floats(0, 1))
def test_the_page_at_a_height_is_among_those_visible_there(
    sizes: list[QSizeF], scale: float, height: float
) -> None:
    layout = PageLayout.of(sizes, scale)
    eye = layout.height * height
    assert layout.page_at(eye) in layout.visible(eye, eye + GAP + 1)


def test_only_pages_in_the_stripe_are_visible() -> None:
    layout = PageLayout.of([QSizeF(100, 100)] * 1000, 1.0)
    assert layout.visible(50_000, 50_100) == range(446, 448)


@given(sizes=SIZES)
def test_the_widest_page_fills_the_width(sizes: list[QSizeF]) -> None:
    scale = scale_to_fit(sizes, 800)
    widest = max(size.width() for size in sizes) * scale
    assert abs(widest + 2 * GAP - 800) < 0.01

"""Pictures turned upright, and boxes found there brought back to where they were."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents.ocr_upright import box_on, leveled, quarter_turned, skew_of
from rag.types import Box

BOX = Box(10, 20, 40, 30)


def picture_with(box: Box, *, width: int = 120, height: int = 80) -> np.ndarray:
    picture = np.full((height, width, 3), 255, dtype=np.uint8)
    picture[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] = 0
    return picture


def dark_box(picture: np.ndarray) -> Box:
    rows, columns = np.nonzero(picture[..., 0] < 128)
    edges = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    return Box(*(float(edge) for edge in edges))


@pytest.mark.parametrize("turns", range(4))
def test_a_box_comes_back_from_a_quarter_turn(turns: int) -> None:
    turned, way_back = quarter_turned(picture_with(BOX), turns)
    assert box_on(way_back, dark_box(turned)) == BOX


@given(degrees=st.floats(-14, 14))
def test_a_box_comes_back_around_itself_from_a_slight_turn(degrees: float) -> None:
    turned, way_back = leveled(picture_with(BOX), degrees)
    around = box_on(way_back, dark_box(turned))
    assert around.left < BOX.left + 2
    assert around.top < BOX.top + 2
    assert around.right > BOX.right - 2
    assert around.bottom > BOX.bottom - 2
    assert turned[0, 0, 0] == turned[-1, -1, 0] == 255


def quad(degrees: float, *, length: float = 500) -> np.ndarray:
    fall = length * np.tan(np.radians(degrees))
    corners = [(0, 0), (length, fall), (length, fall + 20), (0, 20)]
    return np.array(corners, dtype=np.float32)


def test_lines_that_fall_to_the_right_tell_the_skew() -> None:
    assert skew_of([quad(3), quad(3.2), quad(-40, length=20), quad(2.9)]) == pytest.approx(
        3, abs=0.2
    )
    assert skew_of([quad(-2)] * 3) == pytest.approx(-2, abs=0.01)


@pytest.mark.parametrize("quads", [[], [quad(0.3)] * 5, [quad(50)] * 5])
def test_level_lines_and_steep_ones_are_left_alone(quads: list[np.ndarray]) -> None:
    assert skew_of(quads) == 0

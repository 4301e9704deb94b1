"""Line boxes cut at the gaps between columns, and trimmed to what is in them."""

from __future__ import annotations

import numpy as np
import pytest

from rag.documents.ocr_ink import cut_at_gutters, ink_of, trimmed

HEIGHT, WIDTH, LINE = 300, 700, 20


def quad(left: float, top: float, right: float, bottom: float) -> np.ndarray:
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return np.array(corners, dtype=np.float32)


def page(gaps: list[int]) -> np.ndarray:
    """Ink of ten lines from 50 to 650, each with one gap of 12 that begins here."""
    ink = np.zeros((HEIGHT, WIDTH), dtype=bool)
    for at, gap in enumerate(gaps):
        ink[10 + 28 * at : 10 + 28 * at + LINE, 50:650] = True
        ink[10 + 28 * at : 10 + 28 * at + LINE, gap : gap + 12] = False
    return ink


def widths(ink: np.ndarray) -> list[float]:
    parts = cut_at_gutters(quad(50, 122, 650, 142), ink)
    return [float(np.ptp(part[:, 0])) for part in parts]


def test_a_line_over_two_columns_is_cut_in_two() -> None:
    assert widths(page([340] * 10)) == pytest.approx([296, 304], abs=1)


def test_a_gap_in_one_line_alone_is_between_words() -> None:
    assert widths(page([100 + 50 * at for at in range(10)])) == [600]


def test_a_box_shrinks_to_its_letters() -> None:
    ink = np.zeros((HEIGHT, WIDTH), dtype=bool)
    ink[104:116, 60:200] = True
    ink[95, 55] = True  # a speck
    assert trimmed(quad(50, 90, 210, 130), ink) == (60, 104, 200, 116)


def test_a_box_without_ink_stays() -> None:
    ink = np.zeros((HEIGHT, WIDTH), dtype=bool)
    assert trimmed(quad(50, 90, 210, 130), ink) == (50, 90, 211, 131)


def test_ink_is_what_differs_from_the_paper_also_in_white_on_black() -> None:
    picture = np.full((64, 64, 3), 250, dtype=np.uint8)
    picture[10:14, 20:40] = 30
    assert ink_of(picture).sum() == 80
    assert (ink_of(255 - picture) == ink_of(picture)).all()

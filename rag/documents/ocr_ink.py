"""Where there is ink in the picture of a page: line boxes are cut at the gaps between columns
and trimmed to their letters by it.

A quad is four corners (x, y) of a line in pixels, as it is read: from the start of its upper edge
around to the start of its lower one. Letters are read by others.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Picture: TypeAlias = NDArray[np.uint8]  # height, width, three colors
Ink: TypeAlias = NDArray[np.bool_]  # height, width
Quad: TypeAlias = NDArray[np.float32]  # four corners, two coordinates

CONTRAST = 60  # of 255: how far ink is from the paper
GAP = 0.4  # of a line's height: a narrower gap is one between words
REACH = 4.0  # heights of a line, up and down: so far a gap between columns must run on
SPECKS = 0.01  # share of ink that a gap may have: scans are dirty
SPECK = 1  # pixels of ink in a row or column: no part of a letter


def ink_of(picture: Picture) -> Ink:
    """What differs from the paper, which is taken to be the most of the picture."""
    light = picture[..., 1]  # green weighs most in how light a color looks
    paper = int(np.median(light[::8, ::8]))
    darkest, lightest = max(0, paper - CONTRAST), min(255, paper + CONTRAST)
    return (light < darkest) | (light > lightest)


def cut_at_gutters(quad: Quad, ink: Ink) -> Iterator[Quad]:
    """The parts of a line box that lie in different columns; mostly the box itself."""
    left, top, right, bottom = _bounds(quad, ink)
    height = bottom - top
    if right - left < 8 * height:  # too short for two columns, or upright
        yield quad
        return
    cuts = [
        left + (start + end) // 2
        for start, end in _blanks(np.any(ink[top:bottom, left:right], axis=0))
        if end - start > GAP * height and _runs_on(ink, (left + start, left + end), (top, bottom))
    ]
    for start, end in pairwise([left, *cuts, right]):
        yield _part(quad, (start - left) / (right - left), (end - left) / (right - left))


def trimmed(quad: Quad, ink: Ink) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the ink in a line box, in pixels; its own where there is none.

    A box found by its shape alone stands off its letters by a third of their height.
    """
    left, top, right, bottom = _bounds(quad, ink)
    inside = ink[top:bottom, left:right]
    columns, rows = _filled(inside, axis=0), _filled(inside, axis=1)
    if not (columns.any() and rows.any()):
        return left, top, right, bottom
    x, y = np.flatnonzero(columns), np.flatnonzero(rows)
    return float(left + x[0]), float(top + y[0]), float(left + x[-1] + 1), float(top + y[-1] + 1)


def _filled(inside: Ink, *, axis: int) -> Ink:
    """The rows or columns with more ink than specks."""
    filled: Ink = inside.sum(axis=axis) > SPECK
    return filled


def _bounds(quad: Quad, ink: Ink) -> tuple[int, int, int, int]:
    """The upright rectangle around a quad, in whole pixels inside the picture."""
    height, width = ink.shape
    (left, top), (right, bottom) = quad.min(axis=0), quad.max(axis=0)
    left, top = min(max(0, int(left)), width - 1), min(max(0, int(top)), height - 1)
    return (
        left,
        top,
        min(max(left + 1, int(right) + 1), width),
        min(max(top + 1, int(bottom) + 1), height),
    )


def _blanks(columns: Ink) -> Iterator[tuple[int, int]]:
    """The stretches without ink between two with ink."""
    inked = np.flatnonzero(columns)
    for before, after in pairwise(inked):
        if after - before > 1:
            yield int(before) + 1, int(after)


def _runs_on(ink: Ink, gap: tuple[int, int], line: tuple[int, int]) -> bool:
    """Whether the middle of a gap stays blank above and below the line."""
    quarter = (gap[1] - gap[0]) // 4
    reach = int(REACH * (line[1] - line[0]))
    strip = ink[max(0, line[0] - reach) : line[1] + reach, gap[0] + quarter : gap[1] - quarter]
    return bool(strip.size and strip.mean() < SPECKS)


def _part(quad: Quad, start: float, end: float) -> Quad:
    """The stretch of a line box between two shares of its length."""
    above, below = quad[1] - quad[0], quad[2] - quad[3]
    corners = [
        quad[0] + start * above,
        quad[0] + end * above,
        quad[3] + end * below,
        quad[3] + start * below,
    ]
    return np.array(corners, dtype=np.float32)

"""Turns a picture so that its lines run level, and finds the way back for boxes in it.

A way back is the 3x3 matrix that takes a place in the turned picture to the picture as it was.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from rag.documents.ocr_ink import Picture, Quad
from rag.types import Box

WayBack: TypeAlias = NDArray[np.float64]

LEVEL = 0.7  # degrees: less does no harm to columns and rows
STEEPEST = 15.0  # degrees: beyond, it is no picture of a page that lies askew
LINES = 20  # so many of the longest tell how far it lies askew


def quarter_turned(picture: Picture, turns: int) -> tuple[Picture, WayBack]:
    """The picture turned counterclockwise by this many quarters (0 to 3)."""
    height, width = picture.shape[:2]
    back = {
        0: [[1, 0, 0], [0, 1, 0]],
        1: [[0, -1, width], [1, 0, 0]],
        2: [[-1, 0, width], [0, -1, height]],
        3: [[0, 1, 0], [-1, 0, height]],
    }
    return np.ascontiguousarray(np.rot90(picture, turns)), _matrix(back[turns])


def leveled(picture: Picture, degrees: float) -> tuple[Picture, WayBack]:
    """The picture turned counterclockwise about its middle; the corners are filled with paper."""
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    paper = [float(color) for color in np.median(picture[::8, ::8], axis=(0, 1))]
    turned = cv2.warpAffine(picture, turn, (width, height), borderValue=paper)
    return np.asarray(turned, dtype=np.uint8), _matrix(cv2.invertAffineTransform(turn))


def skew_of(quads: Sequence[Quad]) -> float:
    """By how many degrees the lines fall to the right; 0 where they run level, or all ways."""
    edges = sorted((quad[1] - quad[0] for quad in quads), key=lambda edge: float(edge[0]))
    angles = [math.degrees(math.atan2(y, x)) for x, y in edges[-LINES:] if x > 0]
    skew = float(np.median(angles)) if angles else 0.0
    return skew if LEVEL < abs(skew) < STEEPEST else 0.0


def box_on(way_back: WayBack, box: Box) -> Box:
    """The upright box around a box in the turned picture, in the picture as it was."""
    x, y = (box.left, box.right, box.right, box.left), (box.top, box.top, box.bottom, box.bottom)
    corners = way_back @ np.array([x, y, (1.0,) * 4])
    (left, top), (right, bottom) = corners[:2].min(axis=1), corners[:2].max(axis=1)
    return Box(float(left), float(top), float(right), float(bottom))


def _matrix(rows: object) -> WayBack:
    return np.vstack([np.array(rows, dtype=np.float64), [0.0, 0.0, 1.0]])

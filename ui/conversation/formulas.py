"""LaTeX set as pictures: sharp on any screen, in any color, their baseline known.

What cannot be set is told, and its source is shown instead.
"""

from __future__ import annotations

import logging
import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote

from PySide6.QtCore import QByteArray, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

log = logging.getLogger(__name__)

SCHEME = "formula:"
LONGEST = 1500  # characters; a model that loops writes more
_SIZE = 100  # pixels, at which each is set once
_OPTICAL = 1.1  # a serif face beside a sans one looks small at the same size
_LARGEST = 80.0  # of its sizes, in each direction
_INK = "#010203"  # replaced by the color in use
_ROW_END = re.compile(r"(?<!\\)\\\\(?!\\|\[)")
_ALIGNED = re.compile(r"(\\(?:begin|end)\s*)\{(?:align|equation|gather|split|eqnarray)\*?\}")


@dataclass(frozen=True, slots=True)
class Setting:
    """A formula set at size 1; lengths are in units of the font's size."""

    svg: str
    width: float
    ascent: float
    descent: float


@lru_cache(maxsize=512)
def set_formula(latex: str, *, is_display: bool) -> Setting | None:
    """The formula, or nothing where it cannot be set. Takes some 20 ms the first time."""
    if len(latex) > LONGEST:
        return None
    source = _ALIGNED.sub(r"\1{aligned}", latex)
    if "{aligned}" in source:  # ziamath sets its rows without room between them
        source = _ROW_END.sub(lambda match: rf" \vphantom{{\int}} {match[0]}", source)
    try:
        with warnings.catch_warnings():  # of how it opens its fonts
            warnings.simplefilter("ignore", DeprecationWarning)
            drawn = _ziamath().Latex(source, size=_SIZE, color=_INK, inline=not is_display)
            svg: str = drawn.svg()
    except Exception as error:  # the edge: a model's LaTeX may be anything
        log.debug("a formula cannot be set: %s", type(error).__name__)
        return None
    return _measured(svg)


def _measured(svg: str) -> Setting | None:
    box = re.search(r'viewBox="([-\d.]+) ([-\d.]+) ([-\d.]+) ([-\d.]+)"', svg)
    if box is None:
        return None
    _, top, width, height = (float(number) / _SIZE * _OPTICAL for number in box.groups())
    if not (0 < width < _LARGEST and 0 < height < _LARGEST):
        return None
    return Setting(svg, width, -top, height + top)


def _ziamath() -> Any:
    # Imported with the first formula and not above: half a second that most answers do not need.
    import ziamath

    ziamath.config.svg2 = False  # Qt draws no symbols that are defined once and used often
    return ziamath


def address(latex: str, *, is_display: bool) -> str:
    """What stands for a formula in a text document."""
    return f"{SCHEME}{'d' if is_display else 'i'}/{quote(latex, safe='')}"


def setting_at(address: str) -> Setting | None:
    """The formula that an address of `address` stands for."""
    kind, _, latex = address.removeprefix(SCHEME).partition("/")
    return set_formula(unquote(latex), is_display=kind == "d")


def sinks(setting: Setting, *, font_px: float, font_descent: float) -> bool:
    """Whether it reaches further below the line than the font does."""
    return setting.descent * font_px > font_descent


def picture(
    setting: Setting,
    *,
    font_px: float,
    font_descent: float,
    color: str,
    ratio: float,
    widest: float,
) -> QImage:
    """The formula, with room beneath it (or above) so that its baseline is where Qt expects it.

    Qt puts the bottom of a picture at the font's descent, or its middle on the baseline: the
    latter for those that reach further down.
    """
    scale = min(1.0, widest / (setting.width * font_px)) * font_px
    ascent, descent = setting.ascent * scale, setting.descent * scale
    half = max(ascent, descent)
    is_sinking = sinks(setting, font_px=font_px, font_descent=font_descent)
    above, below = (half, half) if is_sinking else (ascent, font_descent)
    size = QSizeF(setting.width * scale, above + below)
    image = QImage((size * ratio).toSize().expandedTo((QSizeF(1, 1)).toSize()), _FORMAT)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    drawing = QSvgRenderer(QByteArray(setting.svg.replace(_INK, color).encode()))
    drawing.render(painter, QRectF(0, above - ascent, size.width(), ascent + descent))
    painter.end()
    return image


_FORMAT = QImage.Format.Format_ARGB32_Premultiplied

"""The colors of both themes can be read."""

from __future__ import annotations

import itertools

import pytest
from PySide6.QtGui import QColor

from ui.tokens import DARK, LIGHT, Colors


def luminance(color: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    parts = (QColor(color).redF(), QColor(color).greenF(), QColor(color).blueF())
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    light, dark = sorted((luminance(first), luminance(second)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_every_text_color_reads_on_every_ground(colors: Colors) -> None:
    grounds = (colors.frame, colors.surface, colors.raised)
    texts = (colors.text, colors.muted, colors.accent, colors.good, colors.warn, colors.bad)
    for text, ground in itertools.product(texts, grounds):
        assert contrast(text, ground) >= 4.5, (text, ground)


@pytest.mark.parametrize("colors", [LIGHT, DARK], ids=["light", "dark"])
def test_text_reads_on_its_own_tint(colors: Colors) -> None:
    assert contrast(colors.accent, colors.accent_tint) >= 4.5
    assert contrast(colors.warn, colors.warn_tint) >= 4.5
    assert contrast(colors.bad, colors.bad_tint) >= 4.5
    assert contrast(colors.on_accent, colors.accent) >= 4.5

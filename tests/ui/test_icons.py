"""Every drawing can be drawn, in the color that is asked for."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from ui.icons import ICONS, line_icon, program_icon

DRAWINGS = sorted(path.stem for path in ICONS.glob("*.svg") if path.stem != "deskbook")


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_drawing_has_the_color_it_is_asked_for(qapp: QApplication, name: str) -> None:
    image = line_icon(name, "#2f55c8").pixmap(80, 80).toImage()
    solid = {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() > 250
    }
    assert "#2f55c8" in solid


def test_the_program_has_an_icon(qapp: QApplication) -> None:
    image = program_icon().pixmap(64, 64).toImage()
    assert image.pixelColor(32, 16).alpha() > 250
    assert image.pixelColor(0, 0).alpha() == 0

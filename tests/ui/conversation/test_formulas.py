"""Formulas in an answer: set, on the line, in the theme's color, or shown as they were written."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage, QTextDocument
from pytestqt.qtbot import QtBot

from ui.conversation.formulas import Setting, address, picture, set_formula, setting_at
from ui.conversation.markdown import to_html
from ui.conversation.rich_text import RichText
from ui.theme import Theme
from ui.tokens import DARK, LIGHT


def drawn(setting: Setting, **options: Any) -> QImage:
    usual = {"font_px": 16, "font_descent": 4, "color": "#1c2025", "ratio": 1, "widest": 700}
    return picture(setting, **{**usual, **options})


def darkest(image: QImage) -> QColor:
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=lambda color: color.alpha())


@pytest.mark.parametrize(
    "latex",
    [
        "x^2",
        r"\frac{-b \pm \sqrt{b^2-4ac}}{2a}",
        r"\int_0^1 x^2\,dx",
        r"\begin{align*} a &= b \\ &= c \end{align*}",
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
        r"\boxed{408 \text{ km}}",
        r"\mathbb{R} \subseteq \lim_{x \to 0} \log_2 \alpha",
    ],
)
def test_what_models_write_is_set(latex: str) -> None:
    setting = set_formula(latex, is_display=True)
    assert setting is not None
    assert darkest(drawn(setting)).alpha() > 200


@pytest.mark.parametrize("latex", [r"\frac{1", "x^", "{" * 400, "x" * 5000, ""])
def test_what_cannot_be_set_is_told(latex: str) -> None:
    assert set_formula(latex, is_display=False) is None


def test_a_broken_formula_is_shown_as_it_was_written() -> None:
    assert r"<code>$\frac{1$</code>" in to_html(r"So $\frac{1$ it is.")


def test_a_formula_is_no_markdown() -> None:
    shown = to_html("$a_1 * b * c_2$ and\n\n$$\na\n- b\n= c\n$$\n")
    assert shown.count("<img") == 2
    assert "<em>" not in shown
    assert "<li>" not in shown


def test_prices_and_code_stay_text() -> None:
    assert "<img" not in to_html("From $5 to $6, or `$x$`.\n\n```\n$x$\n```")


def test_an_address_is_its_formula() -> None:
    latex = r'\frac{1}{2} < "x" & /#%'
    assert setting_at(address(latex, is_display=False)) == set_formula(latex, is_display=False)


def test_no_formula_brings_html_of_its_own() -> None:
    shown = to_html('$x"><img src="file:///etc/passwd">$')
    assert 'src="file' not in shown
    assert "passwd&quot;" in shown or "passwd%22" in shown


def test_a_picture_is_as_sharp_as_the_screen() -> None:
    setting = set_formula("x^2", is_display=False)
    assert setting is not None
    once, twice = drawn(setting), drawn(setting, ratio=2)
    assert twice.width() == pytest.approx(once.width() * 2, abs=2)
    assert twice.devicePixelRatio() == 2


def test_a_wide_formula_is_made_to_fit() -> None:
    setting = set_formula("+".join(["x"] * 30), is_display=True)
    assert setting is not None
    assert drawn(setting, widest=300).width() <= 300


@pytest.mark.parametrize(("scheme", "colors"), [("Light", LIGHT), ("Dark", DARK)])
def test_formulas_have_the_themes_color(
    qtbot: QtBot, theme: Theme, scheme: str, colors: Any
) -> None:
    words = RichText(theme, "Answer")
    qtbot.addWidget(words)
    words.show_markdown("$x^2$")
    theme.follow(Qt.ColorScheme[scheme])
    source = address("x^2", is_display=False)
    image = words.loadResource(QTextDocument.ResourceType.ImageResource.value, source)
    ink = darkest(image)
    assert abs(ink.lightness() - QColor(colors.text).lightness()) < 12


def test_nothing_but_formulas_is_loaded(qtbot: QtBot, theme: Theme) -> None:
    words = RichText(theme, "Answer")
    qtbot.addWidget(words)
    image = QTextDocument.ResourceType.ImageResource.value
    assert words.loadResource(image, "file:///etc/hostname") is None
    assert words.loadResource(image, "https://example.org/x.png") is None
    style = QTextDocument.ResourceType.StyleSheetResource.value
    assert words.loadResource(style, address("x", is_display=False)) is None


def test_a_formula_takes_its_room_on_the_line(qtbot: QtBot, theme: Theme) -> None:
    words = RichText(theme, "Answer")
    qtbot.addWidget(words)
    words.resize(400, 100)
    words.show()
    words.show_markdown("One line.")
    plain = words.height()
    words.show_markdown(r"One $x$.")
    assert abs(words.height() - plain) <= 4
    words.show_markdown(r"One $$\frac{\frac{a}{b}}{\frac{c}{d}}$$.")
    assert words.height() > plain * 1.5


def test_rows_have_room_between_them() -> None:
    one = set_formula(r"\begin{align} a &= b \end{align}", is_display=True)
    two = set_formula(r"\begin{align} a &= b \\ &= c \end{align}", is_display=True)
    assert one is not None
    assert two is not None
    assert two.ascent + two.descent > 2 * (one.ascent + one.descent)

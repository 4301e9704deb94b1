"""Words with chips: what is shown, marked and opened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from rag.types import Box, BoxMark, Citation, Claim, Kind, PageRef, Span
from ui.conversation.cards import card
from ui.conversation.chips import chip_boxes, chip_spans
from ui.conversation.rich_text import RichText
from ui.tokens import LIGHT

SEAL = Citation(
    2,
    "d",
    "/m.pdf",
    "Manual",
    Kind.PDF,
    ("Parts",),
    (PageRef(6, "iv"),),
    Span(0, 9),
    "A <seal>.",
    (),
)


@pytest.fixture
def words(qtbot: QtBot, theme: Any) -> RichText:
    made = RichText(theme, "Answer")
    qtbot.addWidget(made)
    made.resize(400, 100)
    made.show()
    return made


def underlined(words: RichText) -> str:
    document = words.document()
    found = ""
    for position in range(document.characterCount() - 1):
        cursor = QTextCursor(document)
        cursor.setPosition(position + 1)
        dotted = QTextCharFormat.UnderlineStyle.DotLine
        if cursor.charFormat().underlineStyle() is dotted:
            found += document.characterAt(position)
    return found


def test_clicking_a_chip_opens_its_citation(qtbot: QtBot, words: RichText) -> None:
    words.show_markdown("It is part 7 [2].", [SEAL])
    (box,) = chip_boxes(words.document())
    with qtbot.waitSignal(words.citation_opened) as opened:
        qtbot.mouseClick(words.viewport(), Qt.MouseButton.LeftButton, pos=box.center().toPoint())
    assert opened.args == [SEAL]


def test_a_chip_is_reached_by_keyboard(qtbot: QtBot, words: RichText) -> None:
    words.show_markdown("It is part 7 [2].", [SEAL])
    words.setFocus()
    qtbot.keyClick(words, Qt.Key.Key_Tab)
    with qtbot.waitSignal(words.citation_opened):
        qtbot.keyClick(words, Qt.Key.Key_Return)


def test_chips_are_found_behind_an_emoji(words: RichText) -> None:
    words.show_markdown("🌱 part 7 [2].", [SEAL])
    (span,) = chip_spans(words.document())
    assert span.of(words.toPlainText()).strip() == "2"


def test_a_sentence_that_is_not_borne_out_is_underlined(words: RichText) -> None:
    claims = (Claim("It is blue.", (), False, 0.1), Claim("It is part 7.", (2,), True, 0.9))
    words.show_markdown("🌱 It is part 7 [2]. It is **blue**.", [SEAL], claims)
    assert underlined(words) == "It is blue"


def test_it_is_as_tall_as_its_words(words: RichText) -> None:
    words.show_plain("short")
    low = words.height()
    words.show_plain("long " * 200)
    assert words.height() > 3 * low
    assert words.verticalScrollBar().maximum() == 0


def test_nothing_that_an_answer_names_is_loaded(words: RichText) -> None:
    assert words.loadResource(2, QUrl("file:///etc/hostname")) is None


def test_a_link_shows_its_address_before_it_opens(qtbot: QtBot, words: RichText) -> None:
    words.show_markdown("[here](https://example.org/a)")
    words.anchorClicked.emit(QUrl("https://example.org/a"))
    menu = words.findChild(QMenu)
    assert menu is not None
    assert [action.text() for action in menu.actions() if action.text()] == [
        "This leads to example.org",
        "https://example.org/a",
        "Open outside Deskbook",
        "Copy the address",
    ]
    menu.close()


def test_the_card_has_title_page_and_quote() -> None:
    shown = card(SEAL, LIGHT)
    assert "Manual" in shown
    assert "p. iv · page 6 of the file" in shown
    assert "“A &lt;seal&gt;.”" in shown


def test_the_card_says_what_comes_from_a_scan() -> None:
    scanned = replace(SEAL, marks=(BoxMark(6, Box(0, 0, 9, 9), 0.9),))
    assert "From a scan, read with 90% certainty: check the words." in card(scanned, LIGHT)
    assert "scan" not in card(SEAL, LIGHT)

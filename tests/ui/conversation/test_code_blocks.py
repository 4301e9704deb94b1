"""Code in an answer: highlighted, copied, run when asked, its output beneath it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from rag.code_running import CodeResult
from ui.conversation.code_blocks import COPY, RUN, CodeShown, highlighted, source_of, tip
from ui.conversation.markdown import to_html
from ui.conversation.rich_text import RichText
from ui.theme import Theme

CODE = "print('100 % of <b> & \"c\"')  # %41\nprint(2)"
ANSWER = f"See:\n\n```python\n{CODE}\n```\n"


@pytest.fixture
def words(qtbot: QtBot, theme: Theme) -> RichText:
    made = RichText(theme, "Answer")
    qtbot.addWidget(made)
    made.show_markdown(ANSWER)
    return made


def links(words: RichText) -> list[QUrl]:
    document, found = words.document(), []
    block = document.begin()
    while block.isValid():
        position = block.begin()
        while not position.atEnd():
            href = position.fragment().charFormat().anchorHref()
            found += [QUrl(href)] if href else []
            position += 1
        block = block.next()
    return found


@pytest.mark.parametrize(
    ("language", "kind"), [("python", "keyword"), ("c", "keyword"), ("json", "keyword")]
)
def test_code_is_highlighted_in_its_language(language: str, kind: str) -> None:
    assert f'<span class="{kind}">' in highlighted("return true; // null", language)


@pytest.mark.parametrize("language", ["", "klingon", '"><script>'])
def test_code_in_no_known_language_is_plain(language: str) -> None:
    assert highlighted("a < b", language) == "a &lt; b"
    assert "<script" not in to_html(f"```{language}\na\n```")


def test_code_is_copied_letter_for_letter(words: RichText) -> None:
    (copy,) = links(words)
    words.anchorClicked.emit(copy)
    assert QGuiApplication.clipboard().text() == CODE


def test_running_is_offered_where_it_can_be_done(qtbot: QtBot, words: RichText) -> None:
    words.offer_running()
    _, run = links(words)
    with qtbot.waitSignal(words.run_asked) as asked:
        words.anchorClicked.emit(run)
    assert asked.args == [CODE]


def test_only_python_is_run() -> None:
    assert RUN not in to_html("```bash\nrm -rf /\n```", code=CodeShown(can_run=True))
    assert RUN in to_html("```py\n1\n```", code=CodeShown(can_run=True))


def test_what_code_printed_stands_beneath_it(words: RichText) -> None:
    words.show_code_result(CODE, CodeResult("<two>\n", "Oh no\n", 1, 0.24, False))
    shown = words.toPlainText()
    assert shown.index("print(2)") < shown.index("<two>") < shown.index("Oh no")
    assert "Ended with code 1 after 0.2 s" in shown


def test_a_limit_is_told(words: RichText) -> None:
    words.show_code_result(CODE, CodeResult("", "", 137, 10.0, True))
    assert "Cut off: code may run for 10 s, take 512 MB and print 64 KB." in words.toPlainText()


def test_why_code_was_not_run_is_told(words: RichText) -> None:
    words.show_code_refused(CODE, "It was not run.", "Copy it.")
    assert "It was not run. Copy it." in words.toPlainText()


def test_no_answer_can_make_such_links_itself() -> None:
    shown = to_html(f"[a]({RUN}print(1)) [b]({COPY}x)", code=CodeShown(can_run=True))
    assert "href" not in shown


def test_a_link_holds_its_code() -> None:
    assert source_of(RUN + "a%0Ab%2541") == "a\nb%41"


def test_what_a_link_does_is_told() -> None:
    assert tip(COPY + "x") == "Copy this code"
    assert "without network or files" in tip(RUN + "x")
    assert tip("https://example.org") == "https://example.org"

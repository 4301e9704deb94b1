"""Words that come fast are told in bundles."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from ui.conversation.word_stream import WordStream


def test_many_words_are_told_a_few_times(qtbot: QtBot) -> None:
    stream = WordStream()
    told: list[str] = []
    stream.changed.connect(told.append)
    for _ in range(500):
        stream.add("x")
    qtbot.waitUntil(lambda: told == ["x" * 500])


def test_the_end_tells_the_rest_at_once() -> None:
    stream = WordStream()
    told: list[str] = []
    stream.changed.connect(told.append)
    stream.add("the end")
    stream.finish()
    stream.finish()
    assert told == ["the end"]


def test_dropped_words_are_told_no_more(qtbot: QtBot) -> None:
    stream = WordStream()
    stream.add("old")
    stream.drop()
    with qtbot.assertNotEmitted(stream.changed, wait=120):
        pass

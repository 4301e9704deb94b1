"""What is amiss with the model, and where questions go, stands over the conversation."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.messages import Ready
from ui.models.notice import ModelNotice
from ui.window import MainWindow

SMALLER = "There was too little memory for 16,384 tokens of context: 8,192 are used."


@pytest.fixture
def notice(window: MainWindow) -> ModelNotice:
    return window.conversation.notice


def put_away(qtbot: QtBot, notice: ModelNotice) -> None:
    qtbot.mouseClick(notice.findChild(QPushButton), Qt.MouseButton.LeftButton)


def test_a_notice_stays_until_it_is_put_away(
    qtbot: QtBot, notice: ModelNotice, window: MainWindow, door: Any
) -> None:
    door.say(Ready(0, "phi-4", False, SMALLER))
    window.status.show_loading("something else")
    assert notice.text == SMALLER
    put_away(qtbot, notice)
    assert not notice.isVisible()


def test_the_same_notice_does_not_come_back_after_each_rest(
    qtbot: QtBot, notice: ModelNotice, door: Any
) -> None:
    door.say(Ready(0, "phi-4", False, SMALLER))
    put_away(qtbot, notice)
    door.say(Ready(0, "phi-4", False, SMALLER))
    assert not notice.isVisible()
    door.say(Ready(0, "phi-4", False, "The graphics card failed."))
    assert notice.text == "The graphics card failed."


def test_a_server_elsewhere_is_named_for_as_long_as_it_answers(
    qtbot: QtBot, notice: ModelNotice, door: Any
) -> None:
    door.say(Ready(0, "phi-4", False, SMALLER, 16_384, "ai.example.org"))
    put_away(qtbot, notice)
    assert notice.isVisible()
    assert notice.text == "Your questions, and what is found for them, go to ai.example.org."
    door.say(Ready(0, "phi-4", False, "", 16_384))
    assert not notice.isVisible()


def test_a_notice_that_names_the_server_is_not_said_twice(notice: ModelNotice, door: Any) -> None:
    said = "Your questions go to ai.example.org. Others on the way can read them."
    door.say(Ready(0, "phi-4", False, said, 16_384, "ai.example.org"))
    assert notice.text == said
    assert not notice.findChild(QPushButton).isVisible()

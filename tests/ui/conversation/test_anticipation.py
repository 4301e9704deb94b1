"""What the engine is told of a question that is still being typed."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from app.messages import Answered, Anticipate, Ask, Done, Ready, Stop
from rag.types import Answer, Mode, Scope, Timings, Tokens, Turn
from ui.conversation.pane import ConversationPane

TURN = Turn("prompt", "It is part 7.", "Which part is the seal?")
ANSWER = Answer("It is part 7.", "", False, (), (), (), 0.9, TURN, Tokens(), Timings(), "phi-4")
LONGER_THAN_THE_PAUSE_MS = 400


@pytest.fixture
def pane(qtbot: QtBot, link: Any, door: Any, actions: Any, theme: Any) -> ConversationPane:
    made = ConversationPane(link, actions, theme)
    qtbot.addWidget(made)
    made.show()
    door.say(Ready(0, "phi-4", False, ""))
    return made


def told(door: Any) -> list[Anticipate]:
    return [request for request in door.sent if isinstance(request, Anticipate)]


def write(qtbot: QtBot, pane: ConversationPane, text: str) -> None:
    pane.composer.box.setPlainText(text)
    qtbot.wait(LONGER_THAN_THE_PAUSE_MS)


def test_a_pause_in_typing_tells_what_was_typed(
    qtbot: QtBot, pane: ConversationPane, door: Any
) -> None:
    qtbot.keyClicks(pane.composer.box, "Which part is the")
    assert told(door) == []
    qtbot.waitUntil(lambda: told(door) != [])
    (request,) = told(door)
    assert (request.question, request.mode, request.history) == (
        "Which part is the", Mode.DOCUMENTS, (),
    )  # fmt: skip
    assert not request.is_thorough


def test_two_words_are_too_few(qtbot: QtBot, pane: ConversationPane, door: Any) -> None:
    write(qtbot, pane, "Which part")
    assert door.sent == []


def test_the_same_words_are_not_told_twice(qtbot: QtBot, pane: ConversationPane, door: Any) -> None:
    write(qtbot, pane, "Which part is it?")
    write(qtbot, pane, "Which part is it?  ")
    assert len(told(door)) == 1


def test_what_is_chosen_for_the_question_is_told(
    qtbot: QtBot, pane: ConversationPane, door: Any
) -> None:
    write(qtbot, pane, "Which part is it?")
    pane.scope.choose(Scope(collection="Manuals"))
    pane.composer.thorough.click()
    qtbot.wait(LONGER_THAN_THE_PAUSE_MS)
    assert told(door)[-1].scope == Scope(collection="Manuals")
    assert told(door)[-1].is_thorough


def test_clearing_the_box_stops_it(qtbot: QtBot, pane: ConversationPane, door: Any) -> None:
    write(qtbot, pane, "Which part is it?")
    write(qtbot, pane, "")
    assert door.sent[-1] == Stop(told(door)[-1].request_id)


def test_nothing_is_told_while_an_answer_comes_and_then_with_its_turn(
    qtbot: QtBot, pane: ConversationPane, door: Any
) -> None:
    pane.composer.box.setPlainText("Which part is the seal?")
    pane.composer.submit()
    write(qtbot, pane, "And what does it cost?")
    assert told(door) == []
    request = door.last(Ask).request_id
    door.say(Answered(request, ANSWER), Done(request))
    qtbot.waitUntil(lambda: told(door) != [])
    assert told(door)[0].history == (TURN,)


def test_without_a_model_nothing_is_told(qtbot: QtBot, pane: ConversationPane, door: Any) -> None:
    door.say(Ready(0, "", False, ""))
    write(qtbot, pane, "Which part is the seal?")
    assert door.sent == []


def test_a_thorough_question_is_asked_thoroughly(pane: ConversationPane, door: Any) -> None:
    pane.composer.thorough.click()
    pane.ask("Which part is the seal?", Mode.DOCUMENTS)
    assert door.last(Ask).is_thorough


def test_the_button_says_in_seconds_what_thorough_costs(pane: ConversationPane, door: Any) -> None:
    assert pane.composer.thorough.toolTip().endswith("which takes longer (Ctrl+Shift+G)")
    door.say(Ready(0, "phi-4", False, "", quick_s=9.7, thorough_s=121.0))
    assert pane.composer.thorough.toolTip() == (
        "Read more of the documents for each answer: it then begins after about 2 minutes, and "
        "otherwise after about 10 seconds (Ctrl+Shift+G)"
    )


def test_the_assistant_is_not_to_be_thorough(pane: ConversationPane) -> None:
    pane.composer.findChild(QToolButton, "assistant").click()
    assert not pane.composer.thorough.isEnabled()

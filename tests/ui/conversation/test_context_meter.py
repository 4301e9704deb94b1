"""How full the context is, and how an answer came about, are shown without being in the way."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from app.messages import Answered, Ask, Done, Loading, Quoted, Ready
from rag.types import Answer, Mode, Quotation, Timings, Tokens, Turn
from ui.conversation.speed_words import how_fast
from ui.window import MainWindow

READY = Ready(0, "phi-4", False, "", 16_384)
NO_TIMINGS = Timings()


def answer(tokens: Tokens, timings: Timings = NO_TIMINGS, **more: Any) -> Answer:
    turn = Turn("prompt", "It is part 7.")
    values: dict[str, Any] = {"model": "phi-4", "notes": ()} | more
    return Answer(
        "It is part 7.", "", False, (), (), (), 0.9, turn, tokens, timings, **values
    )  # fmt: skip


def ask(window: MainWindow, door: Any) -> int:
    window.conversation.ask("Which part is the seal?", Mode.DOCUMENTS)
    return int(door.last(Ask).request_id)


def said(window: MainWindow) -> list[str]:
    return [each.text() for each in window.conversation.findChildren(QLabel) if each.isVisible()]


def test_it_shows_how_full_the_context_is(window: MainWindow, door: Any) -> None:
    door.say(READY)
    request = ask(window, door)
    door.say(Answered(request, answer(Tokens(6_000, 5_000, 144))), Done(request))
    assert window.conversation.meter.text == "38 % of the context"
    assert "6,144 of the 16,384 tokens" in window.conversation.meter.toolTip()
    window.conversation.start_anew()
    assert not window.conversation.meter.isVisible()


@pytest.mark.parametrize(
    ("ready", "tokens"), [(READY, Tokens()), (Ready(0, "phi-4", False, ""), Tokens(6_000, 0, 99))]
)
def test_without_figures_it_shows_nothing(
    window: MainWindow, door: Any, ready: Ready, tokens: Tokens
) -> None:
    door.say(ready)
    request = ask(window, door)
    door.say(Answered(request, answer(tokens)), Done(request))
    assert not window.conversation.meter.isVisible()


def test_turns_that_were_dropped_are_told_in_the_exchange(window: MainWindow, door: Any) -> None:
    door.say(READY)
    request = ask(window, door)
    note = "The 3 oldest questions were left out: the model can take in no more."
    door.say(Answered(request, answer(Tokens(9, 0, 9), notes=(note,))), Done(request))
    assert note in said(window)


def test_while_the_model_comes_back_the_question_says_what_it_waits_for(
    window: MainWindow, door: Any
) -> None:
    door.say(READY)
    request = ask(window, door)
    door.say(Quoted(request, Quotation("", (), ())), Loading(request, "Phi-4 14B"))
    assert "Loading Phi-4 14B; the question waits for it…" in said(window)
    door.say(READY)
    assert "Searching your documents…" in said(window)


def test_how_an_answer_came_about_is_told_in_sentences() -> None:
    timings = Timings(0.1, first_token=2.14, generate=20.0, total=22.2)
    assert how_fast(answer(Tokens(4_210, 3_900, 142), timings)) == (
        "First word after 2.1 s. 142 tokens written, 7.1 a second.\n"
        "4,210 tokens read; 3,900 of them were known from before."
    )
    assert how_fast(answer(Tokens(), model="")) == ""


def test_it_is_the_tooltip_under_the_answer(window: MainWindow, door: Any) -> None:
    door.say(READY)
    request = ask(window, door)
    door.say(Answered(request, answer(Tokens(50, 0, 9))), Done(request))
    footer = next(
        each for each in window.conversation.findChildren(QLabel) if each.text() == "phi-4"
    )
    assert footer.toolTip() == "9 tokens written.\n50 tokens read."

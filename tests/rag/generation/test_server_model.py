"""A model on a real server: llama-cpp-python's own, with the starter."""

from __future__ import annotations

import collections
import time
from collections.abc import Callable
from contextlib import closing

import pytest

from rag.errors import ModelError, ModelMissing, ModelUnusable, Stopped
from rag.generation import LanguageModel
from rag.generation.server_model import ServerModel
from rag.generation.templates import Message

KEY = "the right key"
SYSTEM = Message("system", "You answer in one sentence.")
QUESTION = Message("user", "What is the capital of France?")
LONG = Message("user", "Sum up. " + "The river is high in March and low in August. " * 30)


@pytest.fixture(scope="module")
def model(chat_server: str) -> LanguageModel:
    return ServerModel(chat_server, model="", key=KEY, context_tokens=1024)


def never() -> bool:
    return False


def answer(
    model: LanguageModel, *messages: Message, is_stopped: Callable[[], bool] = never
) -> list[str]:
    written = model.generate(messages, max_tokens=24, temperature=0, is_stopped=is_stopped)
    return list(written)


def test_without_a_name_the_first_model_of_the_server_answers(model: LanguageModel) -> None:
    assert model.name == "starter"
    assert "Paris" in "".join(answer(model, SYSTEM, QUESTION))


def test_the_words_come_one_by_one_and_are_counted(model: LanguageModel) -> None:
    pieces = answer(model, SYSTEM, QUESTION)
    assert len(pieces) > 3
    assert model.usage.generated == len(pieces)
    assert 10 < model.usage.prompt < 40


def test_a_follow_up_is_answered_with_what_was_said_before(model: LanguageModel) -> None:
    told = Message("user", "My dog is called Wotan. Say hello.")
    asked = Message("user", "What is my dog called?")
    pieces = answer(model, SYSTEM, told, Message("assistant", "Hello Wotan!"), asked)
    assert "Wotan" in "".join(pieces)


def test_a_stop_while_the_server_reads_is_heard_within_300_ms(model: LanguageModel) -> None:
    began, heard = time.monotonic(), list[float]()

    def is_stopped() -> bool:
        if time.monotonic() > began + 0.2:
            heard.append(time.monotonic())
        return bool(heard)

    with pytest.raises(Stopped):
        answer(model, LONG, is_stopped=is_stopped)
    assert time.monotonic() - heard[0] < 0.3


def test_a_stop_while_the_server_writes_keeps_the_words_so_far(model: LanguageModel) -> None:
    words = list[str]()
    written = model.generate(
        [SYSTEM, QUESTION], max_tokens=200, temperature=0, is_stopped=lambda: len(words) > 2
    )
    with pytest.raises(Stopped):
        collections.deque(map(words.append, written))
    assert 3 <= len(words) == model.usage.generated < 200


def test_after_a_stop_the_next_question_is_answered(model: LanguageModel) -> None:
    with pytest.raises(Stopped):
        answer(model, LONG, is_stopped=lambda: True)
    assert answer(model, SYSTEM, QUESTION)


def test_an_answer_that_is_given_up_leaves_nothing_open(model: LanguageModel) -> None:
    written = model.generate([QUESTION], max_tokens=50, temperature=0, is_stopped=never)
    assert next(written)
    written.close()  # type: ignore[attr-defined]
    assert answer(model, SYSTEM, QUESTION)


@pytest.mark.parametrize("key", ["", "another", "ключ"])
def test_a_wrong_key_is_told_when_the_model_is_opened(chat_server: str, key: str) -> None:
    with pytest.raises(ModelUnusable, match=r"does not take the key\. Write the right one as"):
        ServerModel(chat_server, model="", key=key, context_tokens=1024)


def test_a_model_that_is_not_there_is_told_with_those_that_are(chat_server: str) -> None:
    with pytest.raises(ModelMissing, match=r"no model “phi-4”\. It has: starter\. Write one as"):
        ServerModel(chat_server, model="phi-4", key=KEY, context_tokens=1024)


def test_a_prompt_longer_than_the_server_s_context_is_told(model: LanguageModel) -> None:
    longer = Message("user", LONG.content * 5)
    with pytest.raises(ModelError, match="`context_tokens` under \\[server\\] in the settings"):
        answer(model, longer)


def test_what_is_typed_and_not_asked_yet_is_sent_nowhere() -> None:
    with closing(ServerModel.__new__(ServerModel)) as unconnected:  # it would fail to send
        unconnected.read_ahead([QUESTION], is_stopped=never)

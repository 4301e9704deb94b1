"""Reading ahead while the person types: what the model is given, and what is in its cache at Enter.

With the real samples, MiniLM and starter, and with a model that takes down what it is to read.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import cast

import pytest

import rag.reading_ahead
from rag.answering import Answering, Limits
from rag.catalog import Catalog
from rag.embedding import Embedder
from rag.errors import Stopped
from rag.generation import LanguageModel, LocalModel
from rag.generation.templates import Message
from rag.prompting import read_prompts
from rag.research import Research
from rag.retrieval.retriever import Retriever
from rag.types import EVERYWHERE, Answer, Mode, Tokens, Turn

PROMPTS = read_prompts(Path(__file__).parents[2] / "assets" / "prompts")
TICKET = "What does a return ticket for the ferry to Lunnsay cost?"
TANK = "When will the new water tank be installed?"
ELSEWHERE = "Which enzyme unwinds the DNA helix?"

Opened = Callable[..., Answering]


@pytest.fixture
def opened(samples: tuple[Catalog, Retriever], embedder: Embedder) -> Opened:
    """Answering over the samples, as with a model that is no demonstration."""
    catalog, retriever = samples

    def opened(model: object, evidence_tokens: int = 400) -> Answering:
        return Answering(
            Research(retriever, embedder),
            catalog.pages,
            cast(LanguageModel, model),
            prompts=PROMPTS,
            limits=Limits(evidence_tokens, answer_tokens=20),
            is_demonstration=False,
        )

    return opened


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rag.reading_ahead, "PAUSE_S", 0.0)


class ReadingModel:
    """Takes down what it is given to read; tokens are words."""

    name = "reading"
    context_tokens = 4_096
    usage = Tokens()

    def __init__(self) -> None:
        self.read: list[tuple[Message, ...]] = []

    def count(self, text: str) -> int:
        return len(text.split())

    def read_ahead(self, messages: Sequence[Message], *, is_stopped: Callable[[], bool]) -> None:
        if is_stopped():
            raise Stopped
        self.read.append(tuple(messages))

    def generate(self, messages: Sequence[Message], **limits: object) -> Iterator[str]:
        self.read.append(tuple(messages))
        yield "Yes."


def type_ahead(
    answering: Answering,
    question: str,
    *,
    mode: Mode = Mode.DOCUMENTS,
    history: Sequence[Turn] = (),
    is_stopped: Callable[[], bool] = lambda: False,
) -> None:
    answering.anticipate(
        question, mode=mode, scope=EVERYWHERE, history=history, is_stopped=is_stopped
    )


def ask(answering: Answering, question: str, history: Sequence[Turn] = ()) -> Answer:
    *_, last = answering.answer(
        question,
        mode=Mode.DOCUMENTS,
        scope=EVERYWHERE,
        history=history,
        is_stopped=lambda: False,
    )
    assert isinstance(last, Answer)
    return last


def test_the_same_question_gives_the_prompt_that_was_read_ahead(opened: Opened) -> None:
    model = ReadingModel()
    answering = opened(model)
    type_ahead(answering, TICKET)
    ask(answering, TICKET)
    assert model.read[-1] == model.read[-2]
    assert model.read[-1][-1].content.endswith(f"Question: {TICKET}")


def test_each_step_of_reading_begins_with_the_step_before(opened: Opened) -> None:
    model = ReadingModel()
    type_ahead(opened(model), TICKET)
    texts = [messages[-1].content for messages in model.read]
    assert len(texts) > 2
    assert all(after.startswith(before) for before, after in pairwise(texts))


def test_a_question_that_goes_on_keeps_what_was_read(opened: Opened) -> None:
    model = ReadingModel()
    answering = opened(model)
    type_ahead(answering, "What does a return ticket for the ferry")
    before = model.read[-1][-1].content.partition("\n\nQuestion: ")[0]
    ask(answering, TICKET)
    first = before.partition("\n\n[2] ")[0]
    assert model.read[-1][-1].content.startswith(first)


def test_what_was_read_ahead_is_forgotten_once_it_was_asked(opened: Opened) -> None:
    model = ReadingModel()
    answering = opened(model)
    type_ahead(answering, TICKET)
    ask(answering, TANK)
    ask(answering, TICKET)
    fresh = ReadingModel()
    ask(opened(fresh), TICKET)
    assert model.read[-1] == fresh.read[-1]


def test_without_evidence_nothing_is_read(opened: Opened) -> None:
    model = ReadingModel()
    type_ahead(opened(model), ELSEWHERE)
    type_ahead(opened(model), "  ")
    type_ahead(opened(None), TICKET)
    assert model.read == []


def test_the_assistant_reads_conversation_and_question(opened: Opened) -> None:
    model = ReadingModel()
    turns = [Turn("Say hello.", "Hello.")]
    type_ahead(opened(model), "And now", mode=Mode.ASSISTANT, history=turns)
    (messages,) = model.read
    assert [message.content for message in messages] == [
        PROMPTS.assistant.text, "Say hello.", "Hello.", "And now",
    ]  # fmt: skip


def test_evidence_that_has_not_settled_waits_for_a_pause(
    opened: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rag.reading_ahead, "PAUSE_S", 5.0)
    model = ReadingModel()
    answering = opened(model)
    deadline = time.perf_counter() + 0.5
    with pytest.raises(Stopped):
        type_ahead(answering, TICKET, is_stopped=lambda: time.perf_counter() > deadline)
    assert model.read == []
    type_ahead(answering, TICKET)
    assert model.read != []


def test_a_question_too_long_is_told_when_it_is_asked(opened: Opened) -> None:
    model = ReadingModel()
    type_ahead(opened(model), f"{TICKET} {'please ' * 5_000}")
    assert model.read == []


def test_with_the_starter_all_but_the_end_is_in_the_cache_at_enter(
    opened: Opened, starter: LocalModel
) -> None:
    answering = opened(starter)
    type_ahead(answering, TICKET)
    tokens = ask(answering, TICKET).tokens
    assert tokens.cached >= tokens.prompt - 8  # the template's end, and a token at the seam


def test_a_conversation_reads_only_what_is_new(opened: Opened, starter: LocalModel) -> None:
    turns = [ask(opened(None), TANK).turn]  # of before there was a model
    answering = opened(starter, evidence_tokens=150)
    read = 0
    for question in (TICKET, TANK, TICKET):
        answer = ask(answering, question, turns)
        assert answer.tokens.cached >= read - 2
        turns.append(answer.turn)
        read = answer.tokens.prompt + answer.tokens.generated

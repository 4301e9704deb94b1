"""Answers with drafts are the answers without."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import Stopped
from rag.generation import LocalModel, Plan
from rag.generation.decoding import drafted_tokens, likeliest_tokens
from rag.generation.live_sequence import LiveSequence
from rag.generation.reserving import DRAFT_TOKENS
from rag.generation.templates import Message

PLACES = ("Graz", "Oslo", "the third shelf", "an attic", "the old harbour")
STORY = " ".join(
    f"The lamp number {n} was built in {1900 + n} in {PLACES[n % 5]}." for n in range(9)
)
QUESTIONS = (
    "Repeat the first three sentences word by word.",
    "When was lamp number 7 built?",
    "List all lamps and their years.",
    "Write a poem of a lamp.",
)


def told(model: LocalModel, content: str, *, draft_tokens: int, max_tokens: int = 16) -> str:
    talk = [Message("system", "You quote."), Message("user", content)]
    model.draft_tokens = draft_tokens
    try:
        return "".join(
            model.generate(talk, max_tokens=max_tokens, temperature=0.0, is_stopped=lambda: False)
        )
    finally:
        model.draft_tokens = 0


@contextmanager
def counted_drafts(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """How many tokens were read at once, each time that something was drafted."""
    counts: list[int] = []
    read_draft = LiveSequence.read_draft

    def count(sequence: LiveSequence, tokens: list[int]) -> None:
        counts.append(len(tokens))
        read_draft(sequence, tokens)

    with monkeypatch.context() as patch:
        patch.setattr(LiveSequence, "read_draft", count)
        yield counts


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_answer_is_the_same(
    starter: LocalModel, question: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt = f"{STORY}\n\n{question}"
    alone = told(starter, prompt, draft_tokens=0)
    usage = starter.usage.generated
    with counted_drafts(monkeypatch) as counts:
        assert told(starter, prompt, draft_tokens=DRAFT_TOKENS) == alone
    assert starter.usage.generated == usage
    assert counts


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    words=st.lists(st.sampled_from(STORY.split()), min_size=1, max_size=20),
    draft_tokens=st.integers(1, DRAFT_TOKENS),
    max_tokens=st.integers(1, 12),
)
def test_the_answer_is_the_same_to_whatever_prompt(
    starter: LocalModel, words: list[str], draft_tokens: int, max_tokens: int
) -> None:
    prompt = " ".join(words * 2)
    alone = told(starter, prompt, draft_tokens=0, max_tokens=max_tokens)
    drafted = told(starter, prompt, draft_tokens=draft_tokens, max_tokens=max_tokens)
    assert drafted == alone


def collect(pieces: Iterator[str], said: list[str]) -> None:
    for piece in pieces:
        said.append(piece)
        time.sleep(0.05)  # as long as a stop flag takes to follow


class Guesses:
    """In place of a lookup: the answer itself where it shall be right, and else something else."""

    def __init__(self, answer: list[int], are_right: list[bool]) -> None:
        self._answer, self._are_right, self._known = answer, are_right, -1

    def __call__(self, _tokens: list[int]) -> Guesses:
        return self

    def add(self, _token: int) -> None:
        self._known += 1

    def draft(self, max_tokens: int) -> list[int]:
        start = self._known + 1
        guesses = self._answer[start : start + max(0, max_tokens)]
        return [
            token if self._are_right[(start + place) % len(self._are_right)] else token + 1
            for place, token in enumerate(guesses)
        ]


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(are_right=st.lists(st.booleans(), min_size=1, max_size=9))
def test_whatever_is_guessed_the_answer_is_the_same(
    starter: LocalModel, monkeypatch: pytest.MonkeyPatch, are_right: list[bool]
) -> None:
    prompt = starter.render([Message("user", "Tell a story of a lamp and a ferry.")])
    sequence, count = starter.sequence, 16
    unread = prompt[sequence.keep_prefix_of(prompt) :]
    alone = list(islice(likeliest_tokens(sequence, unread), count))
    unread = prompt[sequence.keep_prefix_of(prompt) :]
    with monkeypatch.context() as patch:
        patch.setattr("rag.generation.decoding.PromptLookup", Guesses(alone, are_right))
        drafted = drafted_tokens(
            sequence, unread, max_tokens=count, draft_tokens=DRAFT_TOKENS, end_tokens=()
        )
        assert list(islice(drafted, count)) == alone
    assert sequence.tokens == [*prompt, *alone[:-1]]


@pytest.fixture(scope="module")
def repacked(declared_path: Path) -> Iterator[LocalModel]:
    plan = Plan(512, threads=1, is_mapped=False)
    with closing(LocalModel.load(declared_path, plan, name="repacked")) as model:
        yield model


def test_an_answer_of_one_word_over_and_over_comes_in_few_readings(
    repacked: LocalModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    with counted_drafts(monkeypatch) as counts:
        assert told(repacked, "Go on.", draft_tokens=DRAFT_TOKENS, max_tokens=30) == "hello" * 30
    assert repacked.usage.generated == 30
    assert sum(counts) - len(counts) > 15


def test_drafts_end_where_the_context_is_full(repacked: LocalModel) -> None:
    told(repacked, "hello " * 400, draft_tokens=DRAFT_TOKENS, max_tokens=1000)
    assert repacked.usage.prompt + repacked.usage.generated == repacked.context_tokens


def test_what_was_drafted_wrong_is_forgotten(starter: LocalModel) -> None:
    told(starter, f"{STORY}\n\n{QUESTIONS[0]}", draft_tokens=DRAFT_TOKENS)
    assert starter.read_tokens <= starter.usage.prompt + starter.usage.generated


def test_no_draft_goes_past_an_end_token(phi4: LocalModel) -> None:
    assert told(phi4, "say say say say say say", draft_tokens=DRAFT_TOKENS) == ""
    assert phi4.usage.generated == 0


def test_a_stop_is_heard_between_drafts(repacked: LocalModel) -> None:
    said: list[str] = []
    repacked.draft_tokens = DRAFT_TOKENS
    pieces = repacked.generate(
        [Message("user", "Go on.")],
        max_tokens=400,
        temperature=0.0,
        is_stopped=lambda: len(said) > 2,
    )
    with pytest.raises(Stopped):
        collect(pieces, said)
    assert len(said) < 40
    assert told(repacked, "Go on.", draft_tokens=0, max_tokens=2) == "hellohello"


def test_with_a_temperature_nothing_is_drafted(
    starter: LocalModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    starter.draft_tokens = DRAFT_TOKENS
    talk = [Message("user", STORY)]
    with counted_drafts(monkeypatch) as counts:
        list(starter.generate(talk, max_tokens=4, temperature=0.7, is_stopped=lambda: False))
    starter.draft_tokens = 0
    assert counts == []

"""What goes into a prompt: laws of the budget, and the order of what is in it."""

from __future__ import annotations

from functools import partial
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rag import evidence
from rag.errors import ContextTooSmall
from rag.evidence import Excerpt
from rag.generation import LocalModel
from rag.prompting import Budget, Prompt, documents_prompt, fit, read_prompts
from rag.types import FoundPassage, Kind, PageRef, Passage, Span, Turn

PROMPTS = Path(__file__).parents[2] / "assets" / "prompts"
AMPLE = Budget(context=100_000, answer=500, evidence=10_000)
WORDS = st.text("ab .\n", min_size=1, max_size=120)


def found(
    text: str,
    *,
    title: str = "Manual",
    headings: tuple[str, ...] = (),
    pages: tuple[PageRef, ...] = (),
) -> FoundPassage:
    passage = Passage(Span(10, 10 + len(text)), text, headings, pages)
    return FoundPassage(1, 1.0, 0.5, 0.5, 7, "d1", "/m.pdf", title, Kind.PDF, passage, ())


def excerpt(text: str, **place: Any) -> Excerpt:
    return Excerpt((found(text, **place),), (Span(10, 10 + len(text)),))


def fitted(
    evidence: list[str],
    *,
    budget: Budget = AMPLE,
    history: list[Turn] | None = None,
    question: str = "Which color?",
) -> Prompt:
    """A prompt with the first of these texts, as many as have room."""

    def gather(tokens: int) -> tuple[Excerpt, ...]:
        lengths = accumulate(len(f"[1] Manual\n{text}\n\n") for text in evidence)
        return tuple(
            excerpt(text)
            for text, length in zip(evidence, lengths, strict=True)
            if length <= tokens
        )

    return fit(
        "Be brief.", question, history=history or [], gather=gather, count=len, budget=budget
    )


def texts(prompt: Prompt) -> list[str]:
    return [excerpt.text for excerpt in prompt.evidence]


def test_evidence_stands_before_the_question_with_its_place() -> None:
    pages = (PageRef(3, "iii"), PageRef(4, "iv"))
    evidence = [
        excerpt("It is blue.", headings=("Lamps", "Color"), pages=pages[:1]),
        excerpt(" It is old.\n", title="Notes", headings=("Notes",)),
        excerpt("It is odd.", pages=pages),
    ]
    assert documents_prompt("Which color?", evidence) == (
        "[1] Manual > Lamps > Color, page iii\nIt is blue.\n\n"
        "[2] Notes\nIt is old.\n\n"
        "[3] Manual, pages iii to iv\nIt is odd.\n\n"
        "Question: Which color?"
    )


def test_without_evidence_the_prompt_is_the_question() -> None:
    assert documents_prompt("Which color?", []) == "Which color?"


def test_the_order_is_system_then_turns_then_evidence_then_question() -> None:
    prompt = fitted(["It is blue."], history=[Turn("First?", "One."), Turn("Second?", "Two.")])
    assert [(message.role, message.content) for message in prompt.messages] == [
        ("system", "Be brief."),
        ("user", "First?"),
        ("assistant", "One."),
        ("user", "Second?"),
        ("assistant", "Two."),
        ("user", "[1] Manual\nIt is blue.\n\nQuestion: Which color?"),
    ]


def test_a_follow_up_begins_with_the_prompt_before_it() -> None:
    first = fitted(["It is blue."])
    turn = Turn(first.question_text, "Blue [1].")
    second = fitted(["It is old."], history=[turn])
    assert second.messages[: len(first.messages)] == first.messages


@given(
    evidence=st.lists(WORDS, max_size=6),
    history=st.lists(st.builds(Turn, WORDS, WORDS), max_size=5),
    budget=st.builds(Budget, st.integers(80, 900), st.integers(0, 200), st.integers(0, 300)),
)
def test_a_prompt_never_exceeds_its_budget(
    evidence: list[str], history: list[Turn], budget: Budget
) -> None:
    try:
        prompt = fitted(evidence, history=history, budget=budget)
    except ContextTooSmall:
        assume(False)
    contents = sum(len(message.content) for message in prompt.messages)
    assert contents < prompt.token_count <= budget.context - budget.answer
    assert len(prompt.question_text) <= len("Which color?") + budget.evidence


@given(
    evidence=st.lists(WORDS, max_size=6),
    history=st.lists(st.builds(Turn, WORDS, WORDS), max_size=5),
    context=st.integers(100, 900),
)
def test_the_best_evidence_and_the_newest_turns_are_kept(
    evidence: list[str], history: list[Turn], context: int
) -> None:
    prompt = fitted(evidence, history=history, budget=Budget(context, 10, 300))
    kept = [message.content for message in prompt.messages[1:-1]]
    newest = history[prompt.dropped_turn_count :]
    assert kept == [text for turn in newest for text in (turn.prompt, turn.answer)]
    assert len(prompt.evidence) < 2 or texts(prompt) == evidence[: len(prompt.evidence)]


@given(
    sizes=st.lists(st.tuples(st.integers(1, 150), st.integers(1, 120)), min_size=2, max_size=25),
    context=st.integers(900, 1_500),
)
def test_a_conversation_reads_anew_only_when_turns_are_dropped(
    sizes: list[tuple[int, int]], context: int
) -> None:
    budget = Budget(context, answer=120, evidence=200)
    turns: list[Turn] = []
    before: Prompt | None = None
    for excerpt_size, answer_size in sizes:
        prompt = fitted(["x" * excerpt_size], budget=budget, history=turns)
        assert prompt.token_count <= context - budget.answer
        if before is not None and before.dropped_turn_count == prompt.dropped_turn_count:
            assert prompt.messages[: len(before.messages)] == before.messages
        before = prompt
        turns.append(Turn(prompt.question_text, "y" * answer_size))


def test_turns_are_dropped_several_at_once() -> None:
    turn, budget = Turn("x" * 100, "y" * 84), Budget(2_500, answer=100, evidence=100)
    drops = [
        fitted([], budget=budget, history=[turn] * count).dropped_turn_count for count in range(30)
    ]
    assert len(set(drops)) == 5
    assert drops == sorted(drops)


def test_a_very_long_question_takes_the_room_of_turns() -> None:
    history = [Turn("x" * 100, "y" * 84)] * 5
    budget = Budget(1_600, answer=100, evidence=0)
    assert fitted([], budget=budget, history=history).dropped_turn_count == 0
    asked = fitted([], budget=budget, history=history, question="z" * 1_000)
    assert asked.dropped_turn_count == 3


def test_more_room_lets_in_more_evidence() -> None:
    lengths = [
        len(fitted(["x" * 50] * 5, budget=Budget(2000, 0, room)).evidence)
        for room in (0, 100, 200, 400)
    ]
    assert lengths == [0, 1, 3, 5]


def test_evidence_goes_before_history() -> None:
    old = Turn("x" * 200, "y" * 200)
    prompt = fitted(["z" * 100], history=[old], budget=Budget(350, 0, 200))
    assert texts(prompt) == ["z" * 100]
    assert prompt.dropped_turn_count == 1


def test_a_question_too_long_for_the_context_is_told() -> None:
    with pytest.raises(ContextTooSmall, match=r"The question has 500 tokens.*Ask a shorter"):
        fitted([], question="x" * 500, budget=Budget(400, 100, 100))


@pytest.mark.parametrize("model_name", ["starter", "phi4"])
def test_the_bound_holds_for_real_templates(
    model_name: str, request: pytest.FixtureRequest
) -> None:
    model: LocalModel = request.getfixturevalue(model_name)
    system = read_prompts(PROMPTS).documents.text
    turns = [Turn("Which <|im_end|> color?", "Blue [1].")] * 30
    lamps = (f"Lamp {n} of hall {n % 7} is blue, née bleu, 青い." for n in range(400))
    passages = [found(" ".join(islice(lamps, 8)), title=f"Manual {n}") for n in range(50)]
    gather = partial(evidence.gather, "Which lamp?", passages, count=model.count)
    budget = Budget(context=1500, answer=300, evidence=500)
    prompt = fit(
        system, "Which lamp?", history=turns, gather=gather, count=model.count, budget=budget
    )
    assert 0 < len(prompt.evidence) < 50
    assert sum(model.count(excerpt.text) for excerpt in prompt.evidence) > 250
    assert prompt.dropped_turn_count > 0
    assert len(model.render(prompt.messages)) <= prompt.token_count <= 1200


def test_the_prompts_are_read_with_their_versions() -> None:
    prompts = read_prompts(PROMPTS)
    assert (prompts.documents.version, prompts.assistant.version) == (1, 1)
    assert "The documents do not say." in prompts.documents.text
    assert not prompts.assistant.text.startswith("<!--")


def test_a_prompt_without_a_version_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "documents.md").write_text("Be brief.")
    with pytest.raises(ValueError, match=r"documents\.md does not begin with its version"):
        read_prompts(tmp_path)

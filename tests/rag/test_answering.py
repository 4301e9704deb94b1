"""The whole of a question with the real samples, MiniLM and starter, and with scripted words."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import cast

import pytest

from rag.answering import Answering, Limits, Step
from rag.catalog import Catalog
from rag.embedding import Embedder
from rag.errors import BadRequest, ModelMissing, Stopped
from rag.generation import LocalModel
from rag.generation.templates import Message
from rag.modelless import LIBRARY_EMPTY, NOT_IN_PART, NOT_THERE, PART_EMPTY
from rag.prompting import read_prompts
from rag.research import Research
from rag.retrieval.retriever import Retriever
from rag.types import EVERYWHERE, Answer, Kind, Mode, Quotation, Retrieval, Scope, Tokens, Turn

ROOT = Path(__file__).parents[2]
PROMPTS = read_prompts(ROOT / "assets" / "prompts")
LIMITS = Limits(evidence_tokens=400, answer_tokens=80)
TICKET = "What does a return ticket for the ferry to Lunnsay cost?"
TANK = "When will the new water tank be installed?"
ELSEWHERE = "Which enzyme unwinds the DNA helix?"

Samples = tuple[Catalog, Retriever]
Opened = Callable[..., Answering]


@pytest.fixture
def opened(samples: Samples, embedder: Embedder) -> Opened:
    """Answering over the samples, with a model or without."""
    catalog, retriever = samples

    def opened(
        model: object = None, *, is_demonstration: bool = False, limits: Limits = LIMITS
    ) -> Answering:
        return Answering(
            Research(retriever, embedder),
            catalog.pages,
            cast("LocalModel | None", model),
            prompts=PROMPTS,
            limits=limits,
            is_demonstration=is_demonstration,
        )

    return opened


class ScriptedModel:
    """Says what the test has it say, word by word; tokens are its words."""

    name = "scripted"
    context_tokens = 4_096

    def __init__(self, says: str) -> None:
        self._says = says
        self.usage = Tokens()

    def count(self, text: str) -> int:
        return len(text.split())

    def generate(self, messages: Sequence[Message], **limits: object) -> Iterator[str]:
        self.messages = messages
        for word in self._says.split(" "):
            yield word + " "


def steps(
    answering: Answering,
    question: str,
    *,
    mode: Mode = Mode.DOCUMENTS,
    history: Sequence[Turn] = (),
    scope: Scope = EVERYWHERE,
    is_thorough: bool = False,
    is_stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Step]:
    return answering.answer(
        question,
        mode=mode,
        scope=scope,
        history=history,
        is_thorough=is_thorough,
        is_stopped=is_stopped,
    )


def answer(answering: Answering, question: str, **options: object) -> Answer:
    *_, last = steps(answering, question, **options)  # type: ignore[arg-type]
    assert isinstance(last, Answer)
    return last


# --- without a model ----------------------------------------------------------------------------


def test_without_a_model_the_quotation_is_the_answer(opened: Opened) -> None:
    found, quotation, last = steps(opened(), TICKET)
    assert isinstance(found, Retrieval)
    assert isinstance(quotation, Quotation)
    assert isinstance(last, Answer)
    assert "24 pounds" in last.text
    assert (last.text, last.words, last.model) == (quotation.text, "", "")
    assert (last.claims, last.citations) == (quotation.claims, quotation.citations)
    assert (last.passages, last.evidence) == (found.passages, found.evidence)
    assert last.tokens == Tokens()
    assert 0 < last.timings.retrieve <= last.timings.total


def test_a_question_from_elsewhere_is_not_answered(opened: Opened, starter: LocalModel) -> None:
    found, last = steps(opened(starter, is_demonstration=True), ELSEWHERE)
    assert isinstance(found, Retrieval)
    assert isinstance(last, Answer)
    assert last.is_abstention
    assert (last.text, last.words) == (NOT_THERE, "")
    assert (last.claims, last.citations) == ((), ())


def test_an_empty_library_says_what_to_do(
    catalog: Catalog, retriever: Retriever, embedder: Embedder
) -> None:
    answering = Answering(
        Research(retriever, embedder), catalog.pages, None,
        prompts=PROMPTS, limits=LIMITS, is_demonstration=False,
    )  # fmt: skip
    last = answer(answering, TICKET)
    assert (last.text, last.is_abstention) == (LIBRARY_EMPTY, True)


def test_a_collection_without_documents_answers_nothing(opened: Opened) -> None:
    assert answer(opened(), TICKET, scope=Scope(collection="Nowhere")).text == PART_EMPTY


def test_without_a_model_there_is_no_assistant(opened: Opened) -> None:
    with pytest.raises(ModelMissing) as failure:
        answer(opened(), "What is a monad?", mode=Mode.ASSISTANT)
    assert str(failure.value) == (
        "No language model is installed, and without one there is no assistant. "
        "Get one with `deskbook models get phi-4`, or ask your documents."
    )


@pytest.mark.parametrize("mode", Mode)
def test_an_empty_question_is_refused(opened: Opened, mode: Mode) -> None:
    with pytest.raises(BadRequest, match="The question is empty"):
        answer(opened(), " \n", mode=mode)


# --- with the starter ---------------------------------------------------------------------------


def test_with_the_starter_the_quotation_answers_and_its_words_stand_apart(
    opened: Opened, starter: LocalModel
) -> None:
    _, quotation, *words, last = steps(opened(starter, is_demonstration=True), TICKET)
    assert isinstance(quotation, Quotation)
    assert isinstance(last, Answer)
    assert "24 pounds" in last.text == quotation.text
    assert (last.claims, last.citations) == (quotation.claims, quotation.citations)
    assert last.words == "".join(cast("list[str]", words)).strip() != ""
    assert last.model == starter.name
    assert 0 < last.tokens.generated <= 120
    times = last.timings
    assert 0 < times.retrieve < times.first_token < times.first_token + times.generate
    assert times.first_token + times.generate <= times.total


def test_what_a_model_says_is_the_answer_with_exact_citations(
    opened: Opened, starter: LocalModel, samples: Samples
) -> None:
    catalog, _ = samples
    _, _, *words, last = steps(opened(starter), TICKET)
    assert isinstance(last, Answer)
    assert last.text == "".join(cast("list[str]", words)).strip()
    assert last.words == ""
    assert {n for claim in last.claims for n in claim.citations} == {c.n for c in last.citations}
    for citation in last.citations:
        assert citation.quote == citation.span.of(catalog.documents.text(citation.document))


def test_a_follow_up_reads_only_what_is_new(opened: Opened, starter: LocalModel) -> None:
    answering = opened(starter, is_demonstration=True)
    first = answer(answering, TICKET)
    second = answer(answering, TANK, history=[first.turn])
    assert second.tokens.cached >= first.tokens.prompt + first.tokens.generated - 2
    assert second.tokens.prompt > first.tokens.prompt + first.tokens.generated / 2


def test_a_turn_holds_the_evidence_with_the_question_last(
    opened: Opened, starter: LocalModel
) -> None:
    turn = answer(opened(starter, is_demonstration=True), TICKET).turn
    assert turn.prompt.startswith("[1] ")
    assert turn.prompt.endswith(f"Question: {TICKET}")


def test_the_assistant_answers_without_documents(opened: Opened, starter: LocalModel) -> None:
    *words, last = steps(opened(starter, is_demonstration=True), "Say hello.", mode=Mode.ASSISTANT)
    assert isinstance(last, Answer)
    assert last.text == "".join(cast("list[str]", words)).strip()
    assert "hello" in last.text.lower()
    assert (last.citations, last.claims, last.passages) == ((), (), ())
    assert last.turn.prompt == "Say hello."


def test_a_stop_ends_the_answer_and_the_next_question_works(
    opened: Opened, starter: LocalModel
) -> None:
    answering = opened(starter, is_demonstration=True)
    told: list[Step] = []
    running = steps(answering, TANK, is_stopped=lambda: len(told) > 2)
    with pytest.raises(Stopped):
        collect(running, told)
    assert isinstance(told[1], Quotation)
    last = told[-1]
    assert isinstance(last, Answer)
    assert last.was_stopped
    assert last.words == "".join(step for step in told if isinstance(step, str)).strip()
    _, _, word, *_ = islice(steps(answering, TANK), 3)
    assert word


def test_after_a_stop_the_next_question_reads_only_what_is_new(
    opened: Opened, starter: LocalModel
) -> None:
    answering = opened(starter, is_demonstration=True)
    told: list[Step] = []
    with pytest.raises(Stopped):
        collect(steps(answering, TANK, is_stopped=lambda: len(told) > 3), told)
    stopped = told[-1]
    assert isinstance(stopped, Answer)
    second = answer(answering, TICKET, history=[stopped.turn])
    assert second.tokens.cached >= stopped.tokens.prompt + stopped.tokens.generated - 2


def test_a_stop_before_the_first_word_is_no_answer(opened: Opened, starter: LocalModel) -> None:
    told: list[Step] = []
    with pytest.raises(Stopped):
        collect(steps(opened(starter), TANK, is_stopped=lambda: len(told) > 1), told)
    assert not any(isinstance(step, Answer) for step in told)


def test_a_long_conversation_tells_what_the_model_no_longer_sees(opened: Opened) -> None:
    model = ScriptedModel("Yes.")
    turns = [Turn("word " * 700, "Yes.")] * 5
    last = answer(opened(model), TICKET, history=turns)
    assert last.notes == ("The model no longer sees the first 3 questions of this conversation.",)
    assert len(model.messages) == 2 + 2 * 2


@pytest.mark.parametrize("is_thorough", [False, True])
def test_a_thorough_answer_reads_twice_the_evidence(opened: Opened, is_thorough: bool) -> None:
    model = ScriptedModel("Yes.")
    answering = opened(model, limits=Limits(evidence_tokens=0, answer_tokens=80))
    answer(answering, TANK, is_thorough=is_thorough)
    read = model.count(model.messages[-1].content)
    assert (read > 1_600) is is_thorough


def collect(running: Iterator[Step], told: list[Step]) -> None:
    for step in running:
        told.append(step)
        time.sleep(0.07)  # longer than a stop takes to be heard


def test_a_model_that_repeats_itself_is_stopped(
    opened: Opened, hello_model: LocalModel, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        answering = opened(hello_model, limits=Limits(400, 2_000))
        last = answer(answering, "Go on.", mode=Mode.ASSISTANT)
    assert last.text.endswith("hellohello")
    assert last.tokens.generated < 500
    assert "the model repeats itself and is stopped" in caplog.text


# --- with words of the test's choice ------------------------------------------------------------


def test_each_sentence_is_told_with_its_citation_and_checked(opened: Opened) -> None:
    says = "A return ticket costs 24 pounds [1]. A bicycle costs 99 pounds [1]."
    _, _, first, second, last = steps(opened(ScriptedModel(says)), TICKET)
    assert first == "A return ticket costs 24 pounds. [1] "
    assert isinstance(second, str)
    assert isinstance(last, Answer)
    assert last.text == f"{first}{second}".strip()
    assert [claim.is_supported for claim in last.claims] == [True, False]
    assert "A return ticket for the ferry costs 24 pounds" in last.citations[0].quote
    assert not last.is_abstention


def test_a_model_that_says_nothing_leaves_the_quotation(opened: Opened) -> None:
    _, quotation, *_, last = steps(opened(ScriptedModel("")), TICKET)
    assert isinstance(quotation, Quotation)
    assert isinstance(last, Answer)
    assert (last.text, last.citations) == (quotation.text, quotation.citations)
    assert "24 pounds" in last.text


def test_a_model_that_finds_no_answer_abstains(opened: Opened) -> None:
    last = answer(opened(ScriptedModel("The documents do not say.")), TICKET)
    assert last.is_abstention
    assert last.text == "The documents do not say."
    assert last.citations == ()


def test_a_marker_counts_the_passages_as_the_prompt_does(opened: Opened) -> None:
    model = ScriptedModel("It stands there [2].")
    last = answer(opened(model), TICKET)
    second = last.citations[0]
    place = model.messages[-1].content.split("\n\n[2] ")[1]
    assert place.startswith(second.title)
    assert second.quote in place


def test_system_prompt_and_history_come_before_the_question(opened: Opened) -> None:
    model = ScriptedModel("Yes.")
    turns = [Turn("[1] Notes\nBees.\n\nQuestion: Bees?", "Bees [1].")]
    answer(opened(model), TICKET, history=turns)
    roles = [message.role for message in model.messages]
    assert roles == ["system", "user", "assistant", "user"]
    assert model.messages[0].content == PROMPTS.documents.text
    answer(opened(model), "Hm?", mode=Mode.ASSISTANT)
    assert [message.content for message in model.messages] == [PROMPTS.assistant.text, "Hm?"]


def test_a_loop_of_sentences_is_stopped_and_a_list_of_alikes_is_not(opened: Opened) -> None:
    loop = "The ferry leaves at 08:15 and comes back in the late afternoon of the day. " * 30
    assert len(answer(opened(ScriptedModel(loop)), TICKET).turn.answer) < len(loop) / 5
    alike = " ".join(
        f"{n}. The ferry number {n} leaves at half past {n} sharp.\n" for n in range(30)
    )
    last = answer(opened(ScriptedModel(alike)), TICKET)
    assert last.turn.answer.split() == alike.split()


def test_a_follow_up_is_answered_with_what_was_asked_before(opened: Opened) -> None:
    first = answer(opened(), "How long do the batteries of the outdoor sensor last?")
    second = answer(opened(), "And those of the indoor one?", history=[first.turn])
    assert "batteries" in second.turn.question
    assert not second.is_abstention
    assert {citation.path for citation in second.citations} == {
        citation.path for citation in first.citations
    }


def test_a_part_that_does_not_hold_the_answer_says_that_it_is_a_part(opened: Opened) -> None:
    said = answer(opened(), ELSEWHERE, scope=Scope(kinds=(Kind.PDF,)))
    assert (said.is_abstention, said.text) == (True, NOT_IN_PART)

"""The whole of a question: retrieve, quote, prompt, generate, cite, check, or say no."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from rag.catalog.pages import Pages
from rag.citations import Citations, CitedWords
from rag.errors import ModelMissing
from rag.evidence import Excerpt
from rag.followups import standalone
from rag.generation import LanguageModel
from rag.prompting import Budget, Count, Evidence, Prompt, Prompts, fit
from rag.questions import tidy
from rag.research import Research
from rag.types import (
    EVERYWHERE,
    Answer,
    Mode,
    Quotation,
    Retrieval,
    Scope,
    Timings,
    Tokens,
    Turn,
)
from rag.writing import Writing

NEAREST = 8  # passages are told

NOT_THERE = "Your documents do not seem to hold an answer to this."
LIBRARY_EMPTY = "There are no documents to answer from yet. Add some first."
NOT_IN_PART = "The part of your library that was asked does not seem to hold an answer to this."
PART_EMPTY = "There are no documents in the part of your library that was asked."

Step: TypeAlias = Retrieval | Quotation | str | Answer


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read and written for one answer, in the model's tokens."""

    evidence_tokens: int
    answer_tokens: int


# Enough to see that a model speaks, and no more: with one passage the starter is right for 5 of
# 20 questions, with three for 1 of 15.
DEMONSTRATION = Limits(evidence_tokens=200, answer_tokens=120)


class Answering:
    """Answers questions from one library with one model, or by quotation where there is none."""

    def __init__(
        self,
        research: Research,
        pages: Pages,
        model: LanguageModel | None,
        *,
        prompts: Prompts,
        limits: Limits,
        is_demonstration: bool,
    ) -> None:
        self.model = model
        self.is_demonstration = is_demonstration
        self._research = research
        self._pages = pages
        self._prompts = prompts
        self._limits = DEMONSTRATION if is_demonstration else limits

    def answer(
        self,
        question: str,
        *,
        mode: Mode,
        scope: Scope,
        history: Sequence[Turn],
        is_stopped: Callable[[], bool],
    ) -> Iterator[Step]:
        """What was found, the quotation, the words as they come, and at last the whole answer.

        In documents mode the scope alone is asked, and each sentence is checked before it comes.
        Raises BadRequest, ModelError and Stopped.
        """
        question = tidy(question)
        started = time.perf_counter()
        if mode is Mode.ASSISTANT:
            yield from self._assist(question, history, is_stopped, started)
        else:
            yield from self._answer_from_documents(question, scope, history, is_stopped, started)

    def _assist(
        self,
        question: str,
        history: Sequence[Turn],
        is_stopped: Callable[[], bool],
        started: float,
    ) -> Iterator[Step]:
        if self.model is None:
            raise ModelMissing(
                "No language model is installed, and without one there is no assistant.",
                remedy="Get one with `deskbook models get phi-4`, or ask your documents.",
            )
        prompt = self._prompt(self.model, self._prompts.assistant.text, question, history, _none)
        writing = self._write(self.model, prompt, is_stopped, started)
        yield from writing
        yield writing.answer(writing.text.strip(), Retrieval((), 0.0, 0.0))

    def _answer_from_documents(
        self,
        question: str,
        scope: Scope,
        history: Sequence[Turn],
        is_stopped: Callable[[], bool],
        started: float,
    ) -> Iterator[Step]:
        searched = standalone(question, tuple(history))
        findings = self._research.find(searched, scope)
        found = replace(findings.found, passages=findings.found.passages[:NEAREST])
        yield found
        if not findings.has_evidence:
            yield _abstention(searched, found, started, is_part=scope != EVERYWHERE)
            return
        quotation = findings.quote(Citations(self._pages.at))
        yield quotation
        if self.model is None:
            yield _quoting(searched, found, quotation, started)
            return
        prompts = self._prompts
        system = prompts.demonstration if self.is_demonstration else prompts.documents
        prompt = self._prompt(self.model, system.text, question, history, findings.gather)
        writing = self._write(self.model, prompt, is_stopped, started, searched)
        if self.is_demonstration:
            yield from self._demonstrate(writing, found, quotation)
        else:
            yield from self._speak(writing, found, prompt.evidence, quotation)

    def _demonstrate(
        self, writing: Writing, found: Retrieval, quotation: Quotation
    ) -> Iterator[Step]:
        """The quotation is the answer; the model's words stand apart, unchecked."""
        yield from writing
        yield writing.answer(
            quotation.text,
            found,
            words=writing.text.strip(),
            claims=quotation.claims,
            citations=quotation.citations,
        )

    def _speak(
        self,
        writing: Writing,
        found: Retrieval,
        evidence: Sequence[Excerpt],
        quotation: Quotation,
    ) -> Iterator[Step]:
        """The model's words are the answer, sentence by sentence as each is checked.

        Where it says nothing at all, the quotation is the answer.
        """
        citations = Citations(self._pages.at)
        cited = CitedWords(evidence, citations)
        pieces: list[str] = []
        for sentences in _sentences(writing, cited):
            pieces.append(sentences)
            yield sentences
        if not writing.text.strip():
            yield writing.answer(
                quotation.text, found, claims=quotation.claims, citations=quotation.citations
            )
            return
        yield writing.answer(
            "".join(pieces).strip(),
            found,
            claims=tuple(cited.claims),
            citations=citations.all(),
            is_abstention=_says_no(writing.text),
        )

    def _write(
        self,
        model: LanguageModel,
        prompt: Prompt,
        is_stopped: Callable[[], bool],
        started: float,
        searched: str = "",
    ) -> Writing:
        return Writing(
            model,
            prompt,
            answer_tokens=self._limits.answer_tokens,
            is_stopped=is_stopped,
            started=started,
            searched=searched,
        )

    def _prompt(
        self,
        model: LanguageModel,
        system: str,
        question: str,
        history: Sequence[Turn],
        gather: Callable[[int, Count], Evidence],
    ) -> Prompt:
        budget = Budget(
            context=model.context_tokens,
            answer=self._limits.answer_tokens,
            evidence=self._limits.evidence_tokens,
        )
        return fit(
            system,
            question,
            history=history,
            gather=lambda tokens: gather(tokens, model.count),
            count=model.count,
            budget=budget,
        )


def _none(_tokens: int, _count: Count) -> Evidence:
    """The evidence where there is to be none."""
    return ()


def _sentences(writing: Writing, cited: CitedWords) -> Iterator[str]:
    """What can be told of the words as they come, cited, and at the end the rest."""
    for words in writing:
        if sentences := cited.feed(words):
            yield sentences
    if rest := cited.finish():
        yield rest


def _abstention(question: str, found: Retrieval, started: float, *, is_part: bool) -> Answer:
    if is_part:
        text = NOT_IN_PART if found.passages else PART_EMPTY
    else:
        text = NOT_THERE if found.passages else LIBRARY_EMPTY
    return _without_model(question, found, Quotation(text, (), ()), started, is_abstention=True)


def _quoting(question: str, found: Retrieval, quotation: Quotation, started: float) -> Answer:
    return _without_model(question, found, quotation, started, is_abstention=False)


def _without_model(
    question: str, found: Retrieval, quotation: Quotation, started: float, *, is_abstention: bool
) -> Answer:
    return Answer(
        text=quotation.text,
        words="",
        is_abstention=is_abstention,
        claims=quotation.claims,
        citations=quotation.citations,
        passages=found.passages,
        evidence=found.evidence,
        turn=Turn(question, quotation.text, question),
        tokens=Tokens(),
        timings=Timings(retrieve=found.seconds, total=time.perf_counter() - started),
        model="",
        notes=found.notes,
    )


def _says_no(text: str) -> bool:
    """Whether the model said what its prompt has it say where the passages hold no answer."""
    return text.strip().lower().startswith("the documents do not say")

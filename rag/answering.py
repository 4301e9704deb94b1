"""The whole of a question: retrieve, quote, prompt, generate, cite, check, or say no."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from rag.budgeting import evidence_tokens
from rag.catalog.pages import Pages
from rag.citations import Citations
from rag.errors import ContextTooSmall, ModelMissing, Stopped
from rag.followups import standalone
from rag.generation import LanguageModel
from rag.generation.speed import Speed
from rag.modelless import abstention, quoted
from rag.orders import order_notes
from rag.prompting import Budget, Evidence, Gather, Prompt, Prompts, fit
from rag.questions import tidy
from rag.reading_ahead import MOST_OVER, ReadingAhead, wait_for_pause
from rag.research import Findings, Research
from rag.speaking import demonstrate, speak
from rag.types import EVERYWHERE, Answer, Mode, Quotation, Retrieval, Scope, Turn
from rag.writing import Writing

NEAREST = 8  # passages are told

Step: TypeAlias = Retrieval | Quotation | str | Answer


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read and written for one answer, in the model's tokens."""

    evidence_tokens: int  # 0 for as many as the model reads in good time: `rag.budgeting`
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
        speed: Speed | None = None,
    ) -> None:
        """`speed` is the model's on this machine, None until it was measured."""
        self.model = model
        self.is_demonstration = is_demonstration
        self.speed = speed
        self._research = research
        self._pages = pages
        self._prompts = prompts
        self._limits = DEMONSTRATION if is_demonstration else limits
        self._ahead = ReadingAhead()

    def answer(
        self,
        question: str,
        *,
        mode: Mode,
        scope: Scope,
        history: Sequence[Turn],
        is_thorough: bool = False,
        is_stopped: Callable[[], bool],
    ) -> Iterator[Step]:
        """What was found, the quotation, the words as they come, and at last the whole answer.

        In documents mode the scope alone is asked, and each sentence is checked before it comes.
        Raises BadRequest, ModelError and Stopped; where it was stopped in the midst of the words,
        after the answer as far as it goes.
        """
        asked = _Asked(tidy(question), scope, tuple(history), is_thorough, is_stopped)
        is_alone = mode is Mode.ASSISTANT
        for step in self._assist(asked) if is_alone else self._answer_from_documents(asked):
            yield step
            if isinstance(step, Answer) and step.was_stopped:
                raise Stopped

    def anticipate(
        self,
        question: str,
        *,
        mode: Mode,
        scope: Scope,
        history: Sequence[Turn],
        is_thorough: bool = False,
        is_stopped: Callable[[], bool],
    ) -> None:
        """Let the model read what it would be given for a question that is still being typed.

        Asked later, the same question finds its whole prompt read, a longer one what they share.
        Evidence that changes with each word is read only when the typing pauses. Raises Stopped
        and ModelError.
        """
        if self.model is None or not question.strip():
            return
        asked = _Asked(tidy(question), scope, tuple(history), is_thorough, is_stopped)
        with suppress(ContextTooSmall):  # told when it is asked
            if mode is Mode.ASSISTANT:
                prompt = self._assistant_prompt(self.model, asked)
                self.model.read_ahead(prompt.messages, is_stopped=is_stopped)
            else:
                self._read_ahead(self.model, asked)

    def _read_ahead(self, model: LanguageModel, asked: _Asked) -> None:
        """Read the evidence, an excerpt at a time, and the question as far as it goes."""
        findings = self._research.find(asked.searched, asked.scope)
        if not findings.has_evidence:
            return
        prompt = self._documents_prompt(model, asked, findings)
        if not self._ahead.has_settled(model.count):
            wait_for_pause(asked.is_stopped)
        self._ahead.read(model, prompt, asked.is_stopped)

    def _assist(self, asked: _Asked) -> Iterator[Step]:
        if self.model is None:
            raise ModelMissing(
                "No language model is installed, and without one there is no assistant.",
                remedy="Get one with `deskbook models get phi-4`, or ask your documents.",
            )
        writing = self._write(self.model, self._assistant_prompt(self.model, asked), asked)
        yield from writing
        yield writing.answer(writing.text.strip(), Retrieval((), 0.0, 0.0))

    def _answer_from_documents(self, asked: _Asked) -> Iterator[Step]:
        searched, started = asked.searched, asked.started
        findings = self._research.find(searched, asked.scope)
        found = replace(findings.found, passages=findings.found.passages[:NEAREST])
        yield found
        if not findings.has_evidence:
            yield abstention(searched, found, started, is_part=asked.scope != EVERYWHERE)
            return
        quotation = findings.quote(Citations(self._pages.at))
        yield quotation
        if self.model is None:
            yield quoted(searched, found, quotation, started)
            return
        prompt = self._documents_prompt(self.model, asked, findings)
        found = replace(found, notes=(*found.notes, *order_notes(prompt.evidence)))
        writing = self._write(self.model, prompt, asked, searched)
        if self.is_demonstration:
            yield from demonstrate(writing, found, quotation)
        else:
            citations = Citations(self._pages.at)
            yield from speak(writing, found, prompt.evidence, quotation, citations)

    def _write(
        self, model: LanguageModel, prompt: Prompt, asked: _Asked, searched: str = ""
    ) -> Writing:
        self._ahead.forget()
        return Writing(
            model,
            prompt,
            answer_tokens=self._limits.answer_tokens,
            is_stopped=asked.is_stopped,
            started=asked.started,
            searched=searched,
        )

    # --- prompts: the same for a question that is asked and for one that is typed ---------------

    def _assistant_prompt(self, model: LanguageModel, asked: _Asked) -> Prompt:
        return self._prompt(model, self._prompts.assistant.text, asked, _none, evidence=0)

    def _documents_prompt(self, model: LanguageModel, asked: _Asked, findings: Findings) -> Prompt:
        """With the evidence in the order in which it was read ahead, if it was."""
        system = self._prompts.demonstration if self.is_demonstration else self._prompts.documents
        evidence = self._limits.evidence_tokens or evidence_tokens(
            self.speed, is_thorough=asked.is_thorough, context_tokens=model.context_tokens
        )
        self._ahead.begin(asked.scope, asked.history)

        def gather(tokens: int) -> Evidence:
            wanted = findings.gather(int(tokens / MOST_OVER), model.count)
            return self._ahead.arrange(wanted, tokens, model.count)

        most = int(evidence * MOST_OVER)
        return self._prompt(model, system.text, asked, gather, evidence=most)

    def _prompt(
        self, model: LanguageModel, system: str, asked: _Asked, gather: Gather, *, evidence: int
    ) -> Prompt:
        return fit(
            system,
            asked.question,
            history=asked.history,
            gather=gather,
            count=model.count,
            budget=Budget(model.context_tokens, self._limits.answer_tokens, evidence),
        )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with all that decides on its prompt."""

    question: str
    scope: Scope
    history: tuple[Turn, ...]
    is_thorough: bool
    is_stopped: Callable[[], bool]
    started: float = field(default_factory=time.perf_counter)

    @property
    def searched(self) -> str:
        """The question as it is searched with, made whole with the conversation."""
        return standalone(self.question, self.history)


def _none(_tokens: int) -> Evidence:
    """The evidence where there is to be none."""
    return ()

"""What a question is answered from, by what it asks for: passages found, evidence, a quotation.

A question for a fact is answered from the passages nearest to it; one for a summary from all over
the document, a comparison from passages for each side, a list from every document there is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest

from rag.citations import Citations
from rag.embedding import Embedder
from rag.evidence import Excerpt, digest, gather
from rag.question_kinds import QuestionKind, Wanted, wanted_by
from rag.quotation import quote, quote_each, quote_gist
from rag.retrieval.retriever import Retriever
from rag.types import FoundPassage, Quotation, Retrieval, Scope

PASSAGES = 30  # whose sentences may become evidence
SAMPLED = 60  # passages of what is summarised
JUDGED = 10  # of the passages nearest to a summary's question tell which document is meant
MOST_OF_THEM = 0.6
QUOTED_OF_SIDES = 4  # passages of a comparison, a sentence of each

THRESHOLD = 0.5  # evidence below it is none

Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found for one question, and the two ways to tell it."""

    found: Retrieval
    gather: Callable[[int, Count], tuple[Excerpt, ...]]  # evidence for a model, by its tokens
    quote: Callable[[Citations], Quotation]  # the sentences that answer

    @property
    def has_evidence(self) -> bool:
        """Whether the library seems to hold an answer."""
        return self.found.evidence >= THRESHOLD


class Research:
    """Finds in one library what questions are answered from."""

    def __init__(self, retriever: Retriever, embedder: Embedder) -> None:
        self._retriever = retriever
        self._survey = retriever.survey
        self._embedder = embedder

    def find(self, question: str, scope: Scope) -> Findings:
        """What is there for a question that needs no conversation. Raises BadRequest."""
        wanted = wanted_by(question)
        if wanted.kind is QuestionKind.LISTING:
            return self._list(wanted, scope)
        if wanted.kind is QuestionKind.COMPARISON:
            return self._compare(wanted, scope)
        found = self._retriever.retrieve(question, limit=PASSAGES, scope=scope)
        if wanted.kind is QuestionKind.SUMMARY and found.passages:
            return self._summarise(found, scope, of_all=wanted.is_of_all)
        return Findings(
            found,
            lambda budget, count: gather(question, found.passages, budget, count=count),
            partial(quote, question, found.passages, embedder=self._embedder),
        )

    def _list(self, wanted: Wanted, scope: Scope) -> Findings:
        found = self._survey.scan(wanted.topic, scope=scope)
        return Findings(
            found,
            lambda budget, count: gather(wanted.topic, found.passages, budget, count=count),
            partial(quote_each, wanted.topic, found.passages, embedder=self._embedder),
        )

    def _compare(self, wanted: Wanted, scope: Scope) -> Findings:
        """Each side is searched by itself, and has the same share of the evidence."""
        sides = [self._retriever.retrieve(s, limit=PASSAGES, scope=scope) for s in wanted.sides]

        def shares(budget: int, count: Count) -> tuple[Excerpt, ...]:
            halves = (
                gather(name, side.passages, budget // len(sides), count=count)
                for name, side in zip(wanted.sides, sides, strict=True)
            )
            return tuple(dict.fromkeys(excerpt for half in halves for excerpt in half))

        nearest = _in_turn([side.passages for side in sides])
        found = Retrieval(
            passages=nearest,
            evidence=max(side.evidence for side in sides),
            seconds=sum(side.seconds for side in sides),
            notes=tuple(
                f"Nothing was found on {name}."
                for name, side in zip(wanted.sides, sides, strict=True)
                if side.evidence < THRESHOLD
            ),
        )
        topic = " ".join(wanted.sides)
        quoted = nearest[:QUOTED_OF_SIDES]
        quoting = partial(quote_each, topic, quoted, embedder=self._embedder)
        return Findings(found, shares, quoting)

    def _summarise(self, nearest: Retrieval, scope: Scope, *, of_all: bool) -> Findings:
        documents = [] if of_all else self._meant(nearest)
        documents = documents or [each.document for each in self._survey.documents_in(scope)]
        sampled = self._survey.sample(documents, limit=SAMPLED)
        found = replace(nearest, passages=sampled, evidence=1.0)
        return Findings(
            found,
            lambda budget, count: digest(sampled, budget, count=count),
            partial(quote_gist, sampled, embedder=self._embedder),
        )

    def _meant(self, nearest: Retrieval) -> list[str]:
        """The document that most of the nearest passages are from, if there is one."""
        judged = nearest.passages[:JUDGED]
        ((document, count),) = Counter(found.document for found in judged).most_common(1)
        return [document] if count >= MOST_OF_THEM * len(judged) else []


def _in_turn(rankings: Sequence[Sequence[FoundPassage]]) -> tuple[FoundPassage, ...]:
    """The best of each, then the second of each, and so on, each passage once."""
    turns = (found for ranks in zip_longest(*rankings) for found in ranks if found)
    once = {found.passage_id: found for found in turns}.values()
    return tuple(replace(found, rank=rank) for rank, found in enumerate(once, start=1))

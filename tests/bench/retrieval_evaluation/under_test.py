"""What is measured: the retriever and the evidence it leads to, through the program's own doors.

A `Search` is one way from a question to passages and evidence; the rows of the tables are these.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval_evaluation.metrics import Piece
from retrieval_evaluation.tokens import TokenEnds

from app.engine import Engine
from rag.retrieval.fusion import Leg, fuse
from rag.retrieval.keyword import keyword_leg, terms_of
from rag.types import FoundPassage, Span

PASSAGES = 40  # enough for the largest budget and for ranks that still count
CANDIDATES = 100  # of each leg alone


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave for one question."""

    passages: tuple[tuple[str, Span], ...]  # file's name and span, best first
    pages: tuple[tuple[int, ...], ...]  # of each passage, physical; empty where there are none
    pieces: tuple[Piece, ...]  # the evidence, in the order in which a model would read it
    evidence: float  # 0 to 1: how likely the library holds an answer
    seconds: float


Search = Callable[[str], Found]


def deskbook(engine: Engine, ends: TokenEnds) -> Search:
    """All of Deskbook's retrieval as it is."""

    def search(question: str) -> Found:
        started = time.perf_counter()
        retrieval = engine.retriever.retrieve(question, limit=PASSAGES)
        seconds = time.perf_counter() - started
        return found(retrieval.passages, retrieval.evidence, seconds, ends)

    return search


def found(
    passages: Sequence[FoundPassage], evidence: float, seconds: float, ends: TokenEnds
) -> Found:
    """What was found, its passages whole as evidence."""
    return Found(
        passages=tuple((Path(each.path).name, each.passage.span) for each in passages),
        pages=tuple(tuple(page.number for page in each.passage.pages) for each in passages),
        pieces=tuple(
            piece(Path(each.path).name, each.passage.span, each.passage.text, ends)
            for each in passages
        ),
        evidence=evidence,
        seconds=seconds,
    )


def piece(document: str, span: Span, text: str, ends: TokenEnds) -> Piece:
    """A stretch of a document with the ends of its tokens."""
    return Piece(document, span, tuple(span.start + end for end in ends(text)))


# --- the parts, each a row of the ablation ------------------------------------------------------


def meaning_alone(engine: Engine, ends: TokenEnds) -> Search:
    """The dense leg."""
    return _of_legs(engine, ends, lambda question: (dense(engine, question), []))


def keyword_alone(engine: Engine, ends: TokenEnds) -> Search:
    """The keyword leg."""
    return _of_legs(engine, ends, lambda question: ([], keyword(engine, question)))


def fusion(engine: Engine, ends: TokenEnds) -> Search:
    """Both legs fused, and nothing after it."""

    def legs(question: str) -> tuple[Leg, Leg]:
        return dense(engine, question), keyword(engine, question)

    return _of_legs(engine, ends, legs)


def dense(engine: Engine, question: str) -> Leg:
    """The passages nearest to the question's vector."""
    return engine.vectors.nearest(engine.embedder.embed([question]), limit=CANDIDATES)


def keyword(engine: Engine, question: str) -> Leg:
    """The passages that the full-text index finds."""
    passages = engine.catalog.passages
    return keyword_leg(terms_of(question, passages), passages, limit=CANDIDATES)


def _of_legs(engine: Engine, ends: TokenEnds, legs: Callable[[str], tuple[Leg, Leg]]) -> Search:
    def search(question: str) -> Found:
        started = time.perf_counter()
        ranked = fuse(*legs(question))[:PASSAGES]
        passages = engine.catalog.passages.found(ranked)
        return found(passages, 0.0, time.perf_counter() - started, ends)

    return search


WAYS: dict[str, Callable[[Engine, TokenEnds], Search]] = {
    "Deskbook": deskbook,
    "meaning alone": meaning_alone,
    "keyword alone": keyword_alone,
    "fusion alone": fusion,
}

"""The ways of searching that are compared: Deskbook as it is, and with parts of it left out.

A part is left out by putting in its place what passes everything on.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from unittest import mock

from retrieval_evaluation.searches import (
    PASSAGES,
    Found,
    Search,
    Way,
    deskbook,
    hit,
    whole,
)
from retrieval_evaluation.tokens import TokenEnds

from app.engine import Engine
from rag.catalog import Scored
from rag.retrieval import ranking
from rag.retrieval.fusion import Leg, fuse
from rag.retrieval.keyword import keyword_leg
from rag.retrieval.terms import terms_of

CANDIDATES = 100  # of each leg alone
NO_NAMED_DOCUMENTS = {
    "surely_named": lambda *_: (),
    "raise_named": lambda ranked, *_: list(ranked),
}
NO_RERANK = {"rerank_by_sentences": lambda ranked, *_: list(ranked)}


def meaning_alone(engine: Engine, ends: TokenEnds) -> Search:
    """The dense leg."""
    return _of_leg(engine, ends, lambda question: fuse(_dense(engine, question), []))


def keyword_alone(engine: Engine, ends: TokenEnds) -> Search:
    """The keyword leg."""
    return _of_leg(engine, ends, lambda question: fuse([], _keyword(engine, question)))


def without(**parts: Callable[..., object]) -> Way:
    """Deskbook with these names of `rag.retrieval.ranking` replaced, its passages whole."""

    def way(engine: Engine, ends: TokenEnds) -> Search:
        search = deskbook(engine, ends)

        def searched(question: str) -> Found:
            with ExitStack() as replaced:
                for name, part in parts.items():
                    replaced.enter_context(mock.patch.object(ranking, name, part))
                found = search(question)
            return replace(found, evidence_at=whole(found.hits, ends))

        return searched

    return way


def _dense(engine: Engine, question: str) -> Leg:
    return engine.vectors.nearest(engine.embedder.embed([question]), limit=CANDIDATES)


def _keyword(engine: Engine, question: str) -> Leg:
    passages = engine.catalog.passages
    return keyword_leg(terms_of(question, passages), passages, limit=CANDIDATES)


def _of_leg(engine: Engine, ends: TokenEnds, ranked: Callable[[str], list[Scored]]) -> Search:
    def search(question: str) -> Found:
        started, started_core = time.perf_counter(), time.process_time()
        hits = tuple(map(hit, engine.catalog.passages.found(ranked(question)[:PASSAGES])))
        seconds, core = time.perf_counter() - started, time.process_time() - started_core
        return Found(hits, whole(hits, ends), 0.0, seconds, core)

    return search


WAYS: dict[str, Way] = {
    "meaning alone": meaning_alone,
    "keyword alone": keyword_alone,
    "fusion": without(**NO_NAMED_DOCUMENTS, **NO_RERANK),
    "+ rerank": without(**NO_NAMED_DOCUMENTS),
    "+ named documents": without(),
    "Deskbook": deskbook,  # with windows of sentences
}
LEGS = ("meaning alone", "keyword alone")
FUSED = ("fusion", "+ named documents", "Deskbook")

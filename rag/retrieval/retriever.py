"""The retriever: a question into ranked passages, and whether they hold the answer."""

from __future__ import annotations

import logging
import time
from collections.abc import Collection, Sequence
from dataclasses import replace

from rag.catalog import Catalog, Scored
from rag.embedding import Embedder
from rag.embedding.scale import CosineScale
from rag.errors import ModelUnusable
from rag.questions import tidy
from rag.retrieval.dense import DenseLeg
from rag.retrieval.evidence import Signals, likelihood
from rag.retrieval.ranking import Ranking
from rag.retrieval.reranking import Reranker, rerank_by_model
from rag.retrieval.said_scope import said_scope
from rag.retrieval.search_notes import Search, notes_on
from rag.retrieval.survey import Survey
from rag.retrieval.terms import terms_of
from rag.types import EVERYWHERE, Retrieval, Scope
from rag.vectors import VectorStore

log = logging.getLogger(__name__)

LONGEST_QUESTION = 4_000  # characters that are searched with
RERANK_BUDGET_S = 0.5  # for a reranking model


class Retriever:
    """Searches one library."""

    def __init__(
        self,
        catalog: Catalog,
        vectors: VectorStore,
        embedder: Embedder,
        *,
        languages: Collection[str] = ("en",),
        scale: CosineScale | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        """`languages`: those that the embedder knows, ISO 639-1; empty where it knows all.

        `scale`: what makes its cosines comparable; none for MiniLM, whose scale it is.
        """
        self._catalog = catalog
        self._vectors = vectors
        self._embedder = embedder
        self._languages = languages
        self._scale = scale
        self._reranker = reranker
        self.survey = Survey(catalog, vectors, embedder, scale=scale)

    def retrieve(
        self, question: str, *, limit: int, collection: str = "", scope: Scope = EVERYWHERE
    ) -> Retrieval:
        """The best passages for a question, of the scope, or of the collection where one is named.

        Where neither is, of the place that the question itself states, if it does. Raises
        BadRequest where the question is empty, and for a date in the scope that is none.
        """
        started = time.perf_counter()
        question = tidy(question)[:LONGEST_QUESTION]
        if collection:
            scope = replace(scope, collection=collection)
        said = said_scope(question, self._catalog) if scope == EVERYWHERE else EVERYWHERE
        dense = DenseLeg(question, self._vectors, self._embedder, scale=self._scale)
        ranking = self._ranking(question, dense, scope if said == EVERYWHERE else said)
        ranked = ranking.ranked()
        signals = ranking.signals(ranked)
        if self._reranker is not None:
            ranked = self._reranked(question, ranked, ranking, self._reranker)
        found = self._catalog.passages.found(ranked[:limit])
        search = Search(
            question,
            known_languages=self._languages,
            is_narrowed=said != EVERYWHERE,
            is_broken=dense.is_broken,
            has_vectors=signals.has_vectors or not found,
        )
        return Retrieval(
            passages=found,
            evidence=likelihood(self._heard(signals, ranking, ranked)) if found else 0.0,
            seconds=time.perf_counter() - started,
            notes=tuple(notes_on(search)),
        )

    def _heard(self, signals: Signals, ranking: Ranking, ranked: Sequence[Scored]) -> Signals:
        """Of a passage in a language that the embedder does not know, cosines say nothing."""
        (first,) = ranking.texts([ranked[0].passage_id]).values()
        is_known = not (self._languages and first.language) or first.language in self._languages
        return signals if is_known else replace(signals, has_vectors=False)

    def _reranked(
        self, question: str, ranked: list[Scored], ranking: Ranking, reranker: Reranker
    ) -> list[Scored]:
        """As they were where the model cannot be used: it is an addition."""
        texts = ranking.texts(scored.passage_id for scored in ranked)
        try:
            return rerank_by_model(question, ranked, texts, reranker, budget_s=RERANK_BUDGET_S)
        except ModelUnusable as error:
            log.warning("not reranked: %s", error)
            self._reranker = None
            return ranked

    def _ranking(self, question: str, dense: DenseLeg, scope: Scope) -> Ranking:
        passages = self._catalog.passages
        documents = self._catalog.documents.within(scope)
        return Ranking(terms_of(question, passages), dense, passages, documents)

"""The retriever: a question into ranked passages, and whether they hold the answer."""

from __future__ import annotations

import time
from dataclasses import replace

from rag.catalog import Catalog
from rag.embedding import Embedder
from rag.questions import tidy
from rag.retrieval.dense import DenseLeg
from rag.retrieval.evidence import likelihood
from rag.retrieval.ranking import Ranking
from rag.retrieval.survey import Survey
from rag.retrieval.terms import terms_of
from rag.types import EVERYWHERE, Retrieval, Scope
from rag.vectors import VectorStore

LONGEST_QUESTION = 4_000  # characters that are searched with


class Retriever:
    """Searches one library."""

    def __init__(self, catalog: Catalog, vectors: VectorStore, embedder: Embedder) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._embedder = embedder
        self.survey = Survey(catalog, vectors, embedder)

    def retrieve(
        self, question: str, *, limit: int, collection: str = "", scope: Scope = EVERYWHERE
    ) -> Retrieval:
        """The best passages for a question, of the scope, or of the collection where one is named.

        Raises BadRequest where the question is empty, and for a date in the scope that is none.
        """
        started = time.perf_counter()
        question = tidy(question)[:LONGEST_QUESTION]
        passages = self._catalog.passages
        if collection:
            scope = replace(scope, collection=collection)
        documents = self._catalog.documents.within(scope)
        terms = terms_of(question, passages)
        dense = DenseLeg(question, self._vectors, self._embedder)
        ranking = Ranking(terms, dense, passages, documents)
        ranked = ranking.ranked()
        found = passages.found(ranked[:limit])
        return Retrieval(
            passages=found,
            evidence=likelihood(ranking.signals(ranked)) if found else 0.0,
            seconds=time.perf_counter() - started,
        )

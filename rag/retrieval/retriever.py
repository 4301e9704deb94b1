"""The retriever: both legs asked, fused, and judged for whether they hold the answer."""

from __future__ import annotations

import time

from rag.catalog import Catalog
from rag.embedding import Embedder
from rag.questions import tidy
from rag.retrieval.evidence import evidence_of
from rag.retrieval.fusion import fuse
from rag.retrieval.keyword import keyword_leg, terms_of
from rag.types import Retrieval
from rag.vectors import VectorStore

CANDIDATES = 50  # of each leg
LONGEST_QUESTION = 4_000  # characters that are searched with


class Retriever:
    """Searches one library."""

    def __init__(self, catalog: Catalog, vectors: VectorStore, embedder: Embedder) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._embedder = embedder

    def retrieve(self, question: str, *, limit: int, collection: str = "") -> Retrieval:
        """The best passages for a question. Raises BadRequest where the question is empty."""
        started = time.perf_counter()
        question = tidy(question)[:LONGEST_QUESTION]
        terms = terms_of(question, self._catalog.passages)
        keyword = keyword_leg(
            terms, self._catalog.passages, limit=CANDIDATES, collection=collection
        )
        dense = self._dense_leg(question, collection)
        passages = self._catalog.passages.found(fuse(dense, keyword)[:limit])
        return Retrieval(
            passages=passages,
            evidence=evidence_of(passages, terms),
            seconds=time.perf_counter() - started,
        )

    def _dense_leg(self, question: str, collection: str) -> list[tuple[int, float]]:
        documents = None
        if collection:
            documents = [entry.document for entry in self._catalog.documents.list(collection)]
        vector = self._embedder.embed([question])
        return self._vectors.nearest(vector, limit=CANDIDATES, documents=documents)

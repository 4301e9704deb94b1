"""Looking through whole documents, where the nearest passages would not do.

For "list all": the best passage of every document there is. For "summarise": passages from all
over a document.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from rag.catalog import Catalog, Scored
from rag.embedding import Embedder
from rag.embedding.scale import CosineScale
from rag.questions import tidy
from rag.retrieval.dense import DenseLeg
from rag.retrieval.evidence import GATE
from rag.retrieval.fusion import fuse
from rag.retrieval.keyword import keyword_leg
from rag.retrieval.terms import Term, coverage, terms_of
from rag.types import EVERYWHERE, DocumentEntry, FoundPassage, Retrieval, Scope
from rag.vectors import VectorStore

# Of a question, by weight, for a document to hold something on it.
MOST_WORDS, ALL_WORDS = 0.5, 0.95


class Survey:
    """Looks through the documents of one library."""

    def __init__(
        self,
        catalog: Catalog,
        vectors: VectorStore,
        embedder: Embedder,
        *,
        scale: CosineScale | None = None,
    ) -> None:
        self._catalog = catalog
        self._passages = catalog.passages
        self._vectors = vectors
        self._embedder = embedder
        self._scale = scale

    def scan(self, question: str, *, scope: Scope = EVERYWHERE) -> Retrieval:
        """The best passage of each document that holds something on the question.

        The notes tell how many documents were looked through. Raises BadRequest where the question
        is empty.
        """
        started = time.perf_counter()
        entries = self.documents_in(scope)
        readable = [entry.document for entry in entries if entry.passage_count]
        held = self._passages.found(self._holding(tidy(question), readable))
        return Retrieval(
            passages=held,
            evidence=1.0 if held else 0.0,
            seconds=time.perf_counter() - started,
            notes=(_told(len(readable), len(entries), len(held)),),
        )

    def sample(self, documents: Sequence[str], *, limit: int) -> tuple[FoundPassage, ...]:
        """Passages from all over these documents, evenly, in the order they are read in.

        Each document has at least its first; long ones have more, up to `limit` in all.
        """
        ids = [self._passages.ids_of(document) for document in documents[:limit]]
        total = sum(map(len, ids)) or 1
        chosen = [
            passage_id
            for of_one in ids
            for passage_id in evenly(of_one, max(1, limit * len(of_one) // total))
        ]
        return self._passages.found([Scored(each, 0.0, 0.0, 0.0) for each in chosen])

    def documents_in(self, scope: Scope) -> list[DocumentEntry]:
        """The documents of a scope."""
        within = self._catalog.documents.within(scope)
        wanted = None if within is None else frozenset(within)
        entries = self._catalog.documents.list()
        return [entry for entry in entries if wanted is None or entry.document in wanted]

    def _holding(self, question: str, documents: Sequence[str]) -> list[Scored]:
        """The best passage of each document that has one with most of the question's words.

        Or with all of them, however far its meaning: a part number is close to nothing.
        """
        terms = terms_of(question, self._passages)
        best = self._best_of_each(question, terms, documents)
        indexed = self._passages.indexed(scored.passage_id for scored in best)
        return [
            scored
            for scored in best
            if scored.passage_id in indexed
            and _holds(scored, coverage(terms, indexed[scored.passage_id].indexed()))
        ]

    def _best_of_each(
        self, question: str, terms: Sequence[Term], documents: Sequence[str]
    ) -> list[Scored]:
        """The best passage of each document, the best of all first."""
        everything = self._passages.count()
        dense = DenseLeg(question, self._vectors, self._embedder, scale=self._scale)
        fused = fuse(
            dense.nearest(limit=everything, documents=documents),
            keyword_leg(terms, self._passages, limit=everything, documents=documents),
        )
        owners = self._passages.owners()
        best: dict[str, Scored] = {}
        for scored in fused:
            if (owner := owners.get(scored.passage_id)) is not None:
                best.setdefault(owner, scored)
        return list(best.values())


def _holds(scored: Scored, covered: float) -> bool:
    return covered >= ALL_WORDS or (covered >= MOST_WORDS and scored.dense_score >= GATE)


def evenly(ids: Sequence[int], count: int) -> list[int]:
    """So many of them at even distances, the first among them."""
    count = min(count, len(ids))
    return [ids[number * len(ids) // count] for number in range(count)]


def _told(readable: int, total: int, held: int) -> str:
    documents = "document" if total == 1 else "documents"
    return f"Read {readable} of {total} {documents}; {held} hold something on this."

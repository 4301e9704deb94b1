"""The second half of a document's way in: its passages into vectors, searchable by meaning."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection

import numpy as np

from rag.catalog import Catalog
from rag.catalog.passages import ToEmbed
from rag.embedding import Embedder, Vectors
from rag.scheduler import Work
from rag.vectors import VectorStore

BATCH = 8  # passages between two checkpoints: a question waits no longer than for these
STORED_AT_ONCE = 64  # at least: Chroma takes many faster than few, and a sudden end costs these


class PassageEmbedding:
    """Embeds passages of the catalog and stores their vectors."""

    def __init__(self, catalog: Catalog, vectors: VectorStore, embedder: Embedder) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._embedder = embedder

    def embed(
        self,
        passage_ids: Collection[int],
        work: Work,
        *,
        on_embedded: Callable[[int, float], None] = lambda count, seconds: None,
    ) -> None:
        """Passages into vectors, those that have none yet; like lengths together.

        `on_embedded` hears after each batch how many there were and for how many seconds they
        were computed. Raises Stopped; what was computed until then is stored.
        """
        waiting = self._catalog.passages.to_embed(self._vectors.missing(passage_ids))
        waiting.sort(key=lambda passage: len(passage.text))
        computed: list[ToEmbed] = []
        vectors: list[Vectors] = []
        try:
            for first in range(0, len(waiting), BATCH):
                work.checkpoint()
                started = time.perf_counter()
                batch = waiting[first : first + BATCH]
                vectors.append(self._embedder.embed([passage.text for passage in batch]))
                computed += batch
                if len(computed) >= STORED_AT_ONCE:
                    self._store(computed, vectors)
                    computed, vectors = [], []
                on_embedded(len(batch), time.perf_counter() - started)
        finally:
            self._store(computed, vectors)

    def missing(self, document: str) -> list[int]:
        """The document's passages that have no vector."""
        return self._vectors.missing(self._catalog.passages.ids_of(document))

    def _store(self, passages: list[ToEmbed], vectors: list[Vectors]) -> None:
        if not passages:
            return
        passage_ids = [passage.passage_id for passage in passages]
        documents = [passage.document for passage in passages]
        self._vectors.add(passage_ids, documents, np.concatenate(vectors))
        # Whoever removes a document takes it out of the catalog first: what is gone from there
        # by now may have had no vector yet when its vectors were taken out.
        there = {passage.passage_id for passage in self._catalog.passages.to_embed(passage_ids)}
        self._vectors.remove([each for each in passage_ids if each not in there])

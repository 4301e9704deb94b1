"""The second half of a document's way in: its passages into vectors, searchable by meaning.

Identical text is embedded once: a passage whose very text has a vector is given a copy of it.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeAlias

import numpy as np

from rag.catalog import Catalog
from rag.catalog.passages import ToEmbed
from rag.embedding import Embedder, Vectors
from rag.hardware import physical_cores
from rag.scheduler import Work
from rag.vectors import VectorStore

ROUNDS = 2  # of texts, one on each core, between two checkpoints: a question shares with no more
STORED_AT_ONCE = 64  # at least: Chroma takes many faster than few, and a sudden end costs these
IN_MEMORY = 2_048  # passages whose texts are held at once: some MB

OnEmbedded: TypeAlias = Callable[[int, int, float], None]
ByText: TypeAlias = dict[str, list[ToEmbed]]  # passages that read the same, by how they read


class PassageEmbedding:
    """Embeds passages of the catalog and stores their vectors."""

    def __init__(self, catalog: Catalog, vectors: VectorStore, embedder: Embedder) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._embedder = embedder
        self._batch = ROUNDS * physical_cores()

    def embed(
        self,
        passage_ids: Collection[int],
        work: Work,
        *,
        on_embedded: OnEmbedded = lambda passages, characters, seconds: None,
    ) -> None:
        """Passages into vectors, those that have none yet; like lengths together.

        `on_embedded` hears after each batch for how many passages there are new vectors, how many
        characters these have and how many seconds it took. Raises Stopped; what was computed until
        then is stored.
        """
        missing = self._vectors.missing(passage_ids)
        for first in range(0, len(missing), IN_MEMORY):
            part = missing[first : first + IN_MEMORY]
            waiting = _by_text(self._catalog.passages.to_embed(part))
            started = time.perf_counter()
            if copied := self._copy(waiting):
                on_embedded(*_size_of(copied), time.perf_counter() - started)
            self._compute(waiting, work, on_embedded)

    def missing(self, document: str) -> list[int]:
        """The document's passages that have no vector."""
        return self._vectors.missing(self._catalog.passages.ids_of(document))

    def characters_of(self, passage_ids: Collection[int]) -> int:
        """How many characters the embedder is to read for these passages."""
        return sum(len(each.text) for each in self._catalog.passages.to_embed(passage_ids))

    def _copy(self, waiting: ByText) -> list[list[ToEmbed]]:
        """Gives vectors that are there to those who wait for the same; these come back."""
        texts = {each.passage_id: each.text for each in self._catalog.embedded.same_as(waiting)}
        copied: list[list[ToEmbed]] = []
        vectors: list[Vectors] = []
        for stored in self._vectors.stored(list(texts)):
            for passage_id, vector in zip(stored.passage_ids, stored.vectors, strict=True):
                if same := waiting.pop(texts[passage_id], None):
                    copied.append(same)
                    vectors.append(vector[np.newaxis])
        self._store(copied, vectors)
        return copied

    def _compute(self, waiting: ByText, work: Work, on_embedded: OnEmbedded) -> None:
        texts = sorted(waiting, key=len)
        computed: list[list[ToEmbed]] = []
        vectors: list[Vectors] = []
        try:
            for first in range(0, len(texts), self._batch):
                work.checkpoint()
                started = time.perf_counter()
                batch = texts[first : first + self._batch]
                vectors.append(self._embedder.embed(batch))
                computed += (waiting[text] for text in batch)
                if len(computed) >= STORED_AT_ONCE:
                    self._store(computed, vectors)
                    computed, vectors = [], []
                done = [waiting[text] for text in batch]
                on_embedded(*_size_of(done), time.perf_counter() - started)
        finally:
            self._store(computed, vectors)

    def _store(self, computed: Sequence[list[ToEmbed]], vectors: Sequence[Vectors]) -> None:
        """Each row of the vectors for all passages that read the same."""
        if not computed:
            return
        passages = [each for same in computed for each in same]
        passage_ids = [each.passage_id for each in passages]
        rows = np.repeat(np.concatenate(vectors), [len(same) for same in computed], axis=0)
        self._vectors.add(passage_ids, [each.document for each in passages], rows)
        # Whoever removes a document takes it out of the catalog first: what is gone from there
        # by now may have had no vector yet when its vectors were taken out.
        self._vectors.remove(self._catalog.embedded.note(passages))


def _by_text(passages: Iterable[ToEmbed]) -> ByText:
    by_text: defaultdict[str, list[ToEmbed]] = defaultdict(list)
    for each in passages:
        by_text[each.text].append(each)
    return by_text


def _size_of(passages: Iterable[list[ToEmbed]]) -> tuple[int, int]:
    """How many there are, and how many characters they have."""
    lengths = [len(each.text) for same in passages for each in same]
    return len(lengths), sum(lengths)

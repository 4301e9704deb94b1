"""A library's passages read by another embedder, beside the vectors that are searched meanwhile.

No file is read: the passages are the catalog's. What a sudden end leaves is gone on with.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from rag.catalog import Catalog
from rag.embedding import Embedder
from rag.library.embedding import PassageEmbedding
from rag.scheduler import Work
from rag.vectors import VectorStore

log = logging.getLogger(__name__)


class Reembedding:
    """Fills the vector store of the embedder that is to come."""

    def __init__(self, catalog: Catalog, vectors: VectorStore, embedder: Embedder) -> None:
        """`vectors` are the store of `embedder`, in whatever state it is."""
        self._catalog = catalog
        self._vectors = vectors
        self._embedding = PassageEmbedding(catalog, vectors, embedder)

    def fill(self, work: Work, *, on_filled: Callable[[int, int], None]) -> None:
        """Until the store holds just the catalog's passages, those that come meanwhile included.

        `on_filled` hears how many passages of how many have their vector. Raises Stopped, and
        ModelUnusable; what was computed until then is kept.
        """
        while missing := self._missing():
            total = self._catalog.passages.count()
            log.info("the embedder to come: %d of %d passages are missing", len(missing), total)
            self._fill(missing, max(total, len(missing)), work, on_filled)
            work.checkpoint()

    def _fill(
        self, missing: Sequence[int], total: int, work: Work, on_filled: Callable[[int, int], None]
    ) -> None:
        done = total - len(missing)
        on_filled(done, total)

        def count(passages: int, characters: int, seconds: float) -> None:
            nonlocal done
            done += passages
            on_filled(min(done, total), total)

        self._embedding.embed(missing, work, on_embedded=count)

    def _missing(self) -> list[int]:
        """The passages without a vector; vectors without a passage are taken out."""
        with_vectors = self._vectors.ids()  # first: what is added meanwhile is then no orphan
        passage_ids = self._catalog.passages.ids()
        self._vectors.remove(sorted(with_vectors - passage_ids))
        return sorted(passage_ids - with_vectors)

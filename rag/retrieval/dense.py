"""The dense leg: the passages whose vectors are nearest to the question's."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from rag.embedding import Embedder, Vectors
from rag.embedding.scale import CosineScale
from rag.errors import LibraryDamaged, VectorServerAway
from rag.vectors import VectorStore

log = logging.getLogger(__name__)


class DenseLeg:
    """One question by its meaning. Where the vectors cannot be read, it finds nothing."""

    def __init__(
        self,
        question: str,
        vectors: VectorStore,
        embedder: Embedder,
        *,
        scale: CosineScale | None = None,
    ) -> None:
        """With a `scale`, the cosines are brought to it, whatever the embedder's own is."""
        self._vectors = vectors
        self._scale = scale
        self._vector: Vectors = embedder.question(question)
        self.is_broken = False

    def nearest(
        self, *, limit: int, documents: Sequence[str] | None = None
    ) -> list[tuple[int, float]]:
        """Passage ids with their cosine to the question, best first.

        Where `documents` is given, only passages of these.
        """
        try:
            near = self._vectors.nearest(self._vector, limit=limit, documents=documents)
        except (LibraryDamaged, VectorServerAway) as error:
            log.warning("the dense leg failed: %s", type(error).__name__)
            self.is_broken = True
            return []
        if self._scale is None:
            return near
        return [(passage_id, self._scale.brought(cosine)) for passage_id, cosine in near]

"""The vector store: passage ids and their vectors in Chroma, nothing else.

Derived from the catalog and the embedder, so anything wrong with it is mended by making it anew.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rag.embedding import Vectors
from rag.errors import LibraryDamaged

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection
    from chromadb.api.types import Where

log = logging.getLogger(__name__)

BATCH = 5_000  # Chroma refuses more than 41,666 at a time


class VectorStore:
    """The vectors of one library made by one embedder. All that it does may raise LibraryDamaged,
    where Chroma fails over a store that it could open, or the disk is full.
    """

    def __init__(self, folder: Path, *, embedder: str) -> None:
        """The store in `folder`, opened when first used; where it cannot be read, a new one."""
        self._folder = folder
        self._embedder = embedder
        self._opening = threading.Lock()
        self._opened: Collection | None = None

    def add(self, passage_ids: Sequence[int], documents: Sequence[str], vectors: Vectors) -> None:
        """Store vectors under their passages' ids, with the document each belongs to."""
        for first in range(0, len(passage_ids), BATCH):
            part = slice(first, first + BATCH)
            with self._translated():
                self._collection.upsert(
                    ids=[str(passage_id) for passage_id in passage_ids[part]],
                    embeddings=list(vectors[part]),
                    metadatas=[{"document": document} for document in documents[part]],
                )

    def remove(self, passage_ids: Sequence[int]) -> None:
        """Take vectors out; ids that are not there are passed over."""
        for first in range(0, len(passage_ids), BATCH):
            part = passage_ids[first : first + BATCH]
            with self._translated():
                self._collection.delete(ids=[str(passage_id) for passage_id in part])

    def ids(self) -> set[int]:
        """The ids of all passages that have a vector."""
        with self._translated():
            return {int(passage_id) for passage_id in self._collection.get(include=[])["ids"]}

    def nearest(
        self, vector: Vectors, *, limit: int, documents: Sequence[str] | None = None
    ) -> list[tuple[int, float]]:
        """Passage ids with their cosine to `vector` (shape (1, dimensions)), best first.

        Where `documents` is given, only passages of these.
        """
        where = None if documents is None else {"document": {"$in": list(documents)}}
        with self._translated():
            limit = min(limit, self._collection.count())
            if limit == 0 or documents == []:
                return []
            found = self._collection.query(
                query_embeddings=list(vector),
                n_results=limit,
                where=cast("Where | None", where),
                include=["distances"],
            )
        distances = (found["distances"] or [[]])[0]
        ids = found["ids"][0]
        return [(int(i), 1.0 - distance) for i, distance in zip(ids, distances, strict=True)]

    def renew(self) -> None:
        """Throw all vectors away."""
        with self._opening, self._translated():
            self._forget_folder()
            self._opened = self._open()

    @property
    def _collection(self) -> Collection:
        with self._opening:
            if self._opened is None:
                self._opened = self._open_or_renew()
            return self._opened

    def _open_or_renew(self) -> Collection:
        try:
            return self._open()
        except Exception:  # Chroma raises many kinds, some from its native part
            log.exception("the vector store cannot be opened and is made anew")
            self._forget_folder()
            return self._open()

    def _open(self) -> Collection:
        import chromadb
        from chromadb.config import Settings

        client = chromadb.PersistentClient(
            str(self._folder), settings=Settings(anonymized_telemetry=False)
        )
        collection = client.get_or_create_collection(
            f"passages-{self._embedder}",
            embedding_function=None,
            configuration={"hnsw": {"space": "cosine"}},
        )
        # A damaged store counts all and finds few: only a stored vector shows that they are there.
        collection.get(limit=1, include=["embeddings"])
        return collection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        from chromadb.errors import InternalError

        try:
            yield
        except InternalError as error:  # its other kinds are bugs of ours
            raise LibraryDamaged(
                f"The search by meaning in {self._folder} failed: {error}.",
                remedy="Check that the disk has space left. `deskbook doctor --repair` makes "
                "it anew from the documents.",
            ) from error

    def _forget_folder(self) -> None:
        from chromadb.api.shared_system_client import SharedSystemClient

        SharedSystemClient.clear_system_cache()
        shutil.rmtree(self._folder, ignore_errors=True)

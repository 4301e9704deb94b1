"""Passage ids and their vectors in Chroma, in a folder or on a server of its own; no texts.

Derived from the catalog and the embedder, so anything wrong with it is mended by making it anew.
"""

from __future__ import annotations

import logging
import secrets
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from rag.embedding import Vectors
from rag.errors import LibraryDamaged, VectorServerAway
from rag.vectors.chroma_files import shrink

if TYPE_CHECKING:
    from chromadb.api.client import Client
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection

log = logging.getLogger(__name__)

BATCH = 2_000  # Chroma refuses more than 41,666 at a time, and its server more than 40 MB
REMOVED_AT_ONCE = 10_000  # every call costs as much as removing a thousand
# So many vectors wait in Chroma's log, where they take more space, before its index is written.
INDEX: CreateHNSWConfiguration = {"space": "cosine", "sync_threshold": 200}
SERVER_PORT = 8_000  # what `chroma run` listens on unless told otherwise


@dataclass(frozen=True, slots=True)
class Stored:
    """Vectors as they lie in Chroma, each with its passage and the document it belongs to."""

    passage_ids: Sequence[int]
    documents: Sequence[str]
    vectors: Vectors


class ChromaVectors:
    """The vectors of one library made by one embedder. All that it does may raise LibraryDamaged,
    where Chroma fails over a store that it could open, or the disk is full, and VectorServerAway.
    """

    def __init__(self, folder: Path, *, embedder: str, server: str) -> None:
        """Chroma in `folder`, or on `server` ("host:port") unless that is empty.

        Opened when first used; where a folder cannot be read, a new one.
        """
        self._folder = folder
        self._embedder = embedder
        self._server = server
        self._opening = threading.Lock()
        self._client: Client | None = None
        self._opened: Collection | None = None

    def close(self) -> None:
        """Let go of files and connections, and give the disk back what is not needed."""
        with self._opening:
            was_open = self._client is not None
            self._close()
            if was_open and not self._server:
                shrink(self._folder)

    def add(self, stored: Stored) -> None:
        """Store vectors under their passages' ids; what has such an id already is replaced."""
        for first in range(0, len(stored.passage_ids), BATCH):
            part = slice(first, first + BATCH)
            with self._translated():
                self._collection.upsert(
                    ids=[str(passage_id) for passage_id in stored.passage_ids[part]],
                    embeddings=list(stored.vectors[part]),
                    metadatas=[{"document": document} for document in stored.documents[part]],
                )

    def remove(self, passage_ids: Sequence[int]) -> None:
        """Take vectors out; ids that are not there are passed over."""
        for first in range(0, len(passage_ids), REMOVED_AT_ONCE):
            part = passage_ids[first : first + REMOVED_AT_ONCE]
            with self._translated():
                self._collection.delete(ids=[str(passage_id) for passage_id in part])

    def count(self) -> int:
        """How many vectors there are."""
        with self._translated():
            return self._collection.count()

    def ids(self) -> set[int]:
        """The ids of all passages that have a vector."""
        with self._translated():
            return {int(passage_id) for passage_id in self._collection.get(include=[])["ids"]}

    def stored(self, passage_ids: Sequence[int]) -> Iterator[Stored]:
        """What is stored under these ids, a batch at a time, in any order."""
        for first in range(0, len(passage_ids), BATCH):
            part = [str(passage_id) for passage_id in passage_ids[first : first + BATCH]]
            with self._translated():
                got = self._collection.get(ids=part, include=["embeddings", "metadatas"])
            assert got["embeddings"] is not None
            assert got["metadatas"] is not None
            yield Stored(
                [int(passage_id) for passage_id in got["ids"]],
                [str(metadata["document"]) for metadata in got["metadatas"]],
                np.asarray(got["embeddings"], dtype=np.float32),
            )

    def cosines(self, passage_ids: Sequence[int], vector: Vectors) -> list[tuple[int, float]]:
        """These passages with their cosine to `vector` (shape (1, dimensions)), in any order."""
        if not passage_ids:
            return []
        with self._translated():
            got = self._collection.get(ids=list(map(str, passage_ids)), include=["embeddings"])
        assert got["embeddings"] is not None
        vectors = np.asarray(got["embeddings"], dtype=np.float32).reshape(-1, vector.shape[1])
        found = np.vecdot(vectors, vector[0])
        return list(zip(map(int, got["ids"]), found.tolist(), strict=True))

    def nearest(self, vector: Vectors, *, limit: int) -> list[tuple[int, float]]:
        """Passage ids with their cosine to `vector` (shape (1, dimensions)), best first.

        By Chroma's index, which may miss one of the last among many. `limit` is at least 1 and at
        most the number of vectors.
        """
        with self._translated():
            found = self._collection.query(
                query_embeddings=list(vector), n_results=limit, include=["distances"]
            )
        distances = (found["distances"] or [[]])[0]
        ids = found["ids"][0]
        return [(int(i), 1.0 - distance) for i, distance in zip(ids, distances, strict=True)]

    def renew(self) -> None:
        """Throw all vectors away."""
        with self._opening, self._translated():
            if self._server:
                client = self._connect()
                client.get_or_create_collection(self._name(), embedding_function=None)
                client.delete_collection(self._name())
            else:
                self._forget_folder()
            self._opened = self._open()

    @property
    def _collection(self) -> Collection:
        with self._opening:
            if self._opened is None:
                self._opened = self._open() if self._server else self._open_or_renew()
            return self._opened

    def _open_or_renew(self) -> Collection:
        try:
            return self._open()
        except Exception:  # Chroma raises many kinds, some from its native part
            log.exception("the vector store cannot be opened and is made anew")
            self._forget_folder()
            return self._open()

    def _open(self) -> Collection:
        collection = self._connect().get_or_create_collection(
            self._name(), embedding_function=None, configuration={"hnsw": INDEX}
        )
        # A damaged store counts all and finds few: only a stored vector shows that they are there.
        collection.get(limit=1, include=["embeddings"])
        return collection

    def _connect(self) -> Client:
        """A client, in the place of the one before."""
        self._close()
        self._client = self._new_client()
        return self._client

    def _close(self) -> None:
        client, self._client, self._opened = self._client, None, None
        if client is None:
            return
        client.close()
        if self._server:  # Chroma itself leaves its connections open
            for part in (client, client._admin_client):
                part._server._session.close()  # type: ignore[union-attr]

    def _new_client(self) -> Client:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if not self._server:
            return cast("Client", chromadb.PersistentClient(str(self._folder), settings=settings))
        host, _, port = self._server.partition(":")
        try:
            return cast(
                "Client", chromadb.HttpClient(host, int(port or SERVER_PORT), settings=settings)
            )
        except ValueError as error:  # what Chroma makes of a server that does not answer
            raise self._away(error) from error

    def _name(self) -> str:
        """The collection's name. A server may hold many libraries, so theirs have a mark each."""
        if not self._server:
            return f"passages-{self._embedder}"
        path = self._folder / "library.mark"
        if not path.is_file():
            self._folder.mkdir(parents=True, exist_ok=True)
            path.write_text(secrets.token_hex(8), "utf-8")
        return f"passages-{self._embedder}-{path.read_text('utf-8')}"

    @contextmanager
    def _translated(self) -> Iterator[None]:
        import httpx
        from chromadb.errors import InternalError

        try:
            yield
        except InternalError as error:  # its other kinds are bugs of ours
            raise LibraryDamaged(
                f"The search by meaning in {self._folder} failed: {error}.",
                remedy="Check that the disk has space left. `deskbook doctor --repair` makes "
                "it anew from the documents.",
            ) from error
        except httpx.TransportError as error:
            raise self._away(error) from error

    def _away(self, error: Exception) -> VectorServerAway:
        return VectorServerAway(
            f"The Chroma server at {self._server} does not answer: {error}.",
            remedy="Start it with `chroma run`, or take chroma_server out of the settings.",
        )

    def _forget_folder(self) -> None:
        from chromadb.api.shared_system_client import SharedSystemClient

        self._close()
        SharedSystemClient.clear_system_cache()
        shutil.rmtree(self._folder, ignore_errors=True)

"""Passage ids and their vectors in Chroma; no texts.

Derived from the catalog and the embedder, so anything wrong with it is mended by making it anew.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from rag.embedding import Vectors
from rag.vectors.chroma_connection import ChromaConnection
from rag.vectors.chroma_files import index_bytes, remove_unused_indices

if TYPE_CHECKING:
    from chromadb.api.collection_configuration import CreateHNSWConfiguration
    from chromadb.api.models.Collection import Collection
    from chromadb.api.types import GetResult, Include

log = logging.getLogger(__name__)

TRIES = 3  # of reading while others remove
BATCH = 2_000  # Chroma refuses more than 41,666 at a time, and its server more than 40 MB
REMOVED_AT_ONCE = 10_000  # every call costs as much as removing a thousand
INDEX: CreateHNSWConfiguration = {
    "space": "cosine",
    # Half of Chroma's own number of links and twice as many looked at: of the 50 nearest of 20,000
    # 98.0 % are found instead of 97.4, 64 bytes a vector less, 0.5 ms a search more.
    "max_neighbors": 8,
    "ef_search": 200,
    # So many vectors wait in Chroma's log, where they take more space. It has 1,000.
    "sync_threshold": 200,
}
DOCUMENT = "d"  # metadata's name for a vector's document: it is written three times a vector
OLD_DOCUMENT = "document"  # the name before
LARGEST = 1e3  # a number in a vector; embedders give lengths of one
LINKS_BYTES = 110  # in the index, beside a vector's numbers: its neighbours and its name
LOOSE, LOOSE_BYTES = 1.15, 200_000  # an index that is so much larger than needed is made anew
COPY, OLD = "-copy", "-old"  # end the names of collections that are on their way in or out


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
        self._connection = ChromaConnection(folder, server)
        self._translated = self._connection.translated
        self._embedder = embedder
        self._opening = threading.Lock()
        self._opened: Collection | None = None

    def close(self, *, is_shared: bool = False) -> None:
        """Let go of files and connections, and give the disk back what is not needed.

        Unless it `is_shared`: nothing can be given back while somebody else has it open.
        """
        with self._opening:
            self._opened = None
            if self._connection.is_open:
                self._connection.close()
                if not is_shared:
                    self._connection.shrink()

    def add(self, stored: Stored) -> None:
        """Store vectors under their passages' ids; what has such an id already is replaced."""
        for first in range(0, len(stored.passage_ids), BATCH):
            part = slice(first, first + BATCH)
            with self._translated():
                _add(
                    self._collection,
                    Stored(stored.passage_ids[part], stored.documents[part], stored.vectors[part]),
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
            got = self._get(part, ["embeddings", "metadatas"])
            assert got["embeddings"] is not None
            assert got["metadatas"] is not None
            yield Stored(
                [int(passage_id) for passage_id in got["ids"]],
                [_document(metadata) for metadata in got["metadatas"]],
                np.asarray(got["embeddings"], dtype=np.float32),
            )

    def cosines(self, passage_ids: Sequence[int], vector: Vectors) -> list[tuple[int, float]]:
        """These passages with their cosine to `vector` (shape (1, dimensions)), in any order."""
        if not passage_ids:
            return []
        got = self._get(list(map(str, passage_ids)), ["embeddings"])
        assert got["embeddings"] is not None
        vectors = np.asarray(got["embeddings"], dtype=np.float32).reshape(-1, vector.shape[1])
        found = np.vecdot(vectors, vector[0])
        return list(zip(map(int, got["ids"]), found.tolist(), strict=True))

    def _get(self, ids: list[str], include: Include) -> GetResult:
        """What is stored under these ids.

        Chroma looks the ids up first and their vectors then, and calls it an internal error where
        another thread has removed one between: then it is asked again.
        """
        from chromadb.errors import InternalError

        with self._translated():
            for _ in range(TRIES - 1):
                try:
                    return self._collection.get(ids=ids, include=include)
                except InternalError as error:
                    if "finding id" not in str(error):
                        raise
            return self._collection.get(ids=ids, include=include)

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
            if self._connection.server:
                client = self._connection.open()
                client.get_or_create_collection(self._name, embedding_function=None)
                client.delete_collection(self._name)
            else:
                self._connection.forget_folder()
            self._opened = self._open()

    # --- giving space back ----------------------------------------------------------------------

    def forget_others(self) -> None:
        """Delete what other embedders have left, and copies that were cut short or replaced."""
        mark = self._connection.mark()
        with self._translated():
            mine, client = self._collection.name, self._connection.client
            for name in [each.name for each in client.list_collections()]:
                if name != mine and name.removesuffix(COPY).removesuffix(OLD).endswith(mark):
                    client.delete_collection(name)
        if not self._connection.server:
            remove_unused_indices(self._connection.folder)

    def is_loose(self, *, width: int) -> bool:
        """Whether removed vectors take up an eighth of the index or so, as far as can be seen."""
        if self._connection.server:
            return False
        needed = self.count() * (width * np.dtype(np.float32).itemsize + LINKS_BYTES)
        return index_bytes(self._connection.folder) > needed * LOOSE + LOOSE_BYTES

    def begin_copy(self) -> Collection:
        """An empty collection that `put_in_place` makes this one."""
        with self._translated():
            return self._connection.client.create_collection(
                self._name + COPY, embedding_function=None, configuration={"hnsw": INDEX}
            )

    def copy(self, passage_ids: Sequence[int], copy: Collection) -> None:
        """Put the vectors of these passages, as far as they are there, into a copy too."""
        for stored in self.stored(passage_ids):
            if len(stored.passage_ids):
                with self._translated():
                    _add(copy, stored)

    def put_in_place(self, copy: Collection) -> None:
        """From now on the copy is what is searched; searches under way end in what was."""
        with self._translated():
            self._collection.modify(name=self._name + OLD)
            copy.modify(name=self._name)
        with self._opening:
            self._opened = copy

    # --- opening --------------------------------------------------------------------------------

    @property
    def _name(self) -> str:
        return f"passages-{self._embedder}{self._connection.mark()}"

    @property
    def _collection(self) -> Collection:
        with self._opening:
            if self._opened is None:
                is_served = bool(self._connection.server)
                self._opened = self._open() if is_served else self._open_or_renew()
            return self._opened

    def _open_or_renew(self) -> Collection:
        try:
            return self._open()
        except Exception:  # Chroma raises many kinds, some from its native part
            log.exception("the vector store cannot be opened and is made anew")
            self._connection.forget_folder()
            return self._open()

    def _open(self) -> Collection:
        client = self._connection.open()
        names = {each.name for each in client.list_collections()}
        if self._name not in names and self._name + OLD in names:  # `put_in_place` was cut short
            client.get_collection(self._name + OLD, embedding_function=None).modify(self._name)
        collection = client.get_or_create_collection(
            self._name, embedding_function=None, configuration={"hnsw": INDEX}
        )
        _require_sound(collection)
        return collection


def _add(collection: Collection, stored: Stored) -> None:
    collection.upsert(
        ids=[str(passage_id) for passage_id in stored.passage_ids],
        embeddings=list(stored.vectors),
        metadatas=[{DOCUMENT: document} for document in stored.documents],
    )


def _require_sound(collection: Collection) -> None:
    """A damaged store counts all and finds few: only stored vectors show that they are there.

    The first and the last. Raises what Chroma makes of it, or ValueError.
    """
    for number in {0, max(0, collection.count() - 1)}:
        got = collection.get(limit=1, offset=number, include=["embeddings"])
        vectors = np.asarray(got["embeddings"], dtype=np.float64)
        if not (np.abs(vectors) < LARGEST).all():  # nor what is no number
            raise ValueError(f"the vector of passage {got['ids'][0]} is damaged")


def _document(metadata: Mapping[str, object]) -> str:
    return str(metadata.get(DOCUMENT) or metadata[OLD_DOCUMENT])

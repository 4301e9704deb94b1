"""The vector store: Chroma and the matrix kept in step, each asked what it is faster at."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rag.embedding import Vectors
from rag.errors import LibraryDamaged
from rag.vectors.chroma import ChromaVectors, Stored
from rag.vectors.compacting import compact
from rag.vectors.matrix import VectorMatrix
from rag.vectors.matrix_files import forget_other_files

log = logging.getLogger(__name__)

SMALL = 10_000  # vectors: up to here comparing all takes less time than Chroma's index does
MARGIN = 10  # more than wanted are taken from the matrix; 5 were enough for 472 questions


class VectorStore:
    """The vectors of one library made by one embedder. All that it does may raise LibraryDamaged,
    where Chroma or the disk fails, and VectorServerAway.

    Chroma comes first: what it holds the matrix holds too, or is given when it is next opened.
    """

    def __init__(self, folder: Path, *, embedder: str, server: str = "") -> None:
        """The store in `folder` of the embedder with this fingerprint, opened when first used.

        Where it cannot be read, a new one. With `server` ("host:port") the vectors are on
        Chroma's own server, and in `folder` the matrix alone.
        """
        self._folder = folder
        self._name = f"passages-{embedder}"
        self._chroma = ChromaVectors(folder, embedder=embedder, server=server)
        self._opening = threading.Lock()
        self._changing = threading.Lock()
        self._matrix: VectorMatrix | None = None

    def close(self, *, is_shared: bool = False) -> None:
        """Let go of files and connections; `is_shared` where another embedder's store stays open
        in the same folder.
        """
        with self._opening:
            self._matrix = None
            self._chroma.close(is_shared=is_shared)

    def add(self, passage_ids: Sequence[int], documents: Sequence[str], vectors: Vectors) -> None:
        """Store vectors under their passages' ids, with the document each belongs to."""
        matrix = self._in_step()
        with self._changing:
            self._chroma.add(Stored(passage_ids, documents, vectors))
            with self._translated():
                matrix.add(passage_ids, documents, vectors)

    def remove(self, passage_ids: Sequence[int]) -> None:
        """Take vectors out; ids that are not there are passed over."""
        matrix = self._in_step()
        with self._changing:
            self._chroma.remove(passage_ids)
            with self._translated():
                matrix.remove(passage_ids)

    def ids(self) -> set[int]:
        """The ids of all passages that have a vector, from what is in memory."""
        return self._in_step().ids()

    def missing(self, passage_ids: Collection[int]) -> list[int]:
        """Those of these passages that have no vector."""
        held = self._in_step().held(passage_ids)
        return [passage_id for passage_id in passage_ids if passage_id not in held]

    def stored(self, passage_ids: Sequence[int]) -> Iterator[Stored]:
        """The vectors of those of these passages that have one, some at a time, in any order."""
        return self._chroma.stored(sorted(self._in_step().held(passage_ids)))

    def nearest(
        self, vector: Vectors, *, limit: int, documents: Sequence[str] | None = None
    ) -> list[tuple[int, float]]:
        """Passage ids with their cosine to `vector` (shape (1, dimensions)), best first.

        Where `documents` is given, only passages of these.
        """
        matrix = self._in_step()
        if documents is None and len(matrix) > SMALL:
            return self._chroma.nearest(vector, limit=min(limit, len(matrix)))
        with self._translated():
            near = matrix.nearest(vector, limit=limit + MARGIN, documents=documents)
        exact = self._chroma.cosines([passage_id for passage_id, _ in near], vector)
        return sorted(exact, key=lambda found: (-found[1], found[0]))[:limit]

    def renew(self) -> None:
        """Throw all vectors away."""
        with self._opening, self._translated():
            if self._matrix is not None:
                self._matrix.clear()
                self._matrix = None
            self._chroma.renew()

    def tidy(self, checkpoint: Callable[[], None]) -> None:
        """Give back the space of removed vectors and of those that other embedders have made.

        To be called when all passages have their vectors. Takes minutes where much was removed
        from much, calls `checkpoint` several times a second, and can be ended by what that raises.
        """
        matrix = self._in_step()
        self._chroma.forget_others()
        with self._translated():
            forget_other_files(self._folder, name=self._name)
        if len(matrix) and self._chroma.is_loose(width=matrix.width):
            compact(self._chroma, matrix, self._changing, checkpoint)
            self._chroma.forget_others()

    def _in_step(self) -> VectorMatrix:
        """The matrix, which the first time is given what it lacks of Chroma's vectors."""
        with self._opening:
            if self._matrix is None:
                count = self._chroma.count()  # first: a damaged folder goes, and the matrix with it
                with self._translated():
                    matrix = VectorMatrix(self._folder, name=self._name)
                    # Chroma takes seconds to list a million ids. A sudden end leaves one change
                    # half done, and the numbers tell.
                    if len(matrix) != count:
                        self._bring_in_step(matrix)
                self._matrix = matrix
            return self._matrix

    def _bring_in_step(self, matrix: VectorMatrix) -> None:
        there, passage_ids = matrix.ids(), self._chroma.ids()
        missing, orphans = sorted(passage_ids - there), there - passage_ids
        log.info("matrix: %d rows too many, %d missing", len(orphans), len(missing))
        matrix.remove(orphans)
        for stored in self._chroma.stored(missing):
            matrix.add(stored.passage_ids, stored.documents, stored.vectors)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._matrix = None  # it may lack a part: it is read again when next used
            raise LibraryDamaged(
                f"The search by meaning in {self._folder} failed: {error}.",
                remedy="Check that the disk has space left. `deskbook doctor --repair` makes "
                "it anew from the documents.",
            ) from error

"""The same vectors in eight bits as one matrix, mapped into memory, for searches over all of some.

Derived from Chroma: what is missing or damaged here is filled again from there (see `store`).
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embedding import Vectors
from rag.vectors.eight_bits import cosines
from rag.vectors.matrix_files import DEAD, MatrixFiles, Rows

DEAD_SHARE = 16  # the files are written anew when one row in so many is dead


class VectorMatrix:
    """The matrix called `name` in a folder. One process writes it; any thread may search it.

    What it does may raise OSError where the disk is full or gone; it must then be opened again.
    """

    def __init__(self, folder: Path, *, name: str) -> None:
        """What the files hold; nothing where they are missing, torn or damaged."""
        self._files = MatrixFiles(folder, name=name)
        self._lock = threading.RLock()
        self._passage_ids: NDArray[np.int64]
        self._scales: NDArray[np.float32]
        self._codes: NDArray[np.int32]  # the rows' documents as small numbers, for masks
        self._code_of: dict[int, int]  # from a document's key
        self._forget()
        self._extend(self._files.read())

    def __len__(self) -> int:
        """How many vectors there are."""
        return len(self._alive())

    @property
    def width(self) -> int:
        """How many numbers a vector has; there must be one."""
        return int(self._files.vectors.shape[1])

    def ids(self) -> set[int]:
        """The ids of all passages that have a row."""
        with self._lock:
            return set(self._passage_ids[self._alive()].tolist())

    def held(self, passage_ids: Collection[int]) -> set[int]:
        """Those of these passages that have a row."""
        with self._lock:
            found = np.isin(self._passage_ids, list(passage_ids))
            return set(self._passage_ids[found].tolist())

    def add(self, passage_ids: Sequence[int], documents: Sequence[str], vectors: Vectors) -> None:
        """Append rows; a passage that has one already gets the new one in its place."""
        if not len(passage_ids):
            return
        keys = [_key(document) for document in documents]
        with self._lock:
            self._mark_dead(passage_ids)
            self._extend(self._files.append(passage_ids, keys, vectors))

    def remove(self, passage_ids: Collection[int]) -> None:
        """Take rows out; ids that are not there are passed over."""
        with self._lock:
            self._mark_dead(passage_ids)
            alive = self._alive()
            dead_count = len(self._passage_ids) - len(alive)
            if dead_count * DEAD_SHARE <= len(self._passage_ids) or not dead_count:
                return
            if (kept := self._files.keep(alive)) is not None:
                self._forget()
                self._extend(kept)

    def clear(self) -> None:
        """Take all rows out and the files away."""
        with self._lock:
            self._files.clear()
            self._forget()

    def nearest(
        self, vector: Vectors, *, limit: int, documents: Collection[str] | None = None
    ) -> list[tuple[int, float]]:
        """Passage ids with their cosine to `vector` (shape (1, dimensions)), best first.

        Where `documents` is given, only passages of these. All are compared; the cosines are
        those of eight bits.
        """
        with self._lock:
            rows = self._alive() if documents is None else self._alive_of(documents)
            if not len(rows):
                return []
            found = cosines(self._files.vectors, self._scales, rows, vector)
            best = _largest(found, limit)
            passage_ids = self._passage_ids[rows[best]]
        return list(zip(passage_ids.tolist(), found[best].tolist(), strict=True))

    def _alive(self) -> NDArray[np.intp]:
        return np.flatnonzero(self._passage_ids != DEAD)

    def _alive_of(self, documents: Collection[str]) -> NDArray[np.intp]:
        wanted = np.zeros(len(self._code_of) + 1, dtype=np.bool_)
        codes = [self._code_of.get(_key(document), -1) for document in documents]
        wanted[codes] = True  # unknown documents mark the last place, which no row has
        wanted[-1] = False
        return np.flatnonzero(wanted[self._codes] & (self._passage_ids != DEAD))

    def _mark_dead(self, passage_ids: Collection[int]) -> None:
        found = np.flatnonzero(np.isin(self._passage_ids, list(passage_ids)))
        if len(found):
            self._passage_ids[found] = DEAD
            self._files.mark_dead(found)

    def _extend(self, rows: Rows) -> None:
        keys, places = np.unique(rows["document"], return_inverse=True)
        codes = [self._code_of.setdefault(key, len(self._code_of)) for key in keys.tolist()]
        self._codes = np.concatenate([self._codes, np.array(codes, dtype=np.int32)[places]])
        self._passage_ids = np.concatenate([self._passage_ids, rows["passage_id"]])
        self._scales = np.concatenate([self._scales, rows["scale"]])

    def _forget(self) -> None:
        self._passage_ids = np.zeros(0, dtype=np.int64)
        self._scales = np.zeros(0, dtype=np.float32)
        self._codes = np.zeros(0, dtype=np.int32)
        self._code_of = {}


def _key(document: str) -> int:
    """A document in eight bytes, however long its name."""
    return int.from_bytes(hashlib.blake2b(document.encode(), digest_size=8).digest(), "little")


def _largest(values: NDArray[np.float32], limit: int) -> NDArray[np.intp]:
    """Where the largest values are, largest first; equal ones in the order they stand."""
    if limit < len(values):
        candidates = np.sort(np.argpartition(-values, limit)[:limit])
    else:
        candidates = np.arange(len(values))
    return candidates[np.argsort(-values[candidates], kind="stable")]

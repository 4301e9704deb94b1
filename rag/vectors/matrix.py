"""The same vectors as one matrix in two files, mapped into memory, for searches that miss nothing.

`NAME.vectors` holds rows of float32, `NAME.rows` for each row its passage, document and checksum.
Derived from Chroma: files that do not belong together are dropped, and filled again from there.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import threading
import zlib
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embedding import Vectors

log = logging.getLogger(__name__)

ROW = np.dtype([("passage_id", "<i8"), ("document", "<u8"), ("checksum", "<u4"), ("width", "<u4")])
DEAD = -1  # the passage id of a row that was removed
DEAD_SHARE = 4  # the files are written anew when one row in so many is dead
CHECKED = 1_000  # rows at the end, where a power cut leaves its holes
FEW = 8  # fewer than one row in so many are copied together; else all between are multiplied

Ranked = list[tuple[int, float]]


class VectorMatrix:
    """The matrix called `name` in a folder. One process writes it; any thread may search it.

    What it does may raise OSError where the disk is full or gone.
    """

    def __init__(self, folder: Path, *, name: str) -> None:
        """What the files hold; nothing where they are missing, torn or damaged."""
        self._vectors_path = folder / f"{name}.vectors"
        self._rows_path = folder / f"{name}.rows"
        self._lock = threading.RLock()
        self._passage_ids = np.zeros(0, dtype=np.int64)
        self._codes = np.zeros(0, dtype=np.int32)  # the rows' documents as numbers
        self._code_of: dict[int, int] = {}
        self._width = 0
        self._mapped: Vectors | None = None
        self._read()

    def __len__(self) -> int:
        """How many vectors there are."""
        return len(self._alive())

    def ids(self) -> set[int]:
        """The ids of all passages that have a row."""
        with self._lock:
            return set(self._passage_ids[self._alive()].tolist())

    def add(self, passage_ids: Sequence[int], documents: Sequence[str], vectors: Vectors) -> None:
        """Append rows; a passage that has one already gets the new one in its place."""
        if not len(passage_ids):
            return
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        rows = np.zeros(len(passage_ids), dtype=ROW)
        rows["passage_id"] = passage_ids
        rows["document"] = [_key(document) for document in documents]
        rows["checksum"] = [_checksum(*pair) for pair in zip(rows, vectors, strict=True)]
        rows["width"] = vectors.shape[1]
        with self._lock:
            self._remove(passage_ids)
            _append(self._vectors_path, vectors.tobytes(), is_synced=True)
            _append(self._rows_path, rows.tobytes())
            self._extend(rows)

    def remove(self, passage_ids: Collection[int]) -> None:
        """Take rows out; ids that are not there are passed over."""
        with self._lock:
            self._remove(passage_ids)
            dead_count = len(self._passage_ids) - len(self._alive())
            if dead_count * DEAD_SHARE > len(self._passage_ids):
                self._compact()

    def clear(self) -> None:
        """Take all rows out and the files away."""
        with self._lock:
            self._mapped = None  # a mapped file cannot be removed on Windows
            for path in (self._rows_path, self._vectors_path):
                path.unlink(missing_ok=True)
            self._forget_rows()

    def nearest(
        self, vector: Vectors, *, limit: int, documents: Collection[str] | None = None
    ) -> Ranked:
        """Passage ids with their cosine to `vector` (shape (1, dimensions)), best first.

        Where `documents` is given, only passages of these. All are compared.
        """
        with self._lock:
            rows = self._alive() if documents is None else self._alive_of(documents)
            if not len(rows):
                return []
            cosines = self._cosines(rows, vector)
            best = _largest(cosines, limit)
            passage_ids = self._passage_ids[rows[best]]
        return list(zip(passage_ids.tolist(), cosines[best].tolist(), strict=True))

    # --- rows ---

    def _cosines(self, rows: NDArray[np.intp], vector: Vectors) -> NDArray[np.float32]:
        """Row by row: BLAS's own product waits for all cores, and other work may have some."""
        first, end = int(rows[0]), int(rows[-1]) + 1
        cosines: NDArray[np.float32]
        if len(rows) * FEW < end - first:
            cosines = np.vecdot(self._vectors()[rows], vector[0])
        else:
            cosines = np.vecdot(self._vectors()[first:end], vector[0])[rows - first]
        return cosines

    def _alive(self) -> NDArray[np.intp]:
        return np.flatnonzero(self._passage_ids != DEAD)

    def _alive_of(self, documents: Collection[str]) -> NDArray[np.intp]:
        wanted = np.zeros(len(self._code_of) + 1, dtype=np.bool_)
        codes = [self._code_of.get(_key(document), -1) for document in documents]
        wanted[codes] = True  # unknown documents mark the last place, which no row has
        wanted[-1] = False
        return np.flatnonzero(wanted[self._codes] & (self._passage_ids != DEAD))

    def _extend(self, rows: NDArray[np.void]) -> None:
        codes = [
            self._code_of.setdefault(document, len(self._code_of))
            for document in rows["document"].tolist()
        ]
        self._passage_ids = np.concatenate([self._passage_ids, rows["passage_id"]])
        self._codes = np.concatenate([self._codes, np.array(codes, dtype=np.int32)])
        self._width = int(rows["width"][0])
        self._mapped = None

    def _forget_rows(self) -> None:
        self._passage_ids, self._codes = self._passage_ids[:0], self._codes[:0]
        self._code_of = {}
        self._mapped = None

    def _remove(self, passage_ids: Collection[int]) -> None:
        """Mark rows as dead, in memory and, one after the other, on disk."""
        found = np.flatnonzero(np.isin(self._passage_ids, list(passage_ids)))
        if not len(found):
            return
        self._passage_ids[found] = DEAD
        with self._rows_path.open("r+b") as file:
            for row in found.tolist():
                file.seek(row * ROW.itemsize)  # the passage id stands first in a row
                file.write(self._passage_ids[row].tobytes())

    def _compact(self) -> None:
        """Write both files anew without the dead rows; where the disk is too full, later."""
        alive = self._alive()
        rows = np.fromfile(self._rows_path, ROW)[alive]
        new = self._vectors_path.with_suffix(".new")
        try:
            with new.open("wb") as file:
                for first in range(0, len(alive), CHECKED):
                    file.write(self._vectors()[alive[first : first + CHECKED]].tobytes())
                os.fsync(file.fileno())
        except OSError:
            log.warning("the matrix of vectors stays as large as it was", exc_info=True)
            with contextlib.suppress(OSError):
                new.unlink()
            return
        self._forget_rows()
        self._rows_path.unlink()  # an end here leaves no rows, and all come from Chroma again
        os.replace(new, self._vectors_path)
        if len(rows):
            _append(self._rows_path, rows.tobytes())
            self._extend(rows)

    # --- files ---

    def _vectors(self) -> Vectors:
        if self._mapped is None:
            shape = (len(self._passage_ids), self._width)
            self._mapped = np.memmap(self._vectors_path, np.float32, mode="r", shape=shape)
        return self._mapped

    def _read(self) -> None:
        """Take in what both files hold whole, and cut off what a sudden end left behind."""
        try:
            content = self._rows_path.read_bytes()
            rows = np.frombuffer(content, ROW, count=len(content) // ROW.itemsize).copy()
            width = int(rows["width"][0]) if len(rows) else 0
            size = self._vectors_path.stat().st_size
        except FileNotFoundError:
            self.clear()
            return
        count = min(len(rows), size // (4 * width)) if width else 0
        if count == 0 or not (rows["width"] == width).all():
            self.clear()
            return
        os.truncate(self._rows_path, count * ROW.itemsize)
        os.truncate(self._vectors_path, count * 4 * width)
        rows = rows[:count]
        self._extend(rows)
        if not self._is_sound(rows):
            log.warning("the matrix of vectors is damaged and is made anew")
            self.clear()

    def _is_sound(self, rows: NDArray[np.void]) -> bool:
        """Whether the last rows, and as many spread over all, are what was written."""
        last = range(max(0, len(rows) - CHECKED), len(rows))
        spread = range(0, len(rows), 1 + len(rows) // CHECKED)
        vectors = self._vectors()
        return all(
            _checksum(rows[row], vectors[row]) == rows["checksum"][row] for row in {*last, *spread}
        )


def _checksum(row: np.void, vector: NDArray[np.float32]) -> int:
    return zlib.crc32(vector.tobytes(), int(row["document"]) & 0xFFFFFFFF)


def _key(document: str) -> int:
    """A document in eight bytes, however long its name."""
    return int.from_bytes(hashlib.blake2b(document.encode(), digest_size=8).digest(), "little")


def _append(path: Path, content: bytes, *, is_synced: bool = False) -> None:
    """Write at the end; a write that fails leaves no part. `is_synced`: and wait for the disk.

    Vectors are, so that no row outlives its vector; a row that is lost comes again from Chroma.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        size = file.seek(0, os.SEEK_END)
        try:
            file.write(content)
            file.flush()
            if is_synced:
                os.fsync(file.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                file.truncate(size)
            raise


def _largest(values: NDArray[np.float32], limit: int) -> NDArray[np.intp]:
    """Where the largest values are, largest first; equal ones in the order they stand."""
    if limit < len(values):
        candidates = np.sort(np.argpartition(-values, limit)[:limit])
    else:
        candidates = np.arange(len(values))
    return candidates[np.argsort(-values[candidates], kind="stable")]

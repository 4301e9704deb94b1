"""The two files of a matrix: written so that a sudden end costs no more than the last rows.

`NAME.int8` holds rows of eight-bit numbers, `NAME.rows` for each row its scale, passage, document
and checksum. What they hold means nothing here: `matrix` searches it.
"""

from __future__ import annotations

import contextlib
import io
import logging
import os
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.embedding import Vectors
from rag.vectors.eight_bits import EightBits, quantize

log = logging.getLogger(__name__)

ROW = np.dtype(
    [
        ("passage_id", "<i8"),
        ("document", "<u8"),
        ("checksum", "<u4"),
        ("width", "<u4"),
        ("scale", "<f4"),
    ]
)
VECTORS, ROWS = ".int8", ".rows"  # end the files' names
DEAD = -1  # the passage id of a row that was removed
CHECKED = 1_000  # rows at the end, where a power cut leaves its holes; and as many among all

Rows = NDArray[np.void]  # of the kind ROW


def forget_other_files(folder: Path, *, name: str) -> None:
    """Remove the files of matrices that have another name, and of older kinds of them."""
    for path in folder.glob("passages-*"):
        if path.name not in (name + VECTORS, name + ROWS):
            path.unlink()


class MatrixFiles:
    """The files called `name` in a folder. What it does may raise OSError."""

    def __init__(self, folder: Path, *, name: str) -> None:
        self._vectors_path = folder / (name + VECTORS)
        self._rows_path = folder / (name + ROWS)
        self._count, self._width = 0, 0
        self._mapped: EightBits | None = None

    def read(self) -> Rows:
        """The rows that both files hold whole; files that do not belong together are removed."""
        rows = self._read_whole_rows()
        if not len(rows):
            self.clear()
            return rows
        self._count, self._width = len(rows), int(rows["width"][0])
        os.truncate(self._rows_path, self._count * ROW.itemsize)
        os.truncate(self._vectors_path, self._count * self._width)
        if not self._is_sound(rows):
            log.warning("the matrix of vectors is damaged and is made anew")
            self.clear()
            return rows[:0]
        return rows

    def append(
        self, passage_ids: Sequence[int], documents: Sequence[int], vectors: Vectors
    ) -> Rows:
        """Write rows at the end; where that fails, the files must be read again."""
        rows = np.zeros(len(passage_ids), dtype=ROW)
        numbers, rows["scale"] = quantize(vectors)
        rows["passage_id"], rows["document"] = passage_ids, documents
        rows["checksum"] = [_checksum(*pair) for pair in zip(rows, numbers, strict=True)]
        rows["width"] = numbers.shape[1]
        # No row may outlive its vector. A row that is lost comes again from Chroma.
        _append(self._vectors_path, numbers.tobytes(), is_synced=True)
        _append(self._rows_path, rows.tobytes(), is_synced=False)
        self._count, self._width = self._count + len(rows), numbers.shape[1]
        self._mapped = None
        return rows

    def mark_dead(self, numbers: NDArray[np.intp]) -> None:
        """Mark the rows with these numbers as removed."""
        dead = np.array(DEAD, dtype="<i8").tobytes()
        with self._rows_path.open("r+b") as file:
            for number in numbers.tolist():
                file.seek(number * ROW.itemsize)  # the passage id stands first in a row
                file.write(dead)

    def keep(self, numbers: NDArray[np.intp]) -> Rows | None:
        """Write both files anew with these rows alone; None where the disk is too full for it."""
        rows: Rows = np.fromfile(self._rows_path, ROW)[numbers]
        new = self._vectors_path.with_suffix(".new")
        try:
            self._copy_vectors(numbers, new)
        except OSError:
            log.warning("the matrix of vectors stays as large as it was", exc_info=True)
            with contextlib.suppress(OSError):
                new.unlink()
            return None
        self._mapped = None  # a mapped file cannot be replaced on Windows
        self._rows_path.unlink()  # an end here leaves no rows, and all come from Chroma again
        os.replace(new, self._vectors_path)
        _append(self._rows_path, rows.tobytes(), is_synced=False)
        self._count = len(rows)
        return rows

    def clear(self) -> None:
        """Remove both files."""
        self._mapped, self._count = None, 0
        for path in (self._rows_path, self._vectors_path):
            path.unlink(missing_ok=True)

    @property
    def vectors(self) -> EightBits:
        """All rows' vectors, mapped; there must be a row."""
        if self._mapped is None:
            shape = (self._count, self._width)
            self._mapped = np.memmap(self._vectors_path, np.int8, mode="r", shape=shape)
        return self._mapped

    def _read_whole_rows(self) -> Rows:
        try:
            content = self._rows_path.read_bytes()
            size = self._vectors_path.stat().st_size
        except FileNotFoundError:
            return np.zeros(0, dtype=ROW)
        rows: Rows = np.frombuffer(content, ROW, count=len(content) // ROW.itemsize)
        width = int(rows["width"][0]) if len(rows) else 0
        if width == 0 or not (rows["width"] == width).all():
            return rows[:0]
        return rows[: size // width]

    def _is_sound(self, rows: Rows) -> bool:
        """Whether the last rows, and as many spread over all, are what was written.

        Read, not mapped: touching a thousand places would bring nearly all of it into memory.
        """
        last = range(max(0, len(rows) - CHECKED), len(rows))
        spread = range(0, len(rows), 1 + len(rows) // CHECKED)
        with self._vectors_path.open("rb", buffering=0) as file:
            return all(self._is_row_sound(file, rows, number) for number in {*last, *spread})

    def _is_row_sound(self, file: io.FileIO, rows: Rows, number: int) -> bool:
        file.seek(number * self._width)
        numbers = np.frombuffer(file.read(self._width), np.int8)
        return bool(_checksum(rows[number], numbers) == rows["checksum"][number])

    def _copy_vectors(self, numbers: NDArray[np.intp], path: Path) -> None:
        with path.open("wb") as file:
            for first in range(0, len(numbers), CHECKED):
                file.write(self.vectors[numbers[first : first + CHECKED]].tobytes())
            os.fsync(file.fileno())


def _checksum(row: np.void, numbers: EightBits) -> int:
    return zlib.crc32(numbers.tobytes() + row["scale"].tobytes(), int(row["document"]) & 0xFFFFFFFF)


def _append(path: Path, content: bytes, *, is_synced: bool) -> None:
    """Write at the end, and wait for the disk if told to; a write that fails leaves no part."""
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

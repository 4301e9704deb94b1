"""How the tables hold what is long: texts in compressed blocks, all else where it stands.

A passage's text is not kept again: it is cut from its document's blocks, mostly from one. The
functions that SQL calls are put on each connection by `add_functions`.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from rag.types import Run

BLOCK = 16_384  # characters; the views of migration `pack_texts` say so too
KEPT_OPEN = 16  # blocks: those of neighbouring passages are asked for one after the other
_EMPTY = "[]"


def add_functions(db: sqlite3.Connection) -> None:
    """Let this connection's SQL read what is packed."""
    db.create_aggregate("cut_text", 4, _CutText)  # type: ignore[arg-type]
    db.create_function("folded_text", 2, unpack_folded, deterministic=True)


# --- texts --------------------------------------------------------------------------------------


def write_text(db: sqlite3.Connection, document: str, text: str) -> None:
    """Put a document's text in place of the one there was, inside a transaction."""
    db.execute("DELETE FROM text_blocks WHERE document = ?", (document,))
    db.executemany(
        "INSERT INTO text_blocks VALUES (?, ?, ?)",
        (
            (document, start, zlib.compress(text[start : start + BLOCK].encode()))
            for start in range(0, len(text), BLOCK)
        ),
    )


def join_text(blocks: Iterable[bytes]) -> str:
    """A whole text from its blocks, in order. Raises zlib.error where one is damaged."""
    return "".join(zlib.decompress(block).decode() for block in blocks)


class _CutText:
    """Aggregate of a passage's start and end with start and content of the blocks it touches."""

    def __init__(self) -> None:
        self._parts: list[tuple[int, str]] = []

    def step(self, start: int, end: int, block_start: int, block: bytes) -> None:
        cut = slice(max(0, start - block_start), end - block_start)
        self._parts.append((block_start, _opened(block)[cut]))

    def finalize(self) -> str:
        return "".join(part for _, part in sorted(self._parts))


@lru_cache(maxsize=KEPT_OPEN)
def _opened(block: bytes) -> str:
    return zlib.decompress(block).decode()


# --- what is folded -----------------------------------------------------------------------------


def pack_folded(folded: str, text: str) -> bytes:
    """The folded text by its difference to the text, of which it holds nearly every word.

    Nothing for nothing.
    """
    if not folded:
        return b""
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS, zdict=text.encode())
    return packing.compress(folded.encode()) + packing.flush()


def unpack_folded(folded: bytes, text: str) -> str:
    """What is searched in place of the text; the text itself where nothing is packed."""
    if not folded:
        return text
    unpacking = zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=text.encode())
    return unpacking.decompress(folded).decode()


# --- pages --------------------------------------------------------------------------------------


def pack_runs(runs: Iterable[Run]) -> bytes:
    """Runs by how far each is from the end of the one before, in the text and in PDFium's order."""
    numbers = list(chain.from_iterable(_steps(runs)))
    return pack_json(json.dumps(numbers, separators=(",", ":")))


def unpack_runs(packed: bytes) -> tuple[Run, ...]:
    """The runs that `pack_runs` packed."""
    numbers = iter(json.loads(unpack_json(packed)))
    runs, start, index = [], 0, 0
    for start_step, index_step, length in zip(numbers, numbers, numbers, strict=True):
        start, index = start + start_step, index + index_step
        runs.append(Run(start, index, length))
        start, index = start + length, index + length
    return tuple(runs)


def pack_json(text: str) -> bytes:
    """A list in JSON; nothing for an empty one."""
    return b"" if text == _EMPTY else zlib.compress(text.encode())


def unpack_json(packed: bytes) -> str:
    """The JSON that `pack_json` packed."""
    return zlib.decompress(packed).decode() if packed else _EMPTY


def _steps(runs: Iterable[Run]) -> Iterator[tuple[int, int, int]]:
    start = index = 0
    for run in runs:
        yield run.start - start, run.index - index, run.length
        start, index = run.start + run.length, run.index + run.length

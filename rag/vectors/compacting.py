"""Chroma's index made anew from itself, since it keeps the place of what was removed.

Everything goes on meanwhile. A sudden end leaves a copy that is deleted the next time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from rag.vectors.chroma import ChromaVectors
from rag.vectors.matrix import VectorMatrix

COPIED_AT_ONCE = 200  # vectors: whoever wants to add or remove waits no longer than for these


def compact(
    chroma: ChromaVectors,
    matrix: VectorMatrix,
    changing: threading.Lock,
    checkpoint: Callable[[], None],
) -> None:
    """Copy all vectors into a new collection and let it take the place of the old one.

    `changing` is held by whoever adds and removes. What `checkpoint` raises ends the work.
    """
    copy = chroma.begin_copy()
    passage_ids = sorted(matrix.ids())
    for first in range(0, len(passage_ids), COPIED_AT_ONCE):
        checkpoint()
        with changing:
            chroma.copy(passage_ids[first : first + COPIED_AT_ONCE], copy)
    with changing:
        there = matrix.ids()
        chroma.copy(sorted(there.difference(passage_ids)), copy)
        chroma.put_in_place(copy)
        chroma.remove(sorted(set(passage_ids) - there))

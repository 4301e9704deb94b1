"""How fast this processor multiplies, and reads its memory: measured in a fraction of a second.

Only to tell beforehand about how fast a model would be; one that is here is measured itself.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

TRYING_S = 0.2  # for each; the fastest round counts, since a busy machine slows some of them
WIDTH, TOKENS = 1_024, 128  # of the product that is tried: a small layer, and a batch
MEMORY_BYTES = 192 * 1024**2  # that all threads together read: more than caches hold


@dataclass(frozen=True, slots=True)
class Throughput:
    """What the processor does in a second, with as many threads as a model has."""

    products: float  # of two numbers, added up
    read_bytes: float  # from memory


def measure_throughput(threads: int) -> Throughput:
    """This machine's, as it is just now."""
    weights = np.ones((WIDTH, WIDTH), dtype=np.float32)
    batch = np.ones((WIDTH, TOKENS), dtype=np.float32)
    memory = np.ones(MEMORY_BYTES // 4, dtype=np.float32)
    pieces = np.array_split(memory, threads)
    product_s = _fastest(lambda: weights @ batch)
    read_s = _fastest(lambda: _at_once([piece.max for piece in pieces]))
    return Throughput(WIDTH * WIDTH * TOKENS / product_s, memory.nbytes / read_s)


def _fastest(work: Callable[[], object]) -> float:
    """The seconds of the fastest round; the first also wakes the library's threads."""
    times = list[float]()
    while len(times) < 2 or sum(times) < TRYING_S:
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def _at_once(works: list[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

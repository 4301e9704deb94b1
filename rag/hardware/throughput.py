"""How fast this processor multiplies, and reads its memory: measured in a fraction of a second.

Only to tell beforehand about how fast a model would be; one that is here is measured itself. What
counts is the processor time of each thread, so that other programs make it hardly slower.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

TRYING_S = 0.1  # for each; the fastest round counts
COUNT = WIDTH = 64  # of products of matrices so small that BLAS gives them to one thread alone
MEMORY_BYTES = 192 * 1024**2  # that all threads together read: more than caches hold


@dataclass(frozen=True, slots=True)
class Throughput:
    """What the processor does in a second, with as many threads as a model has."""

    products: float  # of two numbers, added up
    read_bytes: float  # from memory


def measure_throughput(threads: int) -> Throughput:
    """This machine's, as it is just now."""
    matrices = np.ones((COUNT, WIDTH, WIDTH), dtype=np.float32)
    memory = np.ones(MEMORY_BYTES // 4, dtype=np.float32)
    pieces = np.array_split(memory, threads)
    products = threads * COUNT * WIDTH**3 / _fastest(lambda: matrices @ matrices)
    with ThreadPoolExecutor(threads) as pool:
        seconds = pool.map(_fastest, [piece.max for piece in pieces])
        read = sum(piece.nbytes / each for piece, each in zip(pieces, seconds, strict=True))
    return Throughput(products, read)


def _fastest(work: Callable[[], object]) -> float:
    """The processor time of the fastest round, in seconds."""
    ends, times = time.monotonic() + TRYING_S, list[float]()
    while not times or time.monotonic() < ends:
        started = time.thread_time()
        work()
        times.append(time.thread_time() - started)
    return max(min(times), 1e-6)  # some clocks tick coarsely

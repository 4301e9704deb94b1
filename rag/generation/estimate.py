"""About how fast a model would be on this machine, before it was measured there.

Reading a batch, every weight is multiplied once for each token, and writing, every weight is read
from memory once for each word. Where another model was measured, its speed is taken by size.
"""

from __future__ import annotations

import math

from rag.generation.needs import cache_bytes, need_of
from rag.generation.plan import Plan
from rag.generation.shape import Shape
from rag.generation.speed import Speed
from rag.hardware.throughput import Throughput

# Of the products that small matrices are multiplied with: llama.cpp has larger ones (Phi-4's shape
# on one core with AVX2: 45 thousand millions a second, of 37).
READING_SHARE = 1.2
# Of what the memory gives, as is seen in the field: 17 tokens/s of 22 (M2 Pro), 11 of 13 (M4).
WRITING_SHARE = 0.8
# How many times as fast as the processor cards are: guesses, until they are measured.
CARD_READING, CARD_WRITING = 15.0, 5.0
SHARED_READING, SHARED_WRITING = 3.0, 1.0
REAL_BYTES = 10**9  # smaller models say nothing of larger ones: they wait for other things


def estimate(shape: Shape, plan: Plan, throughput: Throughput, *, is_shared: bool = False) -> Speed:
    """The speed that follows from what the processor does; drafts are not counted on."""
    reading = READING_SHARE * throughput.products / max(1, shape.weight_count)
    passed = shape.weights_bytes - (0 if shape.is_tied else shape.embedding_bytes)
    passed += cache_bytes(shape, plan) // 4  # of a cache that fills while people ask
    writing = WRITING_SHARE * throughput.read_bytes / max(1, passed)
    share = _share_on_cards(shape, plan, is_shared=is_shared)
    return Speed(
        _mixed(reading, share, SHARED_READING if is_shared else CARD_READING),
        _mixed(writing, share, SHARED_WRITING if is_shared else CARD_WRITING),
        draft_cost=math.inf,
    )


def scaled(speed: Speed, measured: Shape, wanted: Shape) -> Speed | None:
    """The speed of another model, from one that was measured; None where that one is too small."""
    if min(measured.weights_bytes, wanted.weights_bytes) < REAL_BYTES:
        return None
    return Speed(
        speed.reading * measured.weight_count / wanted.weight_count,
        speed.writing * measured.weights_bytes / wanted.weights_bytes,
        speed.draft_cost,
    )


def _share_on_cards(shape: Shape, plan: Plan, *, is_shared: bool) -> float:
    if not plan.gpu_layers:
        return 0.0
    gpu = need_of(shape, plan, is_shared=is_shared).gpu_bytes
    return min(1.0, gpu / (shape.weights_bytes + cache_bytes(shape, plan)))


def _mixed(speed: float, share: float, times: float) -> float:
    """The speed when this share of the work is done so many times as fast."""
    return speed / (1 - share + share / times)

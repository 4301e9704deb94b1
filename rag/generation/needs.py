"""How much memory a model takes when it is loaded by a plan, to within a few hundredths.

It counts what llama.cpp reserves and touches; the cache is wiped when it is made, so all of it is
resident at once. `dev.py bench generation` compares it with what a process really takes.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.generation.plan import QUANTIZED_BLOCK, CacheType, Plan
from rag.generation.shape import Shape

SCORED_TOKENS = 7  # at a time, at most: the last of a prompt, or a draft and what follows it
CELLS = 256  # the cache has a multiple of so many tokens
# Bytes of a block of 32 values of the cache
BLOCK_BYTES = {CacheType.F16: 64, CacheType.Q8_0: 34, CacheType.Q4_0: 18}
TOKEN_BYTES = 360  # of a token of the vocabulary: its text, its numbers, the rules of merging
PROGRAM_BYTES = 12 * 1024**2  # code and graphs as far as they are used, and the chat template's
# On the side of a graphics card's driver; estimates, and the latter is memory of the processor's.
GPU_RESERVE_BYTES = 768 * 1024**2  # left to the screen and the driver
GPU_HOST_BYTES = 300 * 1024**2


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes that a loaded model takes, of all kinds of memory together and of each."""

    weights_bytes: int
    cache_bytes: int
    buffer_bytes: int  # activations and scores, the vocabulary, the library
    resident_bytes: int  # of the computer's memory, all of the above as far as it lies there
    gpu_bytes: int  # on graphics cards


def need_of(shape: Shape, plan: Plan, *, is_shared: bool = False) -> Need:
    """What the model takes by this plan; `is_shared` where cards have no memory of their own."""
    weights, cache = _weights(shape, plan), cache_bytes(shape, plan)
    gpu_weights, gpu_cache = _on_cards(shape, plan, cache)
    gpu = gpu_weights + gpu_cache + _on_card(shape, plan) if plan.gpu_layers else 0
    buffers = _touched(shape, plan) + shape.vocabulary * TOKEN_BYTES + PROGRAM_BYTES
    buffers += GPU_HOST_BYTES if plan.gpu_layers else 0
    buffers += 0 if plan.is_mapped else shape.staged_bytes
    here = weights - gpu_weights + cache - gpu_cache + buffers
    resident = here + gpu if is_shared else here
    return Need(weights, cache, buffers, resident, gpu)


def takes_small_cache(shape: Shape) -> bool:
    """Whether the cache can be kept in fewer than 16 bits a value: whole blocks make up a head."""
    return shape.head_width > 0 and shape.head_width % QUANTIZED_BLOCK == 0


def cache_bytes(shape: Shape, plan: Plan) -> int:
    """The KV cache of the plan's context."""
    cells = -(-plan.context_tokens // CELLS) * CELLS
    kind = plan.cache_type if takes_small_cache(shape) else CacheType.F16
    return cells * shape.layers * shape.cached_values * BLOCK_BYTES[kind] // 32


def _weights(shape: Shape, plan: Plan) -> int:
    """A vocabulary that is output too lies in memory twice where one is repacked or on a card."""
    is_moved = plan.gpu_layers > 0 or (shape.is_output_repacked and not plan.is_mapped)
    return shape.weights_bytes + (shape.embedding_bytes if shape.is_tied and is_moved else 0)


def _on_cards(shape: Shape, plan: Plan, cache: int) -> tuple[int, int]:
    """The weights and the cache on graphics cards: the output goes first, then the last layers."""
    if not plan.gpu_layers:
        return 0, 0
    layers = min(plan.gpu_layers - 1, shape.layers)
    return shape.output_bytes + layers * shape.layer_bytes, cache * layers // shape.layers


def _touched(shape: Shape, plan: Plan) -> int:
    """What computing a batch touches: three activations of each width, and who sees whom.

    The law was taken from what llama.cpp says that it reserves for the scores of a few tokens.
    """
    activations = 4 * 3 * (shape.inner + shape.width)
    seen = 2 * plan.context_tokens
    scores = SCORED_TOKENS * 4 * shape.vocabulary
    return plan.batch_tokens * (activations + seen) + scores + 128 * 1024


def _on_card(shape: Shape, plan: Plan) -> int:
    """What a card computes in; layers that are not on it pass through for a batch, in parts.

    Checked against the buffers of llama.cpp's Vulkan, for two models wholly and in part on a card.
    """
    passing = shape.layer_bytes // 2 + 8 * 1024**2 if plan.gpu_layers <= shape.layers else 0
    return _touched(shape, plan) + passing

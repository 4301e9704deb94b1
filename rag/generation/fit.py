"""How a model would fit into a machine: in memory, and on a graphics card.

Only figures and arithmetic: nothing is loaded here, and speed is not foretold.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.generation.plan import CPU_BATCH_TOKENS, GPU_BATCH_TOKENS, QUANTIZED_BLOCK
from rag.hardware import Machine
from rag.models.gguf import Header

GPU_RESERVE_BYTES = 512 * 1024**2  # left to the screen and the driver


@dataclass(frozen=True, slots=True)
class Fit:
    """How a model with a context of a certain length would lie in a machine's memory."""

    weights_bytes: int
    cache_bytes: int  # the KV cache
    buffer_bytes: int
    gpu_layers: int  # to be offloaded: 0 for none, layers + 1 for the whole model
    is_fitting: bool  # what is not offloaded fits into the memory that is free
    sentence: str


def fit(header: Header, machine: Machine, context_tokens: int) -> Fit:
    """How the model with this header fits, at a context of `context_tokens`."""
    weights = header.weights_bytes
    cache = context_tokens * cache_bytes_of_token(header)
    gpu_layers = _layers_on_gpu(header, machine, cache)
    buffers = _buffer_bytes(header, GPU_BATCH_TOKENS if gpu_layers else CPU_BATCH_TOKENS)
    off_gpu = 1 - gpu_layers / (_layer_count(header) + 1)
    needed = round((weights + cache) * off_gpu) + buffers
    is_fitting = needed <= machine.available_bytes
    sentence = _sentence(header, machine, needed, gpu_layers, is_fitting)
    return Fit(weights, cache, buffers, gpu_layers, is_fitting, sentence)


def cache_bytes_of_token(header: Header) -> int:
    """The bytes of the KV cache that one token takes, at 8 bits where the heads allow it."""
    heads = max(1, header.number("attention.head_count", 1))
    width = header.number("embedding_length") // heads
    key_width = header.number("attention.key_length", width)
    value_width = header.number("attention.value_length", width)
    values = header.number("attention.head_count_kv", heads) * (key_width + value_width)
    is_quantized = width % QUANTIZED_BLOCK == 0
    # q8_0 keeps 32 values in 34 bytes, a float16 one in 2
    return _layer_count(header) * (values * 34 // 32 if is_quantized else values * 2)


def _layer_count(header: Header) -> int:
    return header.number("block_count", 1)


def _buffer_bytes(header: Header, batch_tokens: int) -> int:
    """What a batch takes while it is computed: scores over the vocabulary, and activations."""
    vocabulary = header.lengths.get("tokenizer.ggml.tokens", 0)
    width, inner = header.number("embedding_length"), header.number("feed_forward_length")
    return batch_tokens * 4 * (vocabulary + 8 * width + 2 * inner)


def _layers_on_gpu(header: Header, machine: Machine, cache: int) -> int:
    """How many layers the largest card takes; the output counts as one layer more."""
    if not machine.gpus:
        return 0
    free = max(gpu.free_bytes for gpu in machine.gpus)
    room = free - GPU_RESERVE_BYTES - _buffer_bytes(header, GPU_BATCH_TOKENS)
    layers = _layer_count(header)
    if header.weights_bytes + cache <= room:
        return layers + 1
    blocks = sum(t.size_bytes for t in header.tensors if t.name.startswith("blk."))
    return max(0, min(layers, room * layers // (blocks + cache)))


def _sentence(
    header: Header, machine: Machine, needed: int, gpu_layers: int, is_fitting: bool
) -> str:
    free = f"{_gigabytes(machine.available_bytes)} of {_gigabytes(machine.memory_bytes)}"
    if not is_fitting:
        return (
            f"It needs {_gigabytes(needed)} of memory and only {free} are free: it would be very "
            "slow or fail. Close other programs, or choose a smaller model or context."
        )
    place = "on the processor"
    if gpu_layers:
        place = f"with {gpu_layers} of its {_layer_count(header) + 1} layers on the graphics card"
    return f"It needs {_gigabytes(needed)} of memory, {free} are free: it runs {place}."


def _gigabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.1f} GB"

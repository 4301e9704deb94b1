"""This machine, and how a model would fit into it: in memory, and on a graphics card.

Only figures and arithmetic: nothing is loaded here, and speed is not foretold.
"""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass

import psutil

from rag.gguf import Header
from rag.llama import CPU_BATCH_TOKENS, GPU_BATCH_TOKENS, QUANTIZED_BLOCK, library

GPU_TYPES = (1, 2)  # of ggml's kinds of device: a card of its own, one inside the processor
GPU_RESERVE_BYTES = 512 * 1024**2  # left to the screen and the driver


@dataclass(frozen=True, slots=True)
class Gpu:
    """A graphics card that llama.cpp can use."""

    name: str
    memory_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Machine:
    """What this machine has, as far as a model cares."""

    physical_cores: int
    memory_bytes: int
    available_bytes: int  # that programs can have without pushing others out
    gpus: tuple[Gpu, ...]
    offload: str  # a sentence on whether graphics cards are used, and why not

    @classmethod
    def measure(cls) -> Machine:
        """This machine as it is just now."""
        memory = psutil.virtual_memory()
        can_offload = bool(library().llama_supports_gpu_offload())
        gpus = _find_gpus() if can_offload else ()
        return cls(
            physical_cores(), memory.total, memory.available, gpus, _on_offload(can_offload, gpus)
        )


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


def physical_cores() -> int:
    """The cores this process may use, hyper-threads not counted: those gain llama.cpp nothing."""
    physical = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return min(physical, len(os.sched_getaffinity(0)))
    return physical


def _on_offload(can_offload: bool, gpus: tuple[Gpu, ...]) -> str:
    if not can_offload:
        return "This build of llama.cpp computes on the processor alone."
    if not gpus:
        return "llama.cpp could use a graphics card and finds none."
    cards = ", ".join(f"{gpu.name} ({_gigabytes(gpu.free_bytes)} free)" for gpu in gpus)
    return f"llama.cpp can use {cards}."


def _find_gpus() -> tuple[Gpu, ...]:
    """The devices that ggml knows, but processors. The binding names none of these functions."""
    from llama_cpp._ggml import libggml

    count, get = libggml.ggml_backend_dev_count, libggml.ggml_backend_dev_get
    count.restype, count.argtypes = ctypes.c_size_t, []
    get.restype, get.argtypes = ctypes.c_void_p, [ctypes.c_size_t]
    kind = libggml.ggml_backend_dev_type
    kind.restype, kind.argtypes = ctypes.c_int, [ctypes.c_void_p]
    devices = [get(number) for number in range(count())]
    return tuple(_describe(libggml, device) for device in devices if kind(device) in GPU_TYPES)


def _describe(libggml: ctypes.CDLL, device: int) -> Gpu:
    name, memory = libggml.ggml_backend_dev_description, libggml.ggml_backend_dev_memory
    name.restype, name.argtypes = ctypes.c_char_p, [ctypes.c_void_p]
    size_p = ctypes.POINTER(ctypes.c_size_t)
    memory.restype, memory.argtypes = None, [ctypes.c_void_p, size_p, size_p]
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    memory(device, ctypes.byref(free), ctypes.byref(total))
    return Gpu(name(device).decode("utf-8", "replace"), total.value, free.value)

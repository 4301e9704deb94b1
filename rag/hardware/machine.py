"""This machine as it is just now: its cores, its memory, and the graphics cards llama.cpp finds."""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass

import psutil

from rag.generation.llama import library

GPU_TYPES = (1, 2)  # of ggml's kinds of device: a card of its own, one inside the processor


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

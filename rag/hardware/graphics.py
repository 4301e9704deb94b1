"""The graphics cards that llama.cpp finds, through whichever of its backends, and their memory.

Those that it does not find are `cards`' to tell.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rag.generation.backends import GRAPHICS, ggml, libraries_in, library_folder
from rag.generation.llama import library

NO_GRAPHICS = ("CPU", "BLAS", "RPC")  # backends that are none for this machine's cards
SHORT = {"MTL": "Metal"}  # names that a person would not know
CARD, INTEGRATED = 1, 2  # of ggml's kinds of device; the others compute on the processor


@dataclass(frozen=True, slots=True)
class Gpu:
    """A graphics card that llama.cpp can use."""

    name: str
    memory_bytes: int
    free_bytes: int
    backend: str = ""  # that reaches it: CUDA, Vulkan or Metal
    is_shared: bool = False  # its memory is the computer's own, and counted there
    address: str = ""  # on the bus; empty where it is not told


@dataclass(frozen=True, slots=True)
class Backends:
    """What llama.cpp can compute with on this machine."""

    names: tuple[str, ...]  # of those for graphics cards, whether they are loaded and find one
    gpus: tuple[Gpu, ...]


class _Properties(ctypes.Structure):
    """`ggml_backend_dev_props` of ggml-backend.h; the binding does not name it."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("description", ctypes.c_char_p),
        ("free_bytes", ctypes.c_size_t),
        ("memory_bytes", ctypes.c_size_t),
        ("kind", ctypes.c_int),
        ("address", ctypes.c_char_p),
        ("capabilities", ctypes.c_bool * 32),  # 5 of them, and room for newer ones
    )


def find_backends() -> Backends:
    """The backends that this build of llama.cpp has, and the cards of those that are loaded."""
    library()
    libggml = ggml()
    registers = list(_counted(libggml, "ggml_backend_reg_count", "ggml_backend_reg_get"))
    names = (_backend_name(libggml, register) for register in registers)
    devices = _counted(libggml, "ggml_backend_dev_count", "ggml_backend_dev_get")
    found = (_describe(libggml, device) for device in devices)
    apart = (_short_name(file.name) for file in libraries_in(library_folder(), *GRAPHICS))
    return Backends(
        tuple(dict.fromkeys(name for name in (*names, *apart) if name not in NO_GRAPHICS)),
        used_ones(tuple(gpu for gpu in found if gpu is not None)),
    )


def has_backends_apart() -> bool:
    """Whether there are libraries for cards that `rag.generation.backends` can load."""
    return bool(libraries_in(library_folder(), *GRAPHICS))


def used_ones(gpus: tuple[Gpu, ...]) -> tuple[Gpu, ...]:
    """Those that llama.cpp takes: each once, and one inside the processor only if it is alone."""
    seen: dict[str, Gpu] = {}
    for number, gpu in enumerate(gpus):
        seen.setdefault(gpu.address or str(number), gpu)
    own = tuple(gpu for gpu in seen.values() if not gpu.is_shared)
    return own or tuple(seen.values())[:1]


def _counted(libggml: Any, count: str, get: str) -> Iterator[int]:
    for number in range(_call(libggml, count, ctypes.c_size_t)):
        yield _call(libggml, get, ctypes.c_void_p, ctypes.c_size_t(number))


def _describe(libggml: Any, device: int) -> Gpu | None:
    """The card; None for a device that is none."""
    read = _Properties()
    _call(libggml, "ggml_backend_dev_get_props", None, device, ctypes.byref(read))
    if read.kind not in (CARD, INTEGRATED):
        return None
    register = _call(libggml, "ggml_backend_dev_backend_reg", ctypes.c_void_p, device)
    return Gpu(
        name=_text(read.description),
        memory_bytes=read.memory_bytes,
        free_bytes=read.free_bytes,
        backend=_backend_name(libggml, register),
        is_shared=read.kind == INTEGRATED,
        address=_text(read.address),
    )


def _short_name(library_name: str) -> str:
    """The backend in a library of its own: "Vulkan" in libggml-vulkan.so."""
    word = library_name.partition("ggml-")[2].partition(".")[0]
    return word.upper() if word in ("cuda", "hip", "sycl") else word.capitalize()


def _backend_name(libggml: Any, register: int) -> str:
    name = _text(_call(libggml, "ggml_backend_reg_name", ctypes.c_char_p, register))
    return SHORT.get(name, name)


def _call(libggml: Any, name: str, returns: Any, *arguments: Any) -> Any:
    """Call a function of ggml's by its name; an address is given as a number."""
    function = libggml[name]
    function.restype = returns
    return function(*(ctypes.c_void_p(a) if isinstance(a, int) else a for a in arguments))


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8", "replace")

"""Onto which graphics card a model is loaded: one alone, the one with the most free memory.

What cards there are, and what a person is told of them, is `rag.hardware`'s.
"""

from __future__ import annotations

import ctypes
from typing import Any

from rag.generation.backends import ggml
from rag.generation.llama import library

CARD, INTEGRATED = 1, 2  # of ggml's kinds of device; the others compute on the processor


def freest_card() -> int | None:
    """ggml's handle of the card; None where there is none that could be loaded.

    One inside the processor counts only where there is no other.
    """
    library()
    libggml = ggml()

    count = _function(libggml, "ggml_backend_dev_count", ctypes.c_size_t)
    get = _function(libggml, "ggml_backend_dev_get", ctypes.c_void_p, ctypes.c_size_t)
    kind_of = _function(libggml, "ggml_backend_dev_type", ctypes.c_int, ctypes.c_void_p)
    devices = [get(number) for number in range(count())]
    for kind in (CARD, INTEGRATED):
        if cards := [device for device in devices if kind_of(device) == kind]:
            return int(max(cards, key=lambda card: _free_bytes(libggml, card)))
    return None


def _free_bytes(libggml: Any, card: int) -> int:
    size_p = ctypes.POINTER(ctypes.c_size_t)
    ask = _function(libggml, "ggml_backend_dev_memory", None, ctypes.c_void_p, size_p, size_p)
    free, total = ctypes.c_size_t(), ctypes.c_size_t()
    ask(card, ctypes.byref(free), ctypes.byref(total))
    return free.value


def _function(libggml: Any, name: str, returns: Any, *takes: Any) -> Any:
    """A function of ggml's that the binding does not name."""
    function = libggml[name]  # a new one each time, so that nobody else's types are changed
    function.restype, function.argtypes = returns, takes
    return function

"""The libraries that llama.cpp computes with, where it was built so that they are apart from it.

`packaging/build_llama.py` builds it so: one library for each kind of processor, and one for each
kind of graphics card, which does without where the driver is missing. They are loaded from
llama.cpp's own folder alone and by name: llama.cpp's own search also looks into the current
directory, where anyone may have put one. In a build of one piece there is nothing to load.
"""

from __future__ import annotations

import ctypes
import logging
import os
from functools import cache
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

PROCESSORS = "ggml-cpu-"
GRAPHICS = ("ggml-cuda", "ggml-vulkan", "ggml-metal", "ggml-hip", "ggml-sycl")
OWN_NAMES = ("libggml.so.[0-9]", "libggml.[0-9].dylib")
SUFFIXES = {".so", ".dll", ".dylib"}


def libraries_in(folder: Path, *names: str) -> tuple[Path, ...]:
    """The shared libraries in a folder whose names begin so, `lib` in front not counted."""
    files = (file for file in sorted(folder.glob("*")) if file.suffix in SUFFIXES)
    return tuple(file for file in files if file.name.removeprefix("lib").startswith(names))


@cache
def load_processor() -> str:
    """Load the library that is best for this processor; its name, empty where all is in one.

    Each says by its own reckoning what it is worth here: 0 where the processor lacks something.
    """
    scores = {file: _score(file) for file in libraries_in(library_folder(), PROCESSORS)}
    best = max(scores, key=scores.__getitem__, default=None)
    if best is None or not scores[best] or not _load(best):
        return ""
    return best.stem.removeprefix("lib")


@cache
def load_graphics() -> tuple[str, ...]:
    """Load the libraries for graphics cards, and return the names of those that could be.

    A driver that is broken can end the process here: `rag.generation.graphics_trial` tries it
    in another one before.
    """
    load_processor()
    return tuple(
        file.stem.removeprefix("lib")
        for file in libraries_in(library_folder(), *GRAPHICS)
        if _load(file)
    )


def _score(file: Path) -> int:
    try:
        score = ctypes.CDLL(str(file)).ggml_backend_score
    except (OSError, AttributeError):
        log.debug("%s cannot be asked", file.name, exc_info=True)
        return 0
    score.restype, score.argtypes = ctypes.c_int, []
    return int(score())


def _load(file: Path) -> bool:
    load = ggml().ggml_backend_load
    load.restype, load.argtypes = ctypes.c_void_p, [ctypes.c_char_p]
    is_loaded = bool(load(os.fsencode(file)))
    log.info("%s is %s", file.name, "loaded" if is_loaded else "not usable here")
    return is_loaded


@cache
def ggml() -> Any:
    """The library of devices and backends that llama.cpp itself uses.

    A wheel holds no links: what the binding opens as `libggml.so` is a copy of `libggml.so.0`, and
    what is loaded into the copy llama.cpp never sees.
    """
    from llama_cpp._ggml import libggml

    own = sorted(file for name in OWN_NAMES for file in library_folder().glob(name))
    return ctypes.CDLL(str(own[0])) if own else libggml


def library_folder() -> Path:
    """Where llama.cpp's libraries lie."""
    from llama_cpp import _ggml

    return Path(_ggml.libggml_base_path)

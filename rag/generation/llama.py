"""llama.cpp itself: the binding, imported when first needed, and where its messages go.

Deskbook stands on the C interface rather than on the binding's `Llama` class, which cannot map
weights without repacking them, keeps a row of scores for each token of a batch (205 MB for Phi-4),
and compiles every chat template that it finds. What is done with it is the neighbours'.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from rag.generation.backends import load_processor

log = logging.getLogger(__name__)

WARNING, CONTINUED = 3, 5  # ggml's levels: the last goes on with the line before
_listening: list[list[str]] = []


@cache
def library() -> Any:
    """The binding, imported when first needed, with llama.cpp's messages sent to our log."""
    import llama_cpp

    llama_cpp.llama_log_set(_log_hook(), None)
    load_processor()
    llama_cpp.llama_backend_init()
    return llama_cpp


@contextmanager
def complaints() -> Iterator[list[str]]:
    """What llama.cpp warns of and complains of within it, line by line, as it comes."""
    lines = list[str]()
    _listening.append(lines)
    try:
        yield lines
    finally:
        _listening.remove(lines)


@cache  # llama.cpp holds a bare pointer to the hook: the cache keeps the hook itself alive
def _log_hook() -> Any:
    import llama_cpp

    return llama_cpp.llama_log_callback(_write_log)


def _write_log(level: int, text: bytes, _data: object) -> None:
    line = text.decode("utf-8", "replace").rstrip()
    log.debug("%s", line)
    if WARNING <= level < CONTINUED:
        for lines in _listening:
            lines.append(line)

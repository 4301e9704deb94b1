"""Why llama.cpp refused a model or a cache, told from what it logged, as errors of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from rag.errors import ModelError, ModelTooLarge, ModelUnusable

UNKNOWN_KIND = re.compile(r"unknown model architecture: '([^']*)'")
# Of its buffers, of the system's, of a mapping, and of what graphics cards say
NO_MEMORY = re.compile(
    r"(failed|unable|cannot|could not) to allocate|out of memory|insufficient memory|OutOf\w*Memory"
    r"|mmap failed: Cannot allocate|bad_alloc",
    re.IGNORECASE,
)


def refused_weights(
    path: Path, complaints: Iterable[str], *, is_offloaded: bool = False
) -> ModelError:
    """Why the model in the file could not be loaded, onto a graphics card or not."""
    told = "\n".join(complaints)
    if kind := UNKNOWN_KIND.search(told):
        return ModelUnusable(
            f"“{path.name}” is of a kind ({kind[1]}) that this Deskbook does not know.",
            remedy="Update Deskbook, or choose another model.",
        )
    if NO_MEMORY.search(told):
        return ModelTooLarge(
            f"“{path.name}” does not fit into the memory that is free.",
            remedy="Close other programs, or choose a smaller model.",
        )
    if is_offloaded:
        return ModelUnusable(
            f"“{path.name}” could not be loaded onto the graphics card.",
            remedy="Update the card's driver, or use the processor alone: gpu_layers = 0 under "
            "[model] in the settings.",
        )
    return ModelUnusable(
        f"“{path.name}” cannot be loaded by llama.cpp.",
        remedy="It may be damaged or of a kind too new: download it again, or choose "
        "another model.",
    )


def unreadable(path: Path, error: OSError) -> ModelError:
    """The disk, or the network that the file lies on, failed while it was read."""
    return ModelUnusable(
        f"“{path.name}” cannot be read to its end: {error.strerror or error}.",
        remedy="Check the disk that it lies on, and download the model again if that is whole.",
    )


def refused_cache(path: Path, context_tokens: int) -> ModelError:
    """Why no cache for so many tokens could be reserved: llama.cpp has no other reason."""
    return ModelTooLarge(
        f"A context of {context_tokens} tokens for “{path.name}” does not fit into memory.",
        remedy="Close other programs, or choose a smaller context or a smaller model.",
    )


def failed_reading(path: Path, code: int) -> ModelError:
    """Why tokens could not be read: `code` is what llama_decode returned."""
    if code == -2:  # no room for its buffers
        return ModelTooLarge(
            f"The memory that is free does not suffice for what “{path.name}” computes.",
            remedy="Close other programs, or choose a smaller context or a smaller model.",
        )
    return ModelUnusable(
        f"“{path.name}” failed while it computed (llama.cpp says {code}).",
        remedy="Ask again; if it fails again, choose a smaller context or another model.",
    )

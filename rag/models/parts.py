"""The names of GGUF models in several files: `name-00001-of-00003.gguf`, as llama.cpp splits them.

The first part stands for the model; llama.cpp finds the others beside it. Whether all are there and
whole is `rag.models.gguf`'s to say.
"""

from __future__ import annotations

from pathlib import Path

from rag.models.gguf import PART, file_parts


def is_later_part(path: Path) -> bool:
    """Whether the file is the second or a later part, by its name."""
    return file_parts(path)[0] != path


def stem_of(path: Path) -> str:
    """The model's name: the file's without its ending and the number of its part."""
    return PART.sub("", path.name) if PART.search(path.name) else path.stem

"""What stands at the beginning of a GGUF file, before its vocabulary: read in a millisecond.

Enough to know what a file holds, for folders with many; `rag.models.gguf` reads the whole header
and says whether the file is whole.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.models.architectures import LANGUAGE_MODELS
from rag.models.gguf import ARRAY, MAGIC, NUMBERS, STRING, Scalar
from rag.models.quantizations import FILE_TYPES

START_BYTES = 1024 * 1024  # more than stands before a vocabulary
LARGEST_TEXT = 512 * 1024
VOCABULARY = "tokenizer."
PLAIN = ("", "model")  # general.type of what is no adapter, image reader or matrix


@dataclass(frozen=True, slots=True)
class Glance:
    """The single values at the beginning of a file."""

    metadata: dict[str, Scalar]

    @property
    def architecture(self) -> str:
        """The name by which llama.cpp knows the kind of model."""
        return str(self.metadata.get("general.architecture", ""))

    @property
    def quantization(self) -> str:
        """How the weights are rounded: "Q4_K_M"; empty where that is not told."""
        number = self.metadata.get("general.file_type", -1)
        return FILE_TYPES.get(int(number), "") if isinstance(number, int) else ""

    @property
    def is_language_model(self) -> bool:
        """Whether it writes text: it is no embedder, reranker, adapter or reader of images."""
        kind = str(self.metadata.get("general.type", ""))
        is_pooled = self.number("pooling_type") > 0
        return kind in PLAIN and self.architecture in LANGUAGE_MODELS and not is_pooled

    @property
    def shape(self) -> tuple[int, int]:
        """Its layers, and its heads in the KV cache."""
        return self.number("block_count"), self.number("attention.head_count_kv")

    def number(self, key: str) -> int:
        """A number from the architecture's own part; 0 where there is none."""
        value = self.metadata.get(f"{self.architecture}.{key}", 0)
        return int(value) if isinstance(value, int | float) else 0


def glance_at(path: Path) -> Glance | None:
    """What stands at the file's beginning; None where it cannot be read or is no GGUF."""
    try:
        with path.open("rb") as file:
            start = file.read(START_BYTES)
    except OSError:
        return None
    if start[:4] != MAGIC:
        return None
    metadata: dict[str, Scalar] = {}
    try:
        metadata.update(_values(start))
    except (struct.error, ValueError, LookupError):
        return None
    return Glance(metadata)


def _values(start: bytes) -> Iterator[tuple[str, Scalar]]:
    """The single values up to the vocabulary, or up to a list that reaches behind the start."""
    (count,) = struct.unpack_from("<Q", start, 16)
    position = 24
    for _ in range(count):
        key, position = _text(start, position)
        if key.startswith(VOCABULARY):
            return
        (kind,) = struct.unpack_from("<I", start, position)
        position += 4
        if kind == ARRAY:
            position = _behind_list(start, position)
        elif kind == STRING:
            value, position = _text(start, position)
            yield key, value
        else:
            (number,) = struct.unpack_from("<" + NUMBERS[kind], start, position)
            position += struct.calcsize("<" + NUMBERS[kind])
            yield key, number


def _text(start: bytes, position: int) -> tuple[str, int]:
    (length,) = struct.unpack_from("<Q", start, position)
    end = position + 8 + length
    if length > LARGEST_TEXT or end > len(start):
        raise ValueError(length)
    return start[position + 8 : end].decode(), end


def _behind_list(start: bytes, position: int) -> int:
    kind, length = struct.unpack_from("<IQ", start, position)
    position += 12
    if kind != STRING:
        return int(position + length * struct.calcsize("<" + NUMBERS[kind]))
    for _ in range(length):
        _, position = _text(start, position)
    return position

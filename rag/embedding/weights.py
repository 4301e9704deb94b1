"""The weights of an embedder: mapped from its safetensors file, rounded to eight bits, named.

The format: the header's length as eight bytes (little end first), the header in JSON with each
tensor's kind, shape and place, then the tensors (https://huggingface.co/docs/safetensors).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelUnusable

Tensors = dict[str, NDArray[np.float32] | NDArray[np.int8]]

# Processors without VNNI add two products in 16 bits and cut what runs over. Weights of 7 bits
# cannot run over, so that every processor computes the same vectors.
LARGEST = 63
SAMPLES, SAMPLE_BYTES = 16, 4096


def read_tensors(path: Path) -> dict[str, NDArray[np.float32]]:
    """The float32 tensors of a safetensors file, mapped, not read. Raises ModelUnusable."""
    try:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length))
        content = np.memmap(path, dtype=np.uint8, mode="r", offset=8 + length)
        return {
            name: content[slice(*entry["data_offsets"])].view(np.float32).reshape(entry["shape"])
            for name, entry in header.items()
            if entry.get("dtype") == "F32"
        }
    except (OSError, ValueError, KeyError, AttributeError, MemoryError, OverflowError) as error:
        raise unusable(path.parent, error) from error


def quantize(tensors: Mapping[str, NDArray[np.float32]]) -> Tensors:
    """The same weights with each matrix of the encoder as eight-bit numbers and a scale a row.

    A matrix `NAME.weight` becomes `NAME.int8`, turned for multiplication from the right, and
    `NAME.scale`. Query, key and value are joined as `qkv`, so that their input is rounded once.
    """
    joined = dict(tensors)
    for name in [name for name in tensors if ".self.query." in name]:
        parts = [name.replace(".query.", f".{part}.") for part in ("query", "key", "value")]
        joined[name.replace(".query.", ".qkv.")] = np.concatenate([joined.pop(p) for p in parts])
    return dict(_quantized(joined))


def _quantized(
    tensors: Mapping[str, NDArray[np.float32]],
) -> Iterator[tuple[str, NDArray[np.float32] | NDArray[np.int8]]]:
    for name, tensor in tensors.items():
        if tensor.ndim != 2 or not name.startswith("encoder."):
            yield name, tensor
            continue
        scale = (np.abs(tensor).max(axis=1) / LARGEST).astype(np.float32)
        scale[scale == 0] = 1
        stem = name.removesuffix("weight")
        yield stem + "scale", scale
        yield stem + "int8", np.ascontiguousarray(np.rint(tensor.T / scale).astype(np.int8))


def mark_of(folder: Path) -> str:
    """Eight hexadecimal digits that differ between models: from samples of all weights in a folder.

    Reading the whole would take as long as loading the model. Raises ModelUnusable.
    """
    digest = hashlib.blake2b(digest_size=4)
    try:
        for path in sorted((*folder.rglob("*.safetensors"), *folder.rglob("*.bin"))):
            size = path.stat().st_size
            digest.update(size.to_bytes(8, "little"))
            with path.open("rb") as file:
                for number in range(SAMPLES):
                    file.seek(size * number // SAMPLES)
                    digest.update(file.read(SAMPLE_BYTES))
    except OSError as error:
        raise unusable(folder, error) from error
    return digest.hexdigest()


def unusable(folder: Path, error: Exception) -> ModelUnusable:
    """What a person is told of a model that cannot be loaded."""
    return ModelUnusable(
        f"The embedding model in {folder} cannot be loaded: {error}.",
        remedy="Delete the folder and get the model again with `deskbook models get`.",
    )

"""The header of a GGUF file, read without loading the model: what it is and whether it is whole.

The format (github.com/ggml-org/ggml, docs/gguf.md, versions 2 and 3, little-endian): the word
`GGUF`, a version, the counts of tensors and of metadata values; then the metadata, each a key, a
type and a value; then, for each tensor, its name, its shape, its type and where its data begins;
then padding, and the data of all tensors.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from rag.errors import ModelMissing, ModelUnusable

Scalar: TypeAlias = int | float | bool | str

MAGIC = b"GGUF"
VERSIONS = (2, 3)
STRING, ARRAY = 8, 9
NUMBERS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "?",
    10: "Q",
    11: "q",
    12: "d",
}
DEFAULT_ALIGNMENT = 32


@dataclass(frozen=True, slots=True)
class Tensor:
    """One tensor of a model: `size_bytes` in the file, padding included."""

    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Header:
    """What a GGUF file says of its model."""

    metadata: dict[str, Scalar]  # the single values
    lengths: dict[str, int]  # of the lists, such as the vocabulary; their values are not kept
    tensors: tuple[Tensor, ...]  # in the order of their data

    @property
    def weights_bytes(self) -> int:
        """The size of all tensors together."""
        return sum(tensor.size_bytes for tensor in self.tensors)

    @property
    def architecture(self) -> str:
        """The name by which llama.cpp knows the kind of model."""
        return str(self.metadata.get("general.architecture", ""))

    def number(self, key: str, default: int = 0) -> int:
        """A number from the architecture's own part of the metadata, such as `block_count`."""
        value = self.metadata.get(f"{self.architecture}.{key}", default)
        return int(value) if isinstance(value, int | float) else default


def read_header(path: Path) -> Header:
    """The header of the GGUF file at `path`.

    Raises ModelMissing where there is no file, ModelUnusable where it is no GGUF or not whole.
    """
    with _mapped(path) as data:
        try:
            header, tensors_end = _parse(data)
        except (struct.error, ValueError, LookupError, ArithmeticError) as error:
            raise _damaged(path) from error
        if tensors_end > len(data):
            raise _damaged(path)
        return header


def check_gguf(path: Path) -> None:
    """Raises ModelMissing or ModelUnusable where the file at `path` cannot be a whole GGUF."""
    read_header(path)


@contextmanager
def _mapped(path: Path) -> Iterator[mmap.mmap]:
    """The bytes of a file that begins as a GGUF does."""
    try:
        with path.open("rb") as file:
            _check_beginning(path, file.read(8))
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
                yield data
    except FileNotFoundError as error:
        raise ModelMissing(
            f"There is no model file “{path}”.", remedy="Check the path, or choose another model."
        ) from error
    except OSError as error:
        raise ModelUnusable(
            f"The model file “{path}” cannot be read: {error.strerror}.",
            remedy="Check that it is a file and that you may read it.",
        ) from error


def _check_beginning(path: Path, beginning: bytes) -> None:
    if beginning[:4] != MAGIC:
        raise ModelUnusable(
            f"“{path.name}” is no GGUF file.",
            remedy="Choose a model file whose name ends in .gguf, as llama.cpp uses them.",
        )
    if len(beginning) < 8:
        raise _damaged(path)
    (version,) = struct.unpack("<I", beginning[4:])
    if version not in VERSIONS:
        raise ModelUnusable(
            f"“{path.name}” is a GGUF of version {version}, which Deskbook does not read.",
            remedy="Download a newer file of this model, or update Deskbook.",
        )


def _damaged(path: Path) -> ModelUnusable:
    return ModelUnusable(
        f"“{path.name}” is damaged or not whole.", remedy="Delete it and download it again."
    )


class _Cursor:
    """Reads the format's values one behind the other."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self.position = 4  # behind the magic word

    def number(self, code: str) -> int | float | bool:
        (value,) = struct.unpack_from("<" + code, self._data, self.position)
        self.position += struct.calcsize("<" + code)
        assert isinstance(value, int | float)
        return value

    def count(self) -> int:
        return int(self.number("Q"))

    def string(self) -> str:
        length = self.count()
        if length > len(self._data) - self.position:
            raise IndexError(length)
        self.position += length
        return self._data[self.position - length : self.position].decode()

    def value(self, kind: int) -> Scalar:
        """The single value of a metadata entry."""
        return self.string() if kind == STRING else self.number(NUMBERS[kind])

    def pass_over_list(self) -> int:
        """Pass over a list of numbers or strings, which is most of a header; returns its length."""
        kind, length = int(self.number("I")), self.count()
        if kind != STRING:
            self.position += length * struct.calcsize("<" + NUMBERS[kind])
            return length
        for _ in range(length):
            (size,) = struct.unpack_from("<Q", self._data, self.position)
            self.position += 8 + size
        return length


def _parse(data: mmap.mmap) -> tuple[Header, int]:
    """The header, and the least length of a file whose tensors are all there."""
    cursor = _Cursor(data)
    cursor.number("I")  # the version
    tensor_count, value_count = cursor.count(), cursor.count()
    metadata, lengths = _values(cursor, value_count)
    starts = sorted(_tensor_start(cursor) for _ in range(tensor_count))
    alignment = int(metadata.get("general.alignment", DEFAULT_ALIGNMENT))
    data_start = -(-cursor.position // alignment) * alignment
    ends = [start for start, _ in starts[1:]] + [len(data) - data_start]
    tensors = tuple(
        Tensor(name, end - start) for (start, name), end in zip(starts, ends, strict=True)
    )
    last_start = starts[-1][0] if starts else 0
    return Header(metadata, lengths, tensors), data_start + last_start + bool(starts)


def _values(cursor: _Cursor, count: int) -> tuple[dict[str, Scalar], dict[str, int]]:
    metadata: dict[str, Scalar] = {}
    lengths: dict[str, int] = {}
    for _ in range(count):
        key, kind = cursor.string(), int(cursor.number("I"))
        if kind == ARRAY:
            lengths[key] = cursor.pass_over_list()
        else:
            metadata[key] = cursor.value(kind)
    return metadata, lengths


def _tensor_start(cursor: _Cursor) -> tuple[int, str]:
    """Where a tensor's data begins behind the header, and its name."""
    name = cursor.string()
    for _ in range(int(cursor.number("I"))):
        cursor.count()  # a dimension
    cursor.number("I")  # the type
    return cursor.count(), name

"""The header of a GGUF file, read without loading the model: what it is and whether it is whole.

A model may be split into several files, each a GGUF with a part of the tensors; the first has the
metadata, and they are named as `model-00001-of-00003.gguf`.

The format (github.com/ggml-org/ggml, docs/gguf.md, versions 2 and 3, little-endian): the word
`GGUF`, a version, the counts of tensors and of metadata values; then the metadata, each a key, a
type and a value; then, for each tensor, its name, its shape, its type and where its data begins;
then padding, and the data of all tensors.
"""

from __future__ import annotations

import math
import mmap
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from rag.errors import ModelMissing, ModelUnusable
from rag.models.quantizations import BLOCKS, FILE_TYPES

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
PART = re.compile(r"-(\d{5})-of-(\d{5})\.gguf$")


@dataclass(frozen=True, slots=True, order=True)
class Tensor:
    """One tensor of a model."""

    name: str
    size_bytes: int
    type_number: int = 0  # of ggml: see `rag.models.quantizations`
    value_count: int = 0


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

    @property
    def quantization(self) -> str:
        """In what most of its numbers are kept: "Q4_K_M"; empty where the file does not say."""
        return FILE_TYPES.get(int(self.metadata.get("general.file_type", -1)), "")

    @property
    def has_chat_template(self) -> bool:
        """Whether the file says how a conversation is put to the model."""
        return bool(self.metadata.get("tokenizer.chat_template"))

    def number(self, key: str, default: int = 0) -> int:
        """A number from the architecture's own part of the metadata, such as `block_count`."""
        value = self.metadata.get(f"{self.architecture}.{key}", default)
        return int(value) if isinstance(value, int | float) else default


def read_header(path: Path) -> Header:
    """The header of the GGUF file at `path`, with the tensors of all its parts where it is split.

    Raises ModelMissing where there is no file, ModelUnusable where it is no GGUF or not whole.
    """
    header = _read_part(path)
    others = (_read_part(part) for part in _other_parts(path, header))
    tensors = (tensor for part in (header, *others) for tensor in part.tensors)
    return replace(header, tensors=tuple(tensors))


def file_parts(path: Path) -> tuple[Path, ...]:
    """All files of the model whose first one is at `path`; by name alone, that one where whole."""
    numbered = PART.search(path.name)
    if numbered is None:
        return (path,)
    stem, count = path.name[: numbered.start()], int(numbered[2])
    return tuple(
        path.with_name(f"{stem}-{number:05}-of-{count:05}.gguf") for number in range(1, count + 1)
    )


def _other_parts(path: Path, header: Header) -> tuple[Path, ...]:
    """Raises ModelUnusable where the file is not the first of its parts, or one is missing."""
    count, number = header.metadata.get("split.count", 1), header.metadata.get("split.no", 0)
    if count == 1:
        return ()
    parts = file_parts(path)
    missing = next((part.name for part in parts if not part.is_file()), None)
    if len(parts) != count or missing is not None:
        raise ModelUnusable(
            f"“{path.name}” is one of {count} parts of a model, and "
            f"{f'“{missing}” is missing' if missing else 'does not have the name of one'}.",
            remedy="Put all parts into one folder, with the names that they came with.",
        )
    if number != 0:
        raise ModelUnusable(
            f"“{path.name}” is not the first part of its model.",
            remedy=f"Choose “{parts[0].name}”.",
        )
    return parts[1:]


def _read_part(path: Path) -> Header:
    """A large vocabulary takes a fifth of a second to pass over: a file as it was is kept."""
    try:
        stat = path.stat()
    except OSError:  # reading it says what is wrong
        return _parsed_part(path, 0, 0)
    return _parsed_part(path, stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=4)
def _parsed_part(path: Path, _size_bytes: int, _changed_ns: int) -> Header:
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
    starts = sorted(_tensor(cursor) for _ in range(tensor_count))
    alignment = int(metadata.get("general.alignment", DEFAULT_ALIGNMENT))
    data_start = -(-cursor.position // alignment) * alignment
    ends = [start for start, _ in starts[1:]] + [len(data) - data_start]
    tensors = tuple(
        replace(tensor, size_bytes=tensor.size_bytes or end - start)
        for (start, tensor), end in zip(starts, ends, strict=True)
    )
    last = starts[-1][0] + max(1, starts[-1][1].size_bytes) if starts else 0
    return Header(metadata, lengths, tensors), data_start + last


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


def _tensor(cursor: _Cursor) -> tuple[int, Tensor]:
    """Where a tensor's data begins behind the header, and the tensor.

    Its size is 0 where it is of a type too new: then it reaches up to the next one.
    """
    name = cursor.string()
    values = math.prod(cursor.count() for _ in range(int(cursor.number("I"))))
    kind = int(cursor.number("I"))
    block_values, block_bytes = BLOCKS.get(kind, (1, 0))
    return cursor.count(), Tensor(name, values // block_values * block_bytes, kind, values)

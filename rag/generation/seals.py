"""A checksum at a file's end: a file that was cut off or damaged is known before it is used.

llama.cpp ends the whole process where the cache in a file makes no sense, so ours are sealed.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import BinaryIO

MARK = b"sealed01"
CHECKSUM_BYTES = 4
STEP_BYTES = 1 << 20


def seal(path: Path) -> None:
    """Append the seal to a file that was written whole."""
    with path.open("r+b") as file:
        size_bytes = file.seek(0, 2)
        file.seek(0)
        checksum = _checksum(file, size_bytes)
        file.seek(size_bytes)
        file.write(MARK + checksum)


def is_sealed(path: Path) -> bool:
    """Whether the file is there and is, to the last byte, what was sealed."""
    try:
        with path.open("rb") as file:
            end = file.seek(0, 2) - len(MARK) - CHECKSUM_BYTES
            if end < 0:
                return False
            file.seek(end)
            found = file.read()
            file.seek(0)
            return found == MARK + _checksum(file, end)
    except OSError:
        return False


def _checksum(file: BinaryIO, size_bytes: int) -> bytes:
    checksum, left = 0, size_bytes
    while left and (block := file.read(min(left, STEP_BYTES))):
        checksum = zlib.crc32(block, checksum)
        left -= len(block)
    return checksum.to_bytes(CHECKSUM_BYTES, "little")

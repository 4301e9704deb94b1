"""What the catalog keeps of a file to tell whether it has changed, and how paths are ordered."""

from __future__ import annotations

import os
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells that a file has changed: from a stat, and from its bytes."""

    size_bytes: int
    modified_ns: int  # of a file that could not be opened: when its rights changed last
    content_hash: str  # SHA-256, hexadecimal; empty where the file could not be opened


def range_below(folder: str) -> tuple[str, str]:
    """All paths below a folder are from the first of these up to, and not at, the second."""
    first = folder.rstrip("/\\") + os.sep
    return first, first[:-1] + chr(ord(os.sep) + 1)

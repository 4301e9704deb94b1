"""A file brought into the system's cache of files, so that mapping it waits for no disk.

Mapping a file that lies on a slow disk blocks for as long as it is read, tells nothing of how far
it has come, and cannot be stopped; reading it before can.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from rag.errors import Stopped

STEP_BYTES = 4 << 20
PROBE = getattr(os, "RWF_NOWAIT", None)  # Linux alone tells what needs no disk


def warm(
    path: Path, *, is_stopped: Callable[[], bool], on_progress: Callable[[float], None]
) -> None:
    """Read the file once, but for what is in the cache already; its share done goes 0 to 1.

    Raises Stopped, and OSError where the file cannot be read.
    """
    block = bytearray(STEP_BYTES)
    with path.open("rb", buffering=0) as file:
        size_bytes = os.fstat(file.fileno()).st_size
        for start in range(0, size_bytes, STEP_BYTES):
            if is_stopped():
                raise Stopped
            if not _is_cached(file.fileno(), start, min(start + STEP_BYTES, size_bytes)):
                file.seek(start)
                file.readinto(block)
            on_progress(min(1.0, (start + STEP_BYTES) / size_bytes))


def _is_cached(descriptor: int, start: int, end: int) -> bool:
    """Whether a step's beginning and end need no disk: systems read and drop whole stretches."""
    if PROBE is None:
        return False
    try:
        return all(
            os.preadv(descriptor, [bytearray(1)], place, PROBE) for place in (start, end - 1)
        )
    except OSError:  # it would have to wait, or this file system cannot tell
        return False

"""How a measured process tells what one part of its work took: a line of JSON for each.

Standard library only, since the baseline's environment holds nothing of Deskbook's.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def phase(name: str) -> Iterator[dict[str, float]]:
    """Measure the block; what it puts into the mapping is told with the seconds it took.

    `core_s` are the processor's seconds of this process and of its children that ended by then,
    user and system; `clock_s` those of the clock.
    """
    told: dict[str, float] = {}
    clock, core = time.perf_counter(), core_seconds()
    yield told
    told |= {"clock_s": time.perf_counter() - clock, "core_s": core_seconds() - core}
    print(json.dumps({"phase": name} | told), flush=True)


def core_seconds() -> float:
    """What this process and its ended children have used of the processor."""
    return time.process_time() + children_seconds()


def children_seconds() -> float:
    """What the children that have ended used; nothing is known of them on Windows."""
    times = os.times()
    return times.children_user + times.children_system


def size_of(folder: Path) -> int:
    """The bytes of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

"""How much memory there is, and how much of it a program can have just now."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path

import psutil

from rag.hardware.containers import find_limits


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory, in bytes."""

    total_bytes: int
    free_bytes: int  # without pushing other programs out; cached files are counted as free


def find_memory() -> Memory:
    """This machine's memory, as it is just now."""
    if platform.system() == "Linux":
        return linux_memory(Path("/"))
    memory = psutil.virtual_memory()
    return Memory(memory.total, memory.available)


def linux_memory(root: Path) -> Memory:
    """What the kernel's files below `root` tell, held to what a container may have."""
    lines = (root / "proc/meminfo").read_text(encoding="utf-8").splitlines()
    kilobytes = {
        name: int(value.split()[0]) for name, _, value in (x.partition(":") for x in lines)
    }
    limits = find_limits(root)
    return Memory(
        int(min(kilobytes["MemTotal"] * 1024, limits.memory_bytes)),
        int(min(kilobytes["MemAvailable"] * 1024, limits.free_bytes)),
    )

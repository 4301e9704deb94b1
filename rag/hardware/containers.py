"""What a Linux control group leaves to this process: cores and memory, as in a container.

Version 2 (docs.kernel.org/admin-guide/cgroup-v2.html) and version 1, which some systems still
have. A limit may stand at the process's own group or at any above it; the narrowest counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

UNIFIED = ""  # the name under which /proc/self/cgroup lists version 2
# Pages of files, which the system takes back when a program wants memory.
RECLAIMABLE = ("inactive_file", "active_file", "total_inactive_file", "total_active_file")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a process may have; infinite where nothing limits it."""

    cores: float = math.inf
    memory_bytes: float = math.inf
    free_bytes: float = math.inf  # of that memory, cached files counted as free


def find_limits(root: Path = Path("/")) -> Limits:
    """The limits of this process's control groups, below `root`; none on other systems."""
    limits = [Limits()]
    limits += [_of_unified(group) for group in _groups(root, UNIFIED)]
    limits += [Limits(cores=_quota_of_old(group)) for group in _groups(root, "cpu")]
    limits += [_memory_of_old(group) for group in _groups(root, "memory")]
    return Limits(
        min(each.cores for each in limits),
        min(each.memory_bytes for each in limits),
        min(each.free_bytes for each in limits),
    )


def _groups(root: Path, controller: str) -> Iterator[Path]:
    """The folders of the process's group and of all above it, where the controller has any.

    A container that sees the whole machine's paths has its own group's files at the top.
    """
    for line in _read(root / "proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            top = root / "sys/fs/cgroup" / controllers
            group = top / path.lstrip("/")
            yield from (folder for folder in (group, *group.parents) if folder.is_relative_to(top))


def _of_unified(group: Path) -> Limits:
    quota, _, period = _read(group / "cpu.max").partition(" ")
    cores = _number(quota) / _number(period)
    most = min(_number(_read(group / "memory.max")), _number(_read(group / "memory.high")))
    return Limits(cores if period else math.inf, most, _free(group, most, "memory.current"))


def _quota_of_old(group: Path) -> float:
    quota = _number(_read(group / "cpu.cfs_quota_us"))
    return quota / _number(_read(group / "cpu.cfs_period_us")) if 0 < quota < math.inf else math.inf


def _memory_of_old(group: Path) -> Limits:
    most = _number(_read(group / "memory.limit_in_bytes"))  # 2 ** 63 and nearly that for none
    return Limits(memory_bytes=most, free_bytes=_free(group, most, "memory.usage_in_bytes"))


def _free(group: Path, most: float, usage: str) -> float:
    used = _number(_read(group / usage))
    if math.isinf(most) or math.isinf(used):
        return math.inf
    lines = (line.partition(" ") for line in _read(group / "memory.stat").splitlines())
    parts = {name: _number(value) for name, _, value in lines}
    # Version 1 tells a group's own pages and, as a total, those of the groups below it too.
    cached = max(
        sum(parts.get(name, 0) for name in RECLAIMABLE[:2]),
        sum(parts.get(name, 0) for name in RECLAIMABLE[2:]),
    )
    return max(0, most - used + cached)


def _number(text: str) -> float:
    """The number in a file of the kernel's; "max", and no file at all, limit nothing."""
    try:
        return int(text)
    except ValueError:
        return math.inf


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""

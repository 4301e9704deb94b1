"""Control groups of both versions, as trees of files."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from rag.hardware.containers import Limits, find_limits
from rag.hardware.memory import linux_memory

GB = 10**9


def write(root: Path, files: dict[str, object]) -> Path:
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{content}\n")
    return root


def test_where_no_group_limits_all_is_allowed(tmp_path: Path) -> None:
    assert find_limits(tmp_path) == Limits(math.inf, math.inf, math.inf)


def test_a_container_sees_its_own_limits_at_the_top(tmp_path: Path) -> None:
    group = {
        "proc/self/cgroup": "0::/",
        "sys/fs/cgroup/cpu.max": "250000 100000",
        "sys/fs/cgroup/memory.max": 4 * GB,
        "sys/fs/cgroup/memory.current": 3 * GB,
        "sys/fs/cgroup/memory.stat": f"anon {GB}\ninactive_file {GB}\nactive_file {GB // 2}",
    }
    assert find_limits(write(tmp_path, group)) == Limits(2.5, 4 * GB, 2.5 * GB)


def test_the_narrowest_of_the_groups_above_counts(tmp_path: Path) -> None:
    group = {
        "proc/self/cgroup": "0::/user.slice/app.scope",
        "sys/fs/cgroup/user.slice/cpu.max": "400000 100000",
        "sys/fs/cgroup/user.slice/app.scope/cpu.max": "max 100000",
        "sys/fs/cgroup/user.slice/app.scope/memory.max": "max",
        "sys/fs/cgroup/user.slice/memory.high": 8 * GB,
    }
    assert find_limits(write(tmp_path, group)) == Limits(4, 8 * GB, math.inf)


def test_the_older_version_is_read_too(tmp_path: Path) -> None:
    group = {
        "proc/self/cgroup": "4:memory:/box\n1:cpu,cpuacct:/box\n0::/",
        "sys/fs/cgroup/memory/box/memory.limit_in_bytes": 6 * GB,
        "sys/fs/cgroup/memory/box/memory.usage_in_bytes": 5 * GB,
        "sys/fs/cgroup/memory/box/memory.stat": f"cache 9\ntotal_inactive_file {GB}",
        "sys/fs/cgroup/memory/memory.limit_in_bytes": 2**63 - 4096,
        "sys/fs/cgroup/memory/memory.usage_in_bytes": 20 * GB,
        "sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_quota_us": 300_000,
        "sys/fs/cgroup/cpu,cpuacct/box/cpu.cfs_period_us": 100_000,
        "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": -1,
    }
    assert find_limits(write(tmp_path, group)) == Limits(3, 6 * GB, 2 * GB)


@pytest.mark.parametrize(("limit_gb", "free_gb"), [(64, 12), (8, 6)])
def test_memory_is_the_machines_or_what_the_container_has(
    tmp_path: Path, limit_gb: int, free_gb: int
) -> None:
    machine = {
        "proc/meminfo": f"MemTotal: {16 * 10**6} kB\nMemAvailable: {12 * GB // 1024} kB",
        "proc/self/cgroup": "0::/",
        "sys/fs/cgroup/memory.max": limit_gb * GB,
        "sys/fs/cgroup/memory.current": 2 * GB,
    }
    memory = linux_memory(write(tmp_path, machine))
    assert memory.free_bytes == pytest.approx(free_gb * GB, abs=1024)
    assert memory.total_bytes == min(limit_gb * GB, 16 * 10**6 * 1024)

"""Processors as the systems tell of them: hybrid ones, with two threads a core, in containers."""

from __future__ import annotations

import struct
from pathlib import Path

import psutil

from rag.hardware.processors import (
    Processor,
    find_processor,
    linux_processor,
    performance_cores_of_mac,
    performance_cores_of_windows,
    physical_cores,
)


def write_cpus(root: Path, siblings: list[str], **more: list[int]) -> Path:
    """A tree with the CPUs, each named by the threads of its core."""
    for cpu, listed in enumerate(siblings):
        folder = root / f"sys/devices/system/cpu/cpu{cpu}"
        (folder / "topology").mkdir(parents=True)
        (folder / "topology/thread_siblings_list").write_text(listed + "\n")
        for name, values in more.items():
            (folder / name).write_text(f"{values[cpu]}\n")
    (root / "proc").mkdir()
    (root / "proc/cpuinfo").write_text("processor\t: 0\nmodel name\t: Some Chip 9000\n")
    return root


def test_two_threads_of_a_core_are_one_core(tmp_path: Path) -> None:
    root = write_cpus(tmp_path, ["0,2", "1,3", "0,2", "1,3"])
    assert linux_processor(root, {0, 1, 2, 3}) == Processor("Some Chip 9000", 2, 2)


def test_cores_that_the_process_may_not_use_do_not_count(tmp_path: Path) -> None:
    root = write_cpus(tmp_path, ["0-1", "0-1", "2-3", "2-3"])
    assert linux_processor(root, {0, 1}).physical_cores == 1


def test_intels_efficiency_cores_are_told_apart(tmp_path: Path) -> None:
    root = write_cpus(tmp_path, ["0-1", "0-1", "2-3", "2-3", "4", "5", "6", "7"])
    (root / "sys/devices/cpu_core").mkdir()
    (root / "sys/devices/cpu_core/cpus").write_text("0-3\n")
    found = linux_processor(root, set(range(8)))
    assert (found.physical_cores, found.performance_cores) == (6, 2)


def test_arms_small_cores_are_told_apart(tmp_path: Path) -> None:
    capacity = [1024, 870, 870, 290, 290, 290]
    root = write_cpus(tmp_path, ["0", "1", "2", "3", "4", "5"], cpu_capacity=capacity)
    found = linux_processor(root, set(range(6)))
    assert (found.physical_cores, found.performance_cores) == (6, 3)


def test_a_process_held_to_small_cores_uses_those(tmp_path: Path) -> None:
    root = write_cpus(tmp_path, ["0", "1", "2"])
    (root / "sys/devices/cpu_core").mkdir()
    (root / "sys/devices/cpu_core/cpus").write_text("0\n")
    assert linux_processor(root, {1, 2}).performance_cores == 2


def test_a_containers_share_of_time_holds_the_cores_down(tmp_path: Path) -> None:
    root = write_cpus(tmp_path, ["0", "1", "2", "3"])
    (root / "proc/self").mkdir()
    (root / "proc/self/cgroup").write_text("0::/\n")
    (root / "sys/fs/cgroup").mkdir(parents=True)
    (root / "sys/fs/cgroup/cpu.max").write_text("250000 100000\n")
    assert linux_processor(root, {0, 1, 2, 3}) == Processor("Some Chip 9000", 2, 2)


def test_a_tree_that_tells_nothing_counts_what_the_process_may_use(tmp_path: Path) -> None:
    found = linux_processor(tmp_path, {0, 1, 2})
    assert (found.physical_cores, found.performance_cores) == (3, 3)


def test_macs_name_their_performance_cores() -> None:
    assert performance_cores_of_mac({"hw.perflevel0.physicalcpu": 4}.__getitem__) == 4


def test_windows_has_the_fastest_cores_in_the_highest_class() -> None:
    def core(efficiency_class: int) -> bytes:
        return struct.pack("<IIBB38x", 0, 48, 1, efficiency_class)

    package = struct.pack("<IIBB38x", 3, 48, 0, 9)
    records = core(1) * 6 + package + core(0) * 8
    assert performance_cores_of_windows(records) == 6
    assert performance_cores_of_windows(b"") == 0


def test_this_machine_has_cores() -> None:
    found = find_processor()
    assert found.name
    assert 1 <= found.performance_cores <= found.physical_cores <= (psutil.cpu_count() or 1)
    assert physical_cores() == found.physical_cores

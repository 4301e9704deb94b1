"""The processor: its name, its cores, and how many of them are worth a thread of llama.cpp's.

llama.cpp waits for its slowest thread at every layer: threads on efficiency cores, and two on one
core (hyper-threads), make it slower. So do more threads than a container has processor time for.
"""

from __future__ import annotations

import ctypes
import os
import platform
import struct
from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from rag.hardware.containers import find_limits

CORES = 0  # RelationProcessorCore, of GetLogicalProcessorInformationEx
ARM = ("arm64", "aarch64")  # as systems name their machines
FULL_SHARE = 0.5  # of the fastest core's capacity: slower ones are made to save power


@dataclass(frozen=True, slots=True)
class Processor:
    """The processor, as far as this process may use it."""

    name: str
    physical_cores: int
    performance_cores: int  # those that are not made to save power, physical ones
    is_arm: bool = False


def find_processor() -> Processor:
    """This machine's processor."""
    is_arm = platform.machine().lower() in ARM
    if platform.system() == "Linux":
        return replace(linux_processor(Path("/"), os.sched_getaffinity(0)), is_arm=is_arm)
    physical = psutil.cpu_count(logical=False) or os.cpu_count() or 1
    is_mac = platform.system() == "Darwin"
    fast = performance_cores_of_mac(_sysctl) if is_mac else _windows_cores()
    return Processor(_name(), physical, fast or physical, is_arm)


def physical_cores() -> int:
    """The cores this process may use, hyper-threads not counted: those gain llama.cpp nothing."""
    return find_processor().physical_cores


def linux_processor(root: Path, allowed: Set[int]) -> Processor:
    """The processor that the kernel's files below `root` tell of, held to the CPUs `allowed`."""
    most = max(1, int(min(find_limits(root).cores, len(allowed))))  # 2.5 cores' time is for 2
    physical = _core_count(root, allowed)
    fast = _core_count(root, allowed & _fast_cpus(root, allowed)) or physical
    return Processor(_linux_name(root), min(physical, most), min(fast, most))


def _core_count(root: Path, cpus: Set[int]) -> int:
    """How many cores these CPUs are: those of one core name the same siblings."""
    folder = root / "sys/devices/system/cpu"
    siblings = {_read(folder / f"cpu{cpu}/topology/thread_siblings_list") or cpu for cpu in cpus}
    return len(siblings)


def _fast_cpus(root: Path, allowed: Set[int]) -> Set[int]:
    """Intel's hybrid chips list them; Arm's tell each one's capacity, of 1024; others are alike."""
    if listed := _read(root / "sys/devices/cpu_core/cpus"):
        return _numbers(listed)
    folder = root / "sys/devices/system/cpu"
    capacities = {cpu: int(_read(folder / f"cpu{cpu}/cpu_capacity") or 0) for cpu in allowed}
    least = FULL_SHARE * max(capacities.values(), default=0)
    return {cpu for cpu, capacity in capacities.items() if capacity >= least}


def _numbers(listed: str) -> Set[int]:
    """The numbers in a list of the kernel's, such as 0-3,8."""
    numbers: set[int] = set()
    for part in listed.split(","):
        first, _, last = part.partition("-")
        numbers |= set(range(int(first), int(last or first) + 1))
    return numbers


def _linux_name(root: Path) -> str:
    """Arm's kernels tell no name; then what kind of machine it is stands in its place."""
    for line in _read(root / "proc/cpuinfo").splitlines():
        key, _, value = line.partition(":")
        if key.strip() == "model name":
            return value.strip()
    return platform.machine()


def performance_cores_of_mac(sysctl: Callable[[str], int]) -> int:
    """Apple's chips have levels of cores, the fastest first; 0 where there are none."""
    return sysctl("hw.perflevel0.physicalcpu")


def _sysctl(name: str) -> int:
    """A number of the system's on macOS, 0 where it has none of that name."""
    value, size = ctypes.c_int64(), ctypes.c_size_t(8)
    call = ctypes.CDLL(None).sysctlbyname
    code = call(name.encode(), ctypes.byref(value), ctypes.byref(size), None, ctypes.c_size_t(0))
    return value.value if code == 0 else 0


def _windows_cores() -> int:
    """The performance cores that Windows counts; 0 where it does not say."""
    ask = ctypes.CDLL("kernel32").GetLogicalProcessorInformationEx
    size = ctypes.c_uint32()
    ask(CORES, None, ctypes.byref(size))
    buffer = ctypes.create_string_buffer(size.value)
    return performance_cores_of_windows(buffer.raw) if ask(CORES, buffer, ctypes.byref(size)) else 0


def performance_cores_of_windows(records: bytes) -> int:
    """The cores of the highest efficiency class, which in spite of its name is the fastest.

    Each record is a kind and a size of 4 bytes each, a byte of flags, and the class
    (SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX).
    """
    classes, position = [], 0
    while position + 10 <= len(records):
        kind, size, _, efficiency_class = struct.unpack_from("<IIBB", records, position)
        classes += [efficiency_class] if kind == CORES else []
        position += max(size, 10)
    return classes.count(max(classes, default=0))


def _name() -> str:
    return platform.processor() or platform.machine()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""

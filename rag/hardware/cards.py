"""The graphics cards that are in the computer, whether llama.cpp can use them or not.

They are what the system tells of its devices: nothing is asked of the cards themselves.
"""

from __future__ import annotations

import ctypes
import json
import logging
import platform
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

log = logging.getLogger(__name__)

DISPLAY = "0x03"  # how the class of a graphics card begins on the PCI bus
MAKERS = {"10de": "NVIDIA", "1002": "AMD", "8086": "Intel"}  # those whose cards can compute
NO_DRIVERS = ("", "vfio-pci", "nouveau")  # the last draws, and computes too little for a model
STAND_IN = "Microsoft Basic"  # begins the name of what Windows shows without a driver


@dataclass(frozen=True, slots=True)
class Card:
    """A graphics card in this computer."""

    name: str
    has_driver: bool
    address: str = ""  # on the PCI bus: "0000:01:00.0"; empty where the system does not tell


@cache  # macOS takes seconds to tell, and nobody plugs a card into a running computer
def find_cards() -> tuple[Card, ...]:
    """The cards in this computer; none where the system does not tell of any."""
    if platform.system() == "Linux":
        return linux_cards(Path("/"))
    if platform.system() == "Windows":
        return _windows_cards()
    return _mac_cards()


def linux_cards(root: Path) -> tuple[Card, ...]:
    """The cards on the PCI bus, from the kernel's files below `root`."""
    devices = sorted((root / "sys/bus/pci/devices").glob("*"))
    displays = (device for device in devices if _read(device / "class").startswith(DISPLAY))
    return tuple(
        Card(_linux_name(root, device), _driver(device) not in NO_DRIVERS, device.name)
        for device in displays
        if _maker(device) in MAKERS
    )


def _linux_name(root: Path, device: Path) -> str:
    """NVIDIA's driver tells the model; of others the maker alone is known."""
    told = _read(root / "proc/driver/nvidia/gpus" / device.name / "information")
    for line in told.splitlines():
        key, _, value = line.partition(":")
        if key == "Model":
            return value.strip()
    return f"{MAKERS[_maker(device)]} graphics"


def _maker(device: Path) -> str:
    return _read(device / "vendor").removeprefix("0x")


def _driver(device: Path) -> str:
    """The name of the driver that has taken the device; empty where none has."""
    link = device / "driver"
    return link.resolve().name if link.exists() else ""


class _DisplayDevice(ctypes.Structure):
    """`DISPLAY_DEVICEW` of Windows."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("device_name", ctypes.c_wchar * 32),
        ("description", ctypes.c_wchar * 128),
        ("state", ctypes.c_uint32),
        ("device_id", ctypes.c_wchar * 128),
        ("key", ctypes.c_wchar * 128),
    )


def _windows_cards() -> tuple[Card, ...]:
    ask, found = ctypes.CDLL("user32").EnumDisplayDevicesW, list[tuple[str, str]]()
    device = _DisplayDevice(size=ctypes.sizeof(_DisplayDevice))
    while ask(None, len(found), ctypes.byref(device), 0):
        found.append((device.description, device.device_id))
    return cards_of_windows(found)


def cards_of_windows(devices: list[tuple[str, str]]) -> tuple[Card, ...]:
    """The cards among display devices, each a name and an id as "PCI\\VEN_10DE&DEV_2882".

    A card is listed once for each screen that it may have.
    """
    ids = {name: device_id.lower() for name, device_id in devices}
    return tuple(
        Card(name, not name.startswith(STAND_IN))
        for name, device_id in ids.items()
        if any(f"ven_{maker}" in device_id for maker in MAKERS)
    )


def _mac_cards() -> tuple[Card, ...]:
    """Apple's own chips hold a card that Metal always has; of older Macs the system tells."""
    if platform.machine() == "arm64":
        return (Card("Apple graphics", True),)
    try:
        told = subprocess.run(
            ["/usr/sbin/system_profiler", "-json", "SPDisplaysDataType"],
            capture_output=True,
            timeout=10,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        log.info("the system does not tell which graphics cards there are", exc_info=True)
        return ()
    return cards_of_mac(told.stdout)


def cards_of_mac(report: bytes) -> tuple[Card, ...]:
    """The cards in the report of macOS's system_profiler."""
    displays = json.loads(report).get("SPDisplaysDataType", [])
    return tuple(Card(card["sppci_model"], True) for card in displays if "sppci_model" in card)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""

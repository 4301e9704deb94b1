"""Graphics cards in the computer, as each system tells of them."""

from __future__ import annotations

import json
from pathlib import Path

from rag.hardware.cards import Card, cards_of_mac, cards_of_windows, find_cards, linux_cards


def write_device(
    root: Path, address: str, *, kind: str = "0x030000", vendor: str, driver: str = ""
) -> None:
    device = root / "sys/bus/pci/devices" / address
    device.mkdir(parents=True)
    (device / "class").write_text(kind + "\n")
    (device / "vendor").write_text(vendor + "\n")
    if driver:
        target = root / "sys/bus/pci/drivers" / driver
        target.mkdir(parents=True)
        (device / "driver").symlink_to(target)


def test_a_card_with_its_driver_tells_its_name(tmp_path: Path) -> None:
    write_device(tmp_path, "0000:01:00.0", vendor="0x10de", driver="nvidia")
    told = tmp_path / "proc/driver/nvidia/gpus/0000:01:00.0/information"
    told.parent.mkdir(parents=True)
    told.write_text("Model: \t\t NVIDIA GeForce RTX 3060\nIRQ:   \t\t 90\n")
    assert linux_cards(tmp_path) == (Card("NVIDIA GeForce RTX 3060", True, "0000:01:00.0"),)


def test_a_card_without_a_driver_that_computes_is_told_so(tmp_path: Path) -> None:
    write_device(tmp_path, "0000:01:00.0", vendor="0x10de", driver="nouveau")
    write_device(tmp_path, "0000:03:00.0", kind="0x038000", vendor="0x1002")
    assert linux_cards(tmp_path) == (
        Card("NVIDIA graphics", False, "0000:01:00.0"),
        Card("AMD graphics", False, "0000:03:00.0"),
    )


def test_what_only_draws_and_what_is_no_card_are_left_out(tmp_path: Path) -> None:
    write_device(tmp_path, "0000:00:02.0", vendor="0x1234", driver="bochs-drm")
    write_device(tmp_path, "0000:00:1f.0", kind="0x060100", vendor="0x8086")
    assert linux_cards(tmp_path) == ()


def test_windows_lists_a_card_once_for_each_screen() -> None:
    nvidia = ("NVIDIA GeForce RTX 4060 Laptop GPU", "PCI\\VEN_10DE&DEV_28A0&SUBSYS_0")
    basic = ("Microsoft Basic Display Adapter", "PCI\\VEN_1002&DEV_15BF")
    remote = ("Microsoft Remote Display Adapter", "SWD\\REMOTEDISPLAYENUM")
    assert cards_of_windows([nvidia, nvidia, basic, remote]) == (
        Card("NVIDIA GeForce RTX 4060 Laptop GPU", True),
        Card("Microsoft Basic Display Adapter", False),
    )


def test_older_macs_report_their_cards() -> None:
    report = {"SPDisplaysDataType": [{"sppci_model": "AMD Radeon Pro 5500M"}, {"_name": "?"}]}
    assert cards_of_mac(json.dumps(report).encode()) == (Card("AMD Radeon Pro 5500M", True),)
    assert cards_of_mac(b"{}") == ()


def test_this_machine_answers() -> None:
    assert all(card.name for card in find_cards())

"""This machine measured, and sentences on cards that are used or not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.hardware import Gpu, Machine
from rag.hardware.cards import Card
from rag.hardware.graphics import Backends, used_ones
from rag.hardware.machine import on_offload

GB = 10**9
RTX = Gpu("NVIDIA GeForce RTX 3060", 12 * GB, 11 * GB, "CUDA", address="0000:01:00.0")
XE = Gpu("Intel Iris Xe", 16 * GB, 12 * GB, "Vulkan", is_shared=True, address="0000:00:02.0")
XE_CARD = Card("Intel graphics", True, "0000:00:02.0")


def test_this_machine_is_measured() -> None:
    measured = Machine.measure()
    assert measured.physical_cores >= 1
    assert 0 < measured.available_bytes <= measured.memory_bytes
    assert measured.offload.endswith(".")


def test_the_fingerprint_tells_machines_apart_and_not_moments() -> None:
    machine = Machine.measure()
    assert replace(machine, available_bytes=1).fingerprint == machine.fingerprint
    assert replace(machine, gpus=(RTX,)).fingerprint != machine.fingerprint
    half = replace(machine, memory_bytes=machine.memory_bytes // 2)
    assert half.fingerprint != machine.fingerprint


def test_a_card_that_two_backends_reach_is_used_once() -> None:
    by_vulkan = replace(RTX, backend="Vulkan")
    assert used_ones((RTX, by_vulkan, XE)) == (RTX,)


def test_a_card_inside_the_processor_is_used_where_it_is_alone() -> None:
    assert used_ones((XE,)) == (XE,)
    assert used_ones(()) == ()


@pytest.mark.parametrize(
    ("backends", "cards", "sentence"),
    [
        (
            Backends((), ()),
            (Card("NVIDIA A2000", True, "0000:01:00.0"),),
            "This build of llama.cpp computes on the processor alone, so NVIDIA A2000 is not used.",
        ),
        (Backends((), ()), (), "This build of llama.cpp computes on the processor alone."),
        (
            Backends(("Vulkan",), ()),
            (),
            "llama.cpp could use a graphics card, and there is none.",
        ),
        (
            Backends(("Vulkan",), ()),
            (Card("NVIDIA graphics", False, "0000:01:00.0"),),
            (
                "NVIDIA graphics is not used: its driver is missing. "
                "Install the one that its maker offers."
            ),
        ),
        (
            Backends(("CUDA", "Vulkan"), ()),
            (Card("AMD graphics", True, "0000:03:00.0"),),
            (
                "AMD graphics is not used: llama.cpp does not find it through CUDA or Vulkan. "
                "A newer driver may help."
            ),
        ),
        (
            Backends(("CUDA",), (RTX,)),
            (Card("NVIDIA GeForce RTX 3060", True, "0000:01:00.0"), XE_CARD),
            "llama.cpp can use NVIDIA GeForce RTX 3060 (CUDA, 11.0 GB free).",
        ),
        (
            Backends(("Vulkan",), (XE,)),
            (XE_CARD, Card("NVIDIA graphics", False, "0000:01:00.0")),
            (
                "llama.cpp can use Intel Iris Xe (Vulkan), which shares the computer's memory. "
                "NVIDIA graphics is not used: its driver is missing. "
                "Install the one that its maker offers."
            ),
        ),
    ],
)
def test_each_card_is_told_of(backends: Backends, cards: tuple[Card, ...], sentence: str) -> None:
    assert on_offload(backends, cards) == sentence


def test_a_card_that_failed_is_left_alone() -> None:
    machine = replace(Machine.measure(), gpus=(RTX,))
    alone = machine.without_graphics("NVIDIA GeForce RTX 3060 failed when it was tried.")
    assert alone.gpus == ()
    assert alone.offload == "NVIDIA GeForce RTX 3060 failed when it was tried."

"""This machine as far as a model cares, and in words why a graphics card is not used."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from importlib import metadata

from rag.hardware.cards import Card, find_cards
from rag.hardware.graphics import Backends, Gpu, find_backends
from rag.hardware.memory import find_memory
from rag.hardware.processors import Processor, find_processor


@dataclass(frozen=True, slots=True)
class Machine:
    """What this machine has, as far as a model cares."""

    processor: Processor
    memory_bytes: int
    available_bytes: int  # that programs can have without pushing others out
    gpus: tuple[Gpu, ...]
    offload: str  # a sentence on whether graphics cards are used, and why not

    @classmethod
    def measure(cls) -> Machine:
        """This machine as it is just now."""
        memory, backends = find_memory(), find_backends()
        return cls(
            find_processor(),
            memory.total_bytes,
            memory.free_bytes,
            backends.gpus,
            on_offload(backends, find_cards()),
        )

    @property
    def physical_cores(self) -> int:
        """The cores this process may use, hyper-threads not counted."""
        return self.processor.physical_cores

    @property
    def card(self) -> Gpu | None:
        """The graphics card that a model is loaded onto: the one with the most free memory."""
        return max(self.gpus, key=lambda gpu: gpu.free_bytes, default=None)

    @property
    def fingerprint(self) -> str:
        """By which measured speeds are kept: the same as long as they should be.

        Memory that is free, now less and now more, is not in it.
        """
        parts = (
            self.processor,
            round(self.memory_bytes / 1024**3),
            [(gpu.name, gpu.backend) for gpu in self.gpus],
            metadata.version("llama-cpp-python"),
        )
        return sha256(repr(parts).encode()).hexdigest()[:16]

    def without_graphics(self, why: str) -> Machine:
        """The same machine, its cards left alone; `why` is a sentence for a person."""
        return replace(self, gpus=(), offload=why)


def on_offload(backends: Backends, cards: tuple[Card, ...]) -> str:
    """A sentence on each card that is used, or on each that is not, and why."""
    if not backends.names:
        names = " and ".join(card.name for card in cards)
        alone = "This build of llama.cpp computes on the processor alone"
        return f"{alone}, so {names} is not used." if cards else f"{alone}."
    used = [_on_gpu(gpu) for gpu in backends.gpus]
    unused = [_on_card(card, backends) for card in _unused(cards, backends.gpus)]
    return " ".join(used + unused) or "llama.cpp could use a graphics card, and there is none."


def _unused(cards: tuple[Card, ...], gpus: tuple[Gpu, ...]) -> tuple[Card, ...]:
    """The cards that llama.cpp does not find; it tells a name or a place, and systems the other.

    Where it uses a card of its own, one inside the processor is not missed.
    """
    addresses, names = {gpu.address for gpu in gpus}, " ".join(gpu.name for gpu in gpus)
    has_own = any(not gpu.is_shared for gpu in gpus)
    return tuple(
        card
        for card in cards
        if card.address not in addresses - {""}
        and card.name not in names
        and not (has_own and card.has_driver)
        and not (gpus and not card.address and card.has_driver)
    )


def _on_gpu(gpu: Gpu) -> str:
    if gpu.is_shared:
        return f"llama.cpp can use {gpu.name} ({gpu.backend}), which shares the computer's memory."
    return f"llama.cpp can use {gpu.name} ({gpu.backend}, {gigabytes(gpu.free_bytes)} free)."


def _on_card(card: Card, backends: Backends) -> str:
    if not card.has_driver:
        return (
            f"{card.name} is not used: its driver is missing. "
            "Install the one that its maker offers."
        )
    return (
        f"{card.name} is not used: llama.cpp does not find it through {_either(backends.names)}. "
        "A newer driver may help."
    )


def _either(names: tuple[str, ...]) -> str:
    return " or ".join(names)


def gigabytes(size_bytes: float) -> str:
    """A size for a person: "9.1 GB"."""
    return f"{size_bytes / 1e9:.1f} GB"

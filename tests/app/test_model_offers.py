"""Which model is the right one for which computer, and what is told of it."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from app.model_offers import model_offers
from app.model_speeds import ModelSpeeds
from app.settings import ASSETS, Paths, Settings
from app.speed_words import pace, words_a_second
from rag.generation.speed import Speed
from rag.hardware import Gpu, Machine, Processor
from rag.models import Catalogue, ModelStore
from rag.types import ModelOffer, ModelState

GB = 10**9


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(Paths.of(tmp_path))


@pytest.fixture
def store(settings: Settings) -> ModelStore:
    settings.paths.models.mkdir()
    return ModelStore(settings.paths.models, Catalogue.read(ASSETS / "models.toml"))


def machine(memory_gb: float, free_gb: float, *cards_gb: float, is_shared: bool = False) -> Machine:
    gpus = tuple(
        Gpu(f"card {n}", int(size * GB), int(size * GB), "Vulkan", is_shared)
        for n, size in enumerate(cards_gb)
    )
    chip = Processor("chip", 8, 2)
    return Machine(chip, int(memory_gb * GB), int(free_gb * GB), gpus, "")


def right_one(offers: tuple[ModelOffer, ...]) -> ModelOffer:
    (best,) = (offer for offer in offers if offer.is_recommended)
    return best


@pytest.mark.parametrize(
    ("computer", "name"),
    [
        (machine(4, 2), "starter"),
        (machine(8, 5.5), "qwen3-4b"),
        (machine(8, 5.5, 4), "qwen3-4b"),
        (machine(8, 5.5, 6), "phi-4-iq4_xs"),
        (machine(8, 5.5, 8), "phi-4"),
        (machine(16, 9.9), "phi-4-iq4_xs"),
        (machine(16, 11), "phi-4"),
        (machine(16, 11, 4), "phi-4"),
        (machine(16, 11, 8, is_shared=True), "phi-4"),
        (machine(32, 25), "phi-4"),
        (machine(32, 25, 12), "phi-4"),
        (machine(64, 50, 24), "phi-4"),
    ],
)
def test_each_computer_has_one_right_model(
    settings: Settings, store: ModelStore, computer: Machine, name: str
) -> None:
    _, offers = model_offers(settings, store, computer)
    assert right_one(offers).name == name


def test_the_machine_is_told_what_it_can_run_and_how_fast(
    settings: Settings, store: ModelStore
) -> None:
    told, _ = model_offers(settings, store, machine(32, 25))
    assert told.startswith("This computer can run Phi-4 14B (Q4_K_M): ")
    told, _ = model_offers(settings, store, machine(4, 2))
    assert told == (
        "No real language model has room in this computer's memory. 2.0 GB of 4.0 GB are free: "
        "close other programs, and look again."
    )


def test_a_model_to_be_had_is_told_with_its_memory_and_its_speed(
    settings: Settings, store: ModelStore
) -> None:
    _, offers = model_offers(settings, store, machine(32, 25))
    phi4 = right_one(offers)
    assert (phi4.state, phi4.path, phi4.is_fitting) == (ModelState.AVAILABLE, "", True)
    assert "of memory with a context of 16,384 tokens, and 25.0 GB of 32.0 GB are free" in phi4.fit
    assert "It reads a page in about " in phi4.fit
    assert phi4.reading_speed > phi4.writing_speed > 0
    assert offers[-1].is_demonstration


def test_a_model_without_room_is_told_why_and_not_how_fast(
    settings: Settings, store: ModelStore
) -> None:
    _, offers = model_offers(settings, store, machine(8, 5.5))
    (phi4,) = (offer for offer in offers if offer.name == "phi-4")
    assert not phi4.is_fitting
    assert phi4.fit.endswith("Close other programs, or choose a smaller model.")


def test_the_model_in_use_has_room_whatever_is_free_beside_it(
    settings: Settings, store: ModelStore
) -> None:
    _, offers = model_offers(settings, store, machine(16, 3), in_use="phi-4")
    phi4 = right_one(offers)
    assert (phi4.name, phi4.state, phi4.is_fitting) == ("phi-4", ModelState.IN_USE, True)


def test_a_measured_speed_goes_before_an_estimate(settings: Settings, store: ModelStore) -> None:
    computer, starter_path = machine(32, 25), store.find("starter").path
    ModelSpeeds(settings.paths).keep(starter_path, computer, Speed(157.0, 40.0, 4.0))
    _, offers = model_offers(settings, store, computer)
    starter = offers[-1]
    assert (starter.reading_speed, starter.writing_speed) == (157.0, 40.0)
    assert starter.fit.endswith(
        "It reads a page in about 3 seconds, and writes about 30 words a second."
    )


def test_a_file_that_is_no_model_is_offered_with_the_reason(
    settings: Settings, store: ModelStore
) -> None:
    shutil.copy(store.find("starter").path, settings.paths.models / "mine.gguf")
    (settings.paths.models / "broken.gguf").write_bytes(b"GGUF\x03\x00")
    _, offers = model_offers(settings, store, machine(32, 25))
    found = {offer.name: offer for offer in offers}
    assert found["mine"].is_fitting
    assert found["mine"].state is ModelState.INSTALLED
    assert not found["broken"].is_fitting
    assert found["broken"].fit.startswith("“broken.gguf” is damaged or not whole.")


@pytest.mark.parametrize(
    ("writing", "said"),
    [
        (40, "about 30 words a second"),
        (5.3, "about 4 words a second"),
        (1.4, "about a word a second"),
        (0.4, "about one word in 3 seconds"),
        (200, "about 150 words a second"),
    ],
)
def test_speeds_are_told_in_words(writing: float, said: str) -> None:
    assert words_a_second(Speed(10.0, writing, 1.0)) == said
    assert "a page in about 50 seconds," in pace(Speed(10.0, writing, 1.0))
    assert "a page in about 8 minutes," in pace(Speed(1.0, writing, 1.0))


def test_a_faster_model_is_named_where_the_right_one_is_slow(
    settings: Settings, store: ModelStore
) -> None:
    computer = machine(32, 25)
    told, offers = model_offers(settings, store, computer)
    assert right_one(offers).writing_speed < 8  # two cores
    assert " would be faster, with about " in told
    fast = replace(computer, gpus=(Gpu("card", 24 * GB, 24 * GB, "CUDA"),))
    assert (
        right_one(model_offers(settings, store, fast)[1]).writing_speed
        > 1.5 * right_one(offers).writing_speed
    )

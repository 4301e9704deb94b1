"""Graphics cards are tried once before they are used, and left alone where that fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import app.graphics
from app.card_deaths import deaths, note_at_rest, note_crash, note_in_use
from app.graphics import measured_machine
from app.settings import ASSETS, ModelSettings, Paths, Settings
from rag.generation.graphics_trial import Trial
from rag.hardware import Machine
from rag.hardware.cards import Card
from rag.models import Catalogue, ModelStore

CRASHED = "The graphics card's driver crashed when it was tried, so the processor is used."


class Driver:
    """Stands in for the trial in another process, and for loading what was tried."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.tried: list[Path] = []
        self.is_loaded = False

    def try_graphics(self, model: Path) -> Trial:
        self.tried.append(model)
        return self.trial

    def load_graphics(self) -> tuple[str, ...]:
        self.is_loaded = True
        return ("ggml-vulkan",)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(Paths.of(tmp_path))


@pytest.fixture
def store(settings: Settings) -> ModelStore:
    return ModelStore(settings.paths.models, Catalogue.read(ASSETS / "models.toml"))


def in_a_computer(
    monkeypatch: pytest.MonkeyPatch, trial: Trial, *, has_card: bool = True, is_apart: bool = True
) -> Driver:
    driver, cards = Driver(trial), (Card("AMD graphics", True),) if has_card else ()
    monkeypatch.setattr(app.graphics, "find_cards", lambda: cards)
    monkeypatch.setattr(app.graphics, "has_backends_apart", lambda: is_apart)
    monkeypatch.setattr(app.graphics, "try_graphics", driver.try_graphics)
    monkeypatch.setattr(app.graphics, "load_graphics", driver.load_graphics)
    monkeypatch.delenv("GGML_VK_VISIBLE_DEVICES", raising=False)
    return driver


def test_a_card_that_computes_is_used_and_not_tried_again(
    settings: Settings, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = in_a_computer(monkeypatch, Trial(True))
    measured_machine(settings, store)
    measured_machine(settings, store)
    assert driver.is_loaded
    assert driver.tried == [store.find("starter").path]


def test_a_card_that_fails_is_left_alone_with_the_reason(
    settings: Settings, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = in_a_computer(monkeypatch, Trial(False, CRASHED))
    for _ in range(2):
        machine = measured_machine(settings, store)
        assert (machine.gpus, machine.offload) == ((), CRASHED)
    assert not driver.is_loaded
    assert len(driver.tried) == 1


@pytest.mark.parametrize(("has_card", "is_apart"), [(False, True), (True, False)])
def test_where_there_is_nothing_to_try_nothing_is_tried(
    settings: Settings,
    store: ModelStore,
    monkeypatch: pytest.MonkeyPatch,
    has_card: bool,
    is_apart: bool,
) -> None:
    driver = in_a_computer(monkeypatch, Trial(True), has_card=has_card, is_apart=is_apart)
    assert measured_machine(settings, store).offload == Machine.measure().offload
    assert driver.tried == []


def test_a_person_who_wants_no_card_waits_for_no_trial(
    settings: Settings, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = in_a_computer(monkeypatch, Trial(True))
    without = replace(settings, model=ModelSettings(gpu_layers=0))
    assert measured_machine(without, store).offload.endswith("as the settings say.")
    assert driver.tried == []


def test_a_card_with_which_the_engine_crashed_twice_is_left_alone(
    settings: Settings, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    driver = in_a_computer(monkeypatch, Trial(True))
    for _ in range(2):
        note_in_use(settings.paths)
        note_crash(settings.paths)
    for _ in range(2):  # and from then on
        machine = measured_machine(settings, store)
        assert "crashed twice while it used the graphics card" in machine.offload
    assert not driver.is_loaded


def test_a_crash_is_forgotten_after_a_good_end(settings: Settings) -> None:
    note_in_use(settings.paths)
    note_crash(settings.paths)
    note_at_rest(settings.paths)
    note_in_use(settings.paths)
    note_crash(settings.paths)
    assert deaths(settings.paths) == 1


def test_an_end_by_the_system_counts_for_nothing(settings: Settings) -> None:
    for _ in range(3):  # the computer is shut down: nobody notes a crash, and nobody a good end
        note_in_use(settings.paths)
    assert deaths(settings.paths) == 0


def test_a_crash_without_a_card_in_use_counts_for_nothing(settings: Settings) -> None:
    note_crash(settings.paths)
    note_in_use(settings.paths)
    assert deaths(settings.paths) == 0

"""A model that does not fit as planned is loaded smaller, or on the processor, and says so."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.model_loading import ModelLoader
from app.model_store import model_store
from app.settings import ModelSettings, Paths, Settings
from rag.errors import ModelTooLarge, ModelUnusable
from rag.generation import LocalModel, Plan
from rag.generation.speed import Speed
from rag.hardware import Gpu, Machine
from rag.models import InstalledModel


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(Paths.of(tmp_path / "data"), model=ModelSettings(context_tokens=8_192))


@pytest.fixture
def starter(settings: Settings) -> InstalledModel:
    return model_store(settings).find("starter")


def refuse(monkeypatch: pytest.MonkeyPatch, error: Exception, *, when: Any) -> None:
    """Loading fails for plans of which that is true."""
    load = LocalModel.load

    def load_or_fail(path: Path, plan: Plan, **more: Any) -> LocalModel:
        if when(plan):
            raise error
        return load(path, plan, **more)

    monkeypatch.setattr(LocalModel, "load", load_or_fail)


def on(monkeypatch: pytest.MonkeyPatch, **changed: Any) -> None:
    """The machine is another in these points."""
    machine = replace(Machine.measure(), **changed)
    monkeypatch.setattr(Machine, "measure", lambda: machine)


def test_memory_taken_away_after_the_fit_costs_a_step_and_a_sentence(
    settings: Settings, starter: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_room = ModelTooLarge("No room.", remedy="Close other programs.")
    refuse(monkeypatch, no_room, when=lambda plan: plan.context_tokens > 2_048)
    loader = ModelLoader(settings, model_store(settings))
    with closing(loader.load(starter, is_wanted=True)) as model:
        assert model.context_tokens == 2_048
    assert loader.notice.startswith("There was less memory than expected, so SmolLM2")
    assert "2,048 tokens" in loader.notice


def test_where_no_step_is_left_it_is_refused(
    settings: Settings, starter: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse(monkeypatch, ModelTooLarge("No room.", remedy="Close some."), when=lambda plan: True)
    with pytest.raises(ModelTooLarge, match=r"No room\. Close some\."):
        ModelLoader(settings, model_store(settings)).load(starter, is_wanted=True)


def test_a_graphics_card_that_fails_leaves_the_processor(
    settings: Settings, starter: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, gpus=(Gpu("Card", 8 << 30, 8 << 30),))
    failed = ModelUnusable("The driver is gone.", remedy="Install it.")
    refuse(monkeypatch, failed, when=lambda plan: plan.gpu_layers > 0)
    loader = ModelLoader(settings, model_store(settings))
    with closing(loader.load(starter, is_wanted=True)) as model:
        assert model.count("one two") == 2
    assert loader.notice.startswith("The graphics card could not be used")


def test_what_hardly_has_room_is_loaded_only_where_it_is_wanted(
    settings: Settings, starter: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    on(monkeypatch, gpus=(), available_bytes=100 << 20)
    loader = ModelLoader(settings, model_store(settings))
    with pytest.raises(ModelTooLarge, match=r"is not used\. It needs .* even with a context"):
        loader.load(starter, is_wanted=False)
    with closing(loader.load(starter, is_wanted=True)):
        assert "has hardly room. It needs" in loader.notice


def test_a_measured_speed_is_kept_and_switches_guessing_on_where_it_pays(
    settings: Settings, starter: InstalledModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.model_loading.measure_speed", lambda *_, **__: Speed(90.0, 30.0, 1.5))
    loader = ModelLoader(settings, model_store(settings))
    with closing(loader.load(starter, is_wanted=True)) as model:
        assert (loader.speed, model.draft_tokens) == (None, 0)
        loader.measure(model, starter, lambda: False)
        assert model.draft_tokens > 0
    again = ModelLoader(settings, model_store(settings))
    with closing(again.load(starter, is_wanted=True)) as model:
        assert again.speed == Speed(90.0, 30.0, 1.5)
        assert model.draft_tokens > 0

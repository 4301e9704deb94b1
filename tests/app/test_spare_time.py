"""Time without questions is used for the model, and given up as soon as somebody asks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from app.lanes import Lane
from app.spare_time import SpareTime
from rag.errors import ModelUnusable, Stopped
from rag.scheduler import Scheduler

PATIENCE_S = 10.0


class Model:
    """In the engine's place: notes what is asked of its model."""

    def __init__(self) -> None:
        self.scheduler = Scheduler()
        self.done: list[str] = []
        self.language_models = SimpleNamespace(is_measured=False)
        self.measured = threading.Event()

    def warm_up(self, is_stopped: Callable[[], bool]) -> None:
        self.done.append("warm")

    def measure_model(self, is_stopped: Callable[[], bool]) -> None:
        self.done.append("measured")
        self.measured.set()


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Model:
    monkeypatch.setattr("psutil.cpu_percent", lambda: 1.0)
    return Model()


def spare_time(model: Any, quiet_s: float = 0.05) -> tuple[SpareTime, Lane]:
    lane = Lane("questions")
    return SpareTime(model, lane, quiet_s=quiet_s), lane


def test_the_model_is_made_ready_and_measured_after_a_while(model: Model) -> None:
    spare, _ = spare_time(model)
    spare.begin()
    assert model.measured.wait(PATIENCE_S)
    assert model.done == ["warm", "measured"]


def test_a_model_that_is_measured_is_not_measured_again(model: Model) -> None:
    model.language_models.is_measured = True
    spare, lane = spare_time(model)
    spare.begin()
    assert not model.measured.wait(0.3)
    assert lane.finish(PATIENCE_S)
    assert model.done == ["warm"]


def test_a_busy_machine_is_not_measured_until_it_is_quiet(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    percents = iter([1.0, 90.0, 1.0, 90.0, 1.0, 2.0])
    monkeypatch.setattr("psutil.cpu_percent", lambda: next(percents))
    spare, _ = spare_time(model)
    spare.begin()
    assert model.measured.wait(PATIENCE_S)
    assert next(percents, None) is None


def test_a_question_ends_what_is_done_and_what_is_to_come(model: Model) -> None:
    begun = threading.Event()

    def warm_up(is_stopped: Callable[[], bool]) -> None:
        begun.set()
        while not is_stopped():
            time.sleep(0.01)
        model.done.append("stopped")
        raise Stopped

    model.warm_up = warm_up  # type: ignore[method-assign]
    spare, lane = spare_time(model, quiet_s=0.2)
    spare.begin()
    assert begun.wait(PATIENCE_S)
    spare.make_way()
    assert lane.finish(PATIENCE_S)
    assert not model.measured.wait(0.5)
    assert model.done == ["stopped"]


def test_a_model_that_fails_meanwhile_costs_nothing_else(model: Model) -> None:
    def fail(is_stopped: Callable[[], bool]) -> None:
        raise ModelUnusable("It failed.", remedy="Ask again.")

    model.warm_up = fail  # type: ignore[method-assign]
    spare, _ = spare_time(model)
    spare.begin()
    assert model.measured.wait(PATIENCE_S)

"""Speeds measured on real models, without losing what they have read."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import pytest

from rag.errors import Stopped
from rag.generation import LocalModel, Plan
from rag.generation.speed import Speed, measure_speed
from rag.generation.templates import Message

TALK = [Message("user", "Who built the lamp on the third shelf, and when was it?")]


def run_on() -> bool:
    return False


def test_a_model_reads_and_writes_at_some_speed(starter: LocalModel) -> None:
    speed = measure_speed(starter, is_stopped=run_on, seconds=1.0)
    assert 1 < speed.writing < speed.reading * 4
    assert 0.5 < speed.draft_cost < 30


def test_what_was_read_stays_read(starter: LocalModel) -> None:
    starter.read_ahead(TALK, is_stopped=run_on)
    read = list(starter.sequence.tokens)
    measure_speed(starter, is_stopped=run_on, seconds=0.2)
    assert starter.sequence.tokens == read
    list(starter.generate(TALK, max_tokens=1, temperature=0.0, is_stopped=run_on))
    assert starter.usage.cached >= len(read) - 1


@pytest.mark.parametrize("seconds", [0.01, 0.5])
def test_it_takes_about_the_time_it_is_given(hello_model: LocalModel, seconds: float) -> None:
    started = time.monotonic()
    measure_speed(hello_model, is_stopped=run_on, seconds=seconds)
    assert time.monotonic() - started < seconds + 2  # other work goes on beside it


def test_a_full_context_makes_room(declared_path: Path) -> None:
    with closing(LocalModel.load(declared_path, Plan(256, threads=1), name="x")) as model:
        model.sequence.read([100] * 250)
        assert measure_speed(model, is_stopped=run_on, seconds=0.2).reading > 0
        assert 200 < len(model.sequence.tokens) < 250


def test_a_measurement_can_be_stopped_and_leaves_no_trace(starter: LocalModel) -> None:
    starter.read_ahead(TALK, is_stopped=run_on)
    read = list(starter.sequence.tokens)
    with pytest.raises(Stopped):
        measure_speed(starter, is_stopped=lambda: len(starter.sequence.tokens) > len(read))
    assert starter.sequence.tokens == read


@pytest.mark.parametrize(("cost", "pays"), [(1.2, True), (1.9, True), (2.1, False), (0.0, False)])
def test_drafts_pay_where_a_batch_costs_little(cost: float, pays: bool) -> None:
    assert Speed(reading=100.0, writing=10.0, draft_cost=cost).drafting_pays is pays

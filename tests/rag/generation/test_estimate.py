"""Speeds told before a model was measured."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from rag.generation.estimate import estimate, scaled
from rag.generation.plan import Plan
from rag.generation.shape import Shape
from rag.generation.speed import Speed
from rag.hardware.throughput import Throughput, measure_throughput
from rag.models import Catalogue
from rag.models.gguf import read_header

ENTRIES = Catalogue.read(Path(__file__).parents[3] / "assets" / "models.toml")
PHI4 = Shape.of_entry(ENTRIES.find("phi-4"))
QWEN = Shape.of_entry(ENTRIES.find("qwen3-4b"))
PLAN = Plan(16_384, threads=8)
LAPTOP = Throughput(products=250e9, read_bytes=51e9)


def test_phi4_writes_about_as_it_is_seen_to_in_the_field() -> None:
    speed = estimate(PHI4, PLAN, LAPTOP)
    assert speed.writing == pytest.approx(4.4, rel=0.1)
    assert speed.reading == pytest.approx(20, rel=0.1)
    assert not speed.drafting_pays


def test_a_smaller_model_and_more_on_a_card_are_faster() -> None:
    slow, half, whole = (estimate(PHI4, replace(PLAN, gpu_layers=n), LAPTOP) for n in (0, 21, 41))
    assert slow.reading < half.reading < whole.reading
    assert slow.writing < half.writing < whole.writing
    small = estimate(QWEN, PLAN, LAPTOP)
    assert small.reading > 3 * slow.reading
    assert small.writing > 2.5 * slow.writing


def test_a_card_inside_the_processor_reads_faster_and_writes_no_faster() -> None:
    shared = estimate(PHI4, replace(PLAN, gpu_layers=41), LAPTOP, is_shared=True)
    alone = estimate(PHI4, PLAN, LAPTOP)
    assert shared.reading > 2 * alone.reading
    assert shared.writing == pytest.approx(alone.writing)


def test_a_measured_model_tells_of_others_by_size() -> None:
    measured = Speed(10.0, 3.0, 2.5)
    assert scaled(measured, PHI4, PHI4) == measured
    small = scaled(measured, PHI4, QWEN)
    assert small is not None
    assert small.writing == pytest.approx(3 * PHI4.weights_bytes / QWEN.weights_bytes)


def test_a_small_model_tells_nothing_of_large_ones(starter_path: Path) -> None:
    starter = Shape.of_header(read_header(starter_path))
    assert scaled(Speed(150.0, 40.0, 2.0), starter, PHI4) is None
    assert starter.weight_count == pytest.approx(134.5e6, rel=0.01)


def test_the_catalogue_knows_about_how_many_weights_a_model_has() -> None:
    assert PHI4.weight_count == pytest.approx(14.66e9, rel=0.05)


def test_this_machine_has_a_throughput() -> None:
    measured = measure_throughput(len(os.sched_getaffinity(0)))
    assert 1e8 < measured.products < 1e14
    assert 1e8 < measured.read_bytes < 1e13

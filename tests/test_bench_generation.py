"""The benchmark of generation: what it takes for a figure, and a small run of parts of it."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
BENCH = ROOT / "tests" / "bench"


@pytest.fixture(scope="module")
def figure() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "figure", BENCH / "generation_figures" / "figure.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["figure"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("value", "is_floor", "is_met"),
    [(2.0, False, True), (2.1, False, False), (2.0, True, True), (1.9, True, False)],
)
def test_a_figure_knows_its_target(
    figure: ModuleType, value: float, is_floor: bool, is_met: bool
) -> None:
    measured = figure.Figure("x", value, "s", 2.0, is_floor)
    assert measured.is_met is is_met
    assert ("MISSED" in measured.line) is not is_met


def test_a_ratio_is_the_median_of_the_rounds_own(figure: ModuleType) -> None:
    assert figure.ratio("x", [(10.0, 1.0), (300.0, 100.0), (8.0, 2.0)]).value == 4.0


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("tiny") / "tiny.gguf"
    maker = ROOT / "tests" / "models" / "phi4_shape.py"
    subprocess.run([sys.executable, maker, path, "--says", "15339"], check=True, timeout=60)
    return path


def test_parts_of_it_run_and_tell_their_figures(tiny: Path) -> None:
    command = [sys.executable, BENCH / "generation.py", "--model", tiny, "--json"]
    run = subprocess.run(
        [*command, "--only", "reuse,drafting"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    told = json.loads(run.stdout)
    values = {row["name"]: row["value"] for row in told["figures"]}
    assert values["reopened: less work of the cores"] > 1
    assert values["drafting: the same words"] == 1
    assert told["model"] == "tiny.gguf"
    assert told["failed"] == []


def test_a_part_that_is_not_there_is_told() -> None:
    command = [sys.executable, BENCH / "generation.py", "--only", "beauty"]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 2
    assert "there is no part beauty" in run.stderr

"""The benchmark of killed imports: what it takes for a difference, and a small run of it."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

BENCH = Path(__file__).parent / "bench"
SEED = 6


def loaded(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(Path(name).stem, BENCH / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def libraries() -> ModuleType:
    return loaded("material/libraries")


def one_vector(first: float) -> dict[str, dict[str, object]]:
    return {"vectors": {"a": np.array([first, 0.5], dtype=np.float32)}}


def test_vectors_that_point_the_same_way_are_the_same(libraries: ModuleType) -> None:
    assert libraries.differences(one_vector(0.5), one_vector(0.500001)) == {"vectors": []}
    (told,) = libraries.differences(one_vector(0.5), one_vector(0.51))["vectors"]
    assert told.startswith("a: array(")


def test_what_only_one_library_has_is_a_difference(libraries: ModuleType) -> None:
    both, more = {"passages": {"a": "x"}}, {"passages": {"a": "x", "b": "y"}}
    assert libraries.differences(both, both) == {"passages": []}
    assert libraries.differences(both, more) == {"passages": ["b: None | 'y'"]}
    assert libraries.differences(more, both) == {"passages": ["b: 'y' | None"]}


def test_scores_that_differ_are_told_by_their_query(libraries: ModuleType) -> None:
    one, other = {"found": {"ferry": {"a": 1.5}}}, {"found": {"ferry": {"a": 1.6}}}
    assert libraries.differences(one, one) == {"found": []}
    assert len(libraries.differences(one, other)["found"]) == 1


def test_the_same_seed_makes_the_same_files(tmp_path: Path) -> None:
    make_files = loaded("material/mixed_files").make_files
    for name in ("one", "other"):
        make_files(tmp_path / name, 20, seed=SEED)
    notes = [sorted((tmp_path / name).rglob("*.md")) for name in ("one", "other")]
    assert len(notes[0]) == len(notes[1]) > 3
    for one, other in zip(*notes, strict=True):
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_ten_kills_lose_nothing() -> None:
    options = ["--files", "60", "--kills", "10", "--seed", str(SEED)]
    ran = subprocess.run(
        [sys.executable, BENCH / "kills.py", *options], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr

"""The benchmarks of disk and scale: what they count, on data whose figures are known."""

from __future__ import annotations

import importlib.util
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

BENCH = Path(__file__).parent / "bench"


def opened(name: str) -> ModuleType:
    """A benchmark as a module, with the others beside it while it is read."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(BENCH), *sys.path])
        spec = importlib.util.spec_from_file_location(f"bench_{name}", BENCH / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def disk() -> ModuleType:
    return opened("disk")


@pytest.fixture(scope="module")
def store() -> ModuleType:
    return opened("store")


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A table of half a megabyte, half of it free, and beside it a file of ten bytes."""
    path = tmp_path / "catalog.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("CREATE TABLE texts (number INTEGER PRIMARY KEY, text TEXT)")
        db.executemany("INSERT INTO texts VALUES (?, ?)", ((n, "x" * 5_000) for n in range(100)))
        db.execute("DELETE FROM texts WHERE number < 50")
    (tmp_path / "passages.int8").write_bytes(bytes(10))
    return path


def test_the_parts_of_a_library_are_all_its_bytes(
    disk: ModuleType, database: Path, tmp_path: Path
) -> None:
    parts = disk.parts_of(tmp_path)
    assert parts["int8"] == 10
    assert sum(parts.values()) == database.stat().st_size + 10


def test_a_table_and_the_free_pages_are_told_apart(disk: ModuleType, database: Path) -> None:
    parts = disk.tables_of(database)
    assert 250_000 < parts["catalog: texts"] < 500_000
    assert 200_000 < parts["catalog: free pages"] < 300_000


def test_generated_vectors_have_length_one_and_are_in_clusters(store: ModuleType) -> None:
    vectors = store.Generated(seed=4).vectors(3_000)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    cosines = vectors[:50] @ vectors[50:].T
    assert np.median(cosines.max(axis=1)) > 0.5
    assert np.median(cosines) < 0.2


def test_two_seeds_give_other_vectors_around_the_same_centres(store: ModuleType) -> None:
    first, second = store.Generated(seed=4).vectors(2_000), store.Generated(seed=5).vectors(50)
    assert not np.array_equal(first[:50], second)
    assert np.median((second @ first.T).max(axis=1)) > 0.5


def test_directions_stay_when_vectors_are_made_of_length_one(store: ModuleType) -> None:
    made = store.of_length_one(np.array([[3, 4]], dtype=np.float32))
    assert made[0] == pytest.approx([0.6, 0.8])

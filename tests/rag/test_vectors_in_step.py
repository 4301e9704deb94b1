"""Chroma and the matrix hold the same vectors, whatever became of either in between."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from rag.embedding import Vectors
from rag.errors import LibraryDamaged
from rag.vectors import VectorStore, store

NAME = "passages-minilm"


def rows(count: int) -> Vectors:
    vectors = np.random.default_rng(0).standard_normal((count, 8), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture
def filled(vectors: VectorStore) -> VectorStore:
    vectors.add(range(30), ["bees", "wasps", "ants"] * 10, rows(30))
    return vectors


def opened(tmp_path: Path) -> VectorStore:
    return VectorStore(tmp_path / "chroma", embedder="minilm")


def test_both_find_the_same(filled: VectorStore, monkeypatch: pytest.MonkeyPatch) -> None:
    exact = filled.nearest(rows(1), limit=12)
    monkeypatch.setattr(store, "SMALL", 5)
    by_index = filled.nearest(rows(1), limit=12)
    assert [passage_id for passage_id, _ in by_index] == [passage_id for passage_id, _ in exact]
    assert [c for _, c in by_index] == pytest.approx([c for _, c in exact], abs=1e-5)


@pytest.mark.parametrize("documents", [None, ["even"]])
def test_the_nearest_are_those_of_a_full_comparison(
    vectors: VectorStore, documents: list[str] | None
) -> None:
    stored, asked = rows(400), rows(401)[400:]
    vectors.add(range(400), ["even", "odd"] * 200, stored)
    cosines = (stored @ asked[0]).tolist()
    expected = sorted(range(0, 400, 2 if documents else 1), key=lambda i: -cosines[i])[:50]
    found = vectors.nearest(asked, limit=50, documents=documents)
    assert [passage_id for passage_id, _ in found] == expected
    assert [c for _, c in found] == pytest.approx([cosines[i] for i in expected], abs=1e-6)


@pytest.mark.parametrize("damage", ["delete", "cut", "nonsense"])
@pytest.mark.parametrize("suffix", [".rows", ".int8"])
def test_a_lost_matrix_is_filled_from_chroma(
    filled: VectorStore, tmp_path: Path, suffix: str, damage: str
) -> None:
    before = filled.nearest(rows(1), limit=30, documents=["bees", "ants"])
    path = tmp_path / "chroma" / f"{NAME}{suffix}"
    match damage:
        case "delete":
            path.unlink()
        case "cut":
            os.truncate(path, path.stat().st_size // 2)
        case "nonsense":
            path.write_bytes(b"nonsense" * 200)
    after = opened(tmp_path).nearest(rows(1), limit=30, documents=["bees", "ants"])
    assert dict(after) == pytest.approx(dict(before), abs=1e-6)


def test_what_chroma_no_longer_has_leaves_the_matrix(filled: VectorStore, tmp_path: Path) -> None:
    """As when the program ends between the two."""
    filled._chroma.remove([0, 3])
    again = opened(tmp_path)
    assert again.ids() == set(range(30)) - {0, 3}
    assert {0, 3}.isdisjoint(dict(again.nearest(rows(1), limit=30, documents=["bees"])))


def test_what_the_matrix_could_not_take_in_is_there_at_the_next_use(
    filled: VectorStore, tmp_path: Path
) -> None:
    path = tmp_path / "chroma" / f"{NAME}.int8"
    path.rename(path.with_suffix(".away"))
    path.mkdir()  # nothing can be written there
    with pytest.raises(LibraryDamaged, match=r"The search by meaning in .* failed"):
        filled.add([40], ["bees"], rows(1))
    path.rmdir()
    path.with_suffix(".away").rename(path)
    assert filled.nearest(rows(1), limit=2, documents=["bees"])[1][0] == 40


def test_renewing_takes_the_matrix_along(filled: VectorStore, tmp_path: Path) -> None:
    filled.renew()
    assert filled.nearest(rows(1), limit=5, documents=["bees"]) == []
    assert not (tmp_path / "chroma" / f"{NAME}.int8").exists()


def test_what_has_no_vector_is_missing(filled: VectorStore, tmp_path: Path) -> None:
    filled.remove([4])
    assert filled.missing([31, 4, 5, 30]) == [31, 4, 30]
    assert opened(tmp_path).missing(range(6)) == [4]
    assert filled.missing([]) == []

"""The disk gets back what Chroma no longer needs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from rag.embedding import Vectors
from rag.vectors import VectorStore
from rag.vectors.chroma_files import index_bytes, index_folders, shrink


def rows(count: int) -> Vectors:
    vectors = np.random.default_rng(0).standard_normal((count, 384), dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def size_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def opened(tmp_path: Path, embedder: str = "minilm") -> VectorStore:
    return VectorStore(tmp_path / "chroma", embedder=embedder)


def test_a_closed_store_holds_no_free_pages(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        store.add(range(800), ["bees"] * 800, rows(800))
    with closing(sqlite3.connect(tmp_path / "chroma" / "chroma.sqlite3")) as db:
        assert db.execute("PRAGMA freelist_count").fetchone() == (0,)
        assert db.execute("SELECT count(*) FROM embeddings_queue").fetchone()[0] < 200
    assert opened(tmp_path).ids() == set(range(800))


def test_a_vector_takes_two_and_a_half_kilobytes(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        store.add([0], ["bees"], rows(1))
    empty = size_of(tmp_path)
    with closing(opened(tmp_path)) as store:
        store.add(range(2_000), [f"{n // 20:012x}" for n in range(2_000)], rows(2_000))
    assert (size_of(tmp_path) - empty) / 2_000 < 2_500


def test_what_is_no_index_of_chromas_stays(tmp_path: Path) -> None:
    with closing(opened(tmp_path)) as store:
        store.add(range(300), ["bees"] * 300, rows(300))
    (tmp_path / "chroma" / "a-b-c-d-e").mkdir()
    stray = tmp_path / "chroma" / "00000000-0000-4000-8000-000000000000"
    stray.mkdir()
    shrink(tmp_path / "chroma")
    assert not stray.exists()
    assert (tmp_path / "chroma" / "a-b-c-d-e").exists()
    assert len(index_folders(tmp_path / "chroma")) == 1
    assert opened(tmp_path).ids() == set(range(300))


def test_a_database_that_cannot_be_read_is_left_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "chroma.sqlite3").write_bytes(b"nonsense" * 1_000)
    shrink(tmp_path)
    assert "Chroma's files stay as large as they are" in caplog.text
    assert index_bytes(tmp_path) == 0

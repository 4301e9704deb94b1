"""The disk gets back what Chroma no longer needs."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from rag.embedding import Vectors
from rag.vectors import VectorStore, chroma
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


# --- tidying ------------------------------------------------------------------------------------


def go_on() -> None:
    """A checkpoint at which nobody waits."""


@pytest.fixture
def loose(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VectorStore]:
    """A store of 800 vectors of which 600 were removed."""
    monkeypatch.setattr(chroma, "LOOSE_BYTES", 0)
    with closing(opened(tmp_path)) as store:
        store.add(range(800), ["bees"] * 800, rows(800))
        store.remove(range(100, 700))
        yield store


def test_the_index_of_a_store_that_lost_much_is_made_anew(
    loose: VectorStore, tmp_path: Path
) -> None:
    before, found = index_bytes(tmp_path / "chroma"), loose.nearest(rows(1), limit=20)
    loose.tidy(go_on)
    assert dict(loose.nearest(rows(1), limit=20)) == pytest.approx(dict(found), abs=1e-6)
    loose.close()
    assert index_bytes(tmp_path / "chroma") < before / 2
    again = opened(tmp_path)
    assert again.ids() == {*range(100), *range(700, 800)}
    assert dict(again.nearest(rows(1), limit=20)) == pytest.approx(dict(found), abs=1e-6)


def test_a_store_that_lost_little_is_left_as_it_is(loose: VectorStore, tmp_path: Path) -> None:
    loose.tidy(go_on)
    loose.remove([5])
    loose.tidy(pytest.fail)  # no checkpoint is come by


def test_what_comes_and_goes_while_the_index_is_made_anew_is_not_lost(loose: VectorStore) -> None:
    def add_and_remove() -> None:
        loose.add([900], ["wasps"], rows(1))
        loose.remove([3, 750])

    loose.tidy(add_and_remove)
    wanted = {900, *range(100), *range(700, 800)} - {3, 750}
    assert loose.ids() == loose._chroma.ids() == wanted


def test_tidying_that_is_stopped_leaves_the_store_as_it_was(
    loose: VectorStore, tmp_path: Path
) -> None:
    def stop() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        loose.tidy(stop)
    assert len(loose.ids()) == len(loose._chroma.ids()) == 200
    loose.tidy(go_on)
    assert len(loose.ids()) == 200


def test_an_end_between_the_two_steps_of_the_exchange_loses_nothing(
    loose: VectorStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = loose._chroma.begin_copy()
    loose._chroma._collection.modify(name="passages-minilm-old")
    loose.close()
    assert copy.name == "passages-minilm-copy"
    with closing(opened(tmp_path)) as again:
        assert len(again.ids()) == len(again._chroma.ids()) == 200


def test_the_vectors_of_the_embedder_before_are_removed(tmp_path: Path) -> None:
    with closing(opened(tmp_path, "before")) as store:
        store.add(range(300), ["bees"] * 300, rows(300))
    with closing(opened(tmp_path, "after")) as store:
        store.add(range(300), ["bees"] * 300, rows(300))
    both = size_of(tmp_path)
    with closing(opened(tmp_path, "after")) as store:
        store.tidy(go_on)
        assert store.ids() == set(range(300))
    assert size_of(tmp_path) < both - 300 * 384 * 5
    assert opened(tmp_path, "after").ids() == set(range(300))
    assert opened(tmp_path, "before").ids() == set()


def test_a_matrix_of_the_older_kind_is_made_anew_and_its_files_go(tmp_path: Path) -> None:
    """It held float32, in `.vectors`, and rows of 24 bytes."""
    folder = tmp_path / "chroma"
    with closing(opened(tmp_path)) as store:
        store.add(range(30), ["bees"] * 30, rows(30))
    (folder / "passages-minilm.int8").unlink()
    (folder / "passages-minilm.rows").write_bytes(bytes(30 * 24))
    (folder / "passages-minilm.vectors").write_bytes(bytes(30 * 384 * 4))
    with closing(opened(tmp_path)) as store:
        assert store.nearest(rows(1), limit=1, documents=["bees"])[0][0] == 0
        store.tidy(go_on)
        assert store.ids() == set(range(30))
    assert not (folder / "passages-minilm.vectors").exists()

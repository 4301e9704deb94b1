"""The vector store on a real Chroma: exact neighbours, and made anew when it cannot be read."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rag.embedding import Vectors
from rag.errors import LibraryDamaged
from rag.vectors import VectorStore

EAST, NORTH, NORTH_EAST = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.6, 0.8, 0.0]


def rows(*vectors: list[float]) -> Vectors:
    return np.array(vectors, dtype=np.float32)


@pytest.fixture
def filled(vectors: VectorStore) -> VectorStore:
    vectors.add([1, 2, 3], ["bees", "wasps", "bees"], rows(EAST, NORTH, NORTH_EAST))
    return vectors


@pytest.fixture(scope="session")
def written_elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of 2,000 vectors, written by another process that has ended."""
    folder = tmp_path_factory.mktemp("elsewhere") / "chroma"
    elsewhere(folder, "store.add(range(2000), ['bees'] * 2000, np.eye(2000, 8) + np.float32(0.1))")
    return folder


def elsewhere(folder: Path, statement: str) -> str:
    """What another process prints that does this with the `store` in the folder."""
    program = (
        "import sys, numpy as np; from pathlib import Path; from rag.vectors import VectorStore\n"
        f"store = VectorStore(Path(sys.argv[1]), embedder='minilm')\n{statement}\n"
    )
    command = [sys.executable, "-c", program, folder]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, check=True, timeout=60, cwd=root, stdout=subprocess.PIPE)
    return done.stdout.decode().strip()


@pytest.fixture
def on_disk(written_elsewhere: Path, tmp_path: Path) -> Path:
    """A copy of it, in the place where the store of the test is."""
    return shutil.copytree(written_elsewhere, tmp_path / "chroma")


def test_a_new_store_is_empty(vectors: VectorStore) -> None:
    assert vectors.ids() == set()
    assert vectors.nearest(rows(EAST), limit=5) == []


def test_the_nearest_come_first_with_their_cosine(filled: VectorStore) -> None:
    found = filled.nearest(rows(EAST), limit=3)
    assert [passage_id for passage_id, _ in found] == [1, 3, 2]
    assert [cosine for _, cosine in found] == pytest.approx([1.0, 0.6, 0.0], abs=1e-5)


def test_no_more_are_found_than_wanted(filled: VectorStore) -> None:
    assert [passage_id for passage_id, _ in filled.nearest(rows(NORTH), limit=1)] == [2]
    assert len(filled.nearest(rows(NORTH), limit=50)) == 3


def test_a_search_can_be_kept_to_documents(filled: VectorStore) -> None:
    found = filled.nearest(rows(NORTH), limit=3, documents=["bees"])
    assert [passage_id for passage_id, _ in found] == [3, 1]
    assert filled.nearest(rows(NORTH), limit=3, documents=[]) == []
    assert filled.nearest(rows(NORTH), limit=3, documents=["ants"]) == []


def test_what_is_removed_is_not_found(filled: VectorStore) -> None:
    filled.remove([1, 99])
    assert filled.ids() == {2, 3}
    assert [passage_id for passage_id, _ in filled.nearest(rows(EAST), limit=3)] == [3, 2]
    filled.remove([])
    assert filled.ids() == {2, 3}


def test_a_vector_added_again_takes_the_place_of_the_old_one(filled: VectorStore) -> None:
    filled.add([1], ["bees"], rows(NORTH))
    assert filled.ids() == {1, 2, 3}
    assert dict(filled.nearest(rows(EAST), limit=3))[1] == pytest.approx(0, abs=1e-5)


def test_more_than_one_batch_arrives_whole(
    vectors: VectorStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.vectors.chroma.BATCH", 4)
    vectors.add(list(range(10)), ["bees"] * 10, np.eye(10, dtype=np.float32))
    assert vectors.ids() == set(range(10))
    vectors.remove(list(range(9)))
    assert vectors.ids() == {9}


def test_the_vectors_are_there_after_another_process_wrote_them(
    on_disk: Path, vectors: VectorStore
) -> None:
    assert vectors.ids() == set(range(2000))
    assert len(vectors.nearest(np.ones((1, 8), dtype=np.float32), limit=50)) == 50


def test_another_embedder_has_vectors_of_its_own(filled: VectorStore, tmp_path: Path) -> None:
    other = VectorStore(tmp_path / "chroma", embedder="other")
    assert other.ids() == set()
    assert filled.ids() == {1, 2, 3}


def test_renewing_leaves_an_empty_store_that_works(filled: VectorStore) -> None:
    filled.renew()
    assert filled.ids() == set()
    filled.add([7], ["bees"], rows(EAST))
    assert filled.nearest(rows(EAST), limit=1) == [(7, pytest.approx(1, abs=1e-5))]


def test_renewing_one_store_leaves_others_as_they_are(filled: VectorStore, tmp_path: Path) -> None:
    other = VectorStore(tmp_path / "other", embedder="minilm")
    other.add([7], ["bees"], rows(EAST))
    other.renew()
    assert filled.nearest(rows(NORTH), limit=1)[0][0] == 2
    filled.add([4], ["bees"], rows(EAST))
    assert filled.ids() == {1, 2, 3, 4}


def test_a_deleted_folder_gives_a_new_store(on_disk: Path, vectors: VectorStore) -> None:
    shutil.rmtree(on_disk)
    assert vectors.ids() == set()
    vectors.add([1], ["bees"], rows(EAST))
    assert vectors.ids() == {1}


@pytest.mark.parametrize("content", [b"", b"nonsense" * 1000])
@pytest.mark.parametrize("name", ["chroma.sqlite3", "*/header.bin", "*/*.pickle"])
def test_a_damaged_store_is_made_anew(
    on_disk: Path, vectors: VectorStore, name: str, content: bytes
) -> None:
    (damaged,) = on_disk.glob(name)
    damaged.write_bytes(content)
    assert vectors.ids() == set()
    vectors.add([1], ["bees"], rows(EAST))
    assert vectors.nearest(rows(EAST), limit=5) == [(1, pytest.approx(1, abs=1e-5))]


@pytest.mark.parametrize("content", [b"", b"nonsense" * 1000])
def test_a_store_whose_stored_vectors_are_damaged_is_made_anew(
    on_disk: Path, content: bytes
) -> None:
    (damaged,) = on_disk.glob("*/data_level0.bin")
    damaged.write_bytes(content)
    # In a process of its own: in this one, freed memory may still hold the very vectors.
    assert elsewhere(on_disk, "print(store.ids())") == "set()"


def test_a_store_that_has_lost_its_index_is_made_anew(
    on_disk: Path, vectors: VectorStore, caplog: pytest.LogCaptureFixture
) -> None:
    (index,) = (path for path in on_disk.iterdir() if path.is_dir())
    shutil.rmtree(index)
    assert vectors.ids() == set()
    assert "the vector store cannot be opened and is made anew" in caplog.text


def test_a_folder_that_goes_away_meanwhile_is_told(filled: VectorStore, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "chroma")
    with pytest.raises(LibraryDamaged) as failure:
        filled.add([4], ["bees"], rows(EAST))
    assert failure.value.what.startswith(f"The search by meaning in {tmp_path / 'chroma'} failed: ")
    assert "`deskbook doctor --repair` makes it anew" in failure.value.remedy

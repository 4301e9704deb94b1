"""The matrix beside Chroma: all but exact, and it survives whatever happens to its files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.embedding import Vectors
from rag.vectors.matrix import VectorMatrix
from rag.vectors.matrix_files import ROW

WIDTH = 8
HAIR = 0.01  # what eight bits a number may change of a cosine in so few dimensions


def unit_vectors(count: int, seed: int = 0) -> Vectors:
    drawn = np.random.default_rng(seed).standard_normal((count, WIDTH), dtype=np.float32)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def opened(folder: Path) -> VectorMatrix:
    return VectorMatrix(folder, name="test")


@pytest.fixture
def matrix(tmp_path: Path) -> VectorMatrix:
    """Twenty vectors, ids from 0, those of even id in the document `even`."""
    matrix = opened(tmp_path)
    matrix.add(range(20), ["even", "odd"] * 10, unit_vectors(20))
    return matrix


@given(
    count=st.integers(1, 60),
    wanted=st.sets(st.sampled_from("abcdef"), min_size=1),
    limit=st.integers(1, 70),
)
def test_the_nearest_are_those_of_a_full_comparison_but_by_a_hair(
    count: int, wanted: set[str], limit: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    matrix = opened(tmp_path_factory.mktemp("matrix"))
    vectors, documents = unit_vectors(count, seed=count), ["abcdef"[i % 6] for i in range(count)]
    matrix.add(range(count), documents, vectors)
    question = unit_vectors(1, seed=1_000)
    cosines = (vectors @ question[0]).tolist()
    there = [i for i in range(count) if documents[i] in wanted]
    found = dict(matrix.nearest(question, limit=limit, documents=wanted))
    assert len(found) == min(limit, len(there))
    assert found == pytest.approx({i: cosines[i] for i in found}, abs=HAIR)
    assert sorted(found.values(), reverse=True) == list(found.values())
    left_out = [cosines[i] for i in set(there) - found.keys()]
    assert max(left_out, default=-1) <= min(found.values(), default=1) + 2 * HAIR


def test_few_rows_among_many_are_found_the_same_way(tmp_path: Path) -> None:
    matrix, vectors = opened(tmp_path), unit_vectors(100)
    matrix.add(range(100), ["rare"] * 3 + ["common"] * 97, vectors)
    found = matrix.nearest(vectors[1:2], limit=5, documents=["rare"])
    assert found[0] == (1, pytest.approx(1, abs=HAIR))
    assert {passage_id for passage_id, _ in found} == {0, 1, 2}


def test_what_was_written_is_there_when_opened_again(matrix: VectorMatrix, tmp_path: Path) -> None:
    matrix.remove([4])
    again = opened(tmp_path)
    assert again.ids() == set(range(20)) - {4}
    question = unit_vectors(1, seed=5)
    assert again.nearest(question, limit=9) == matrix.nearest(question, limit=9)


def test_a_vector_added_again_takes_the_place_of_the_old_one(matrix: VectorMatrix) -> None:
    new = unit_vectors(1, seed=9)
    matrix.add([3], ["even"], new)
    assert len(matrix) == 20
    assert matrix.nearest(new, limit=1, documents=["even"])[0][0] == 3
    assert 3 not in dict(matrix.nearest(new, limit=20, documents=["odd"]))


def test_the_space_of_removed_rows_comes_back(matrix: VectorMatrix, tmp_path: Path) -> None:
    question = unit_vectors(1, seed=5)
    matrix.remove(range(0, 12, 2))
    assert (tmp_path / "test.int8").stat().st_size == 14 * WIDTH
    assert (tmp_path / "test.rows").stat().st_size == 14 * ROW.itemsize
    assert len(matrix.nearest(question, limit=50)) == 14
    assert opened(tmp_path).nearest(question, limit=50) == matrix.nearest(question, limit=50)


def test_a_matrix_may_lose_all_rows_and_be_filled_again(
    matrix: VectorMatrix, tmp_path: Path
) -> None:
    matrix.remove(range(20))
    assert len(matrix) == len(opened(tmp_path)) == 0
    matrix.add([7], ["even"], unit_vectors(1))
    assert opened(tmp_path).ids() == {7}


@pytest.mark.parametrize("lost_bytes", [1, WIDTH, WIDTH + 1])
@pytest.mark.parametrize("name", ["test.rows", "test.int8"])
def test_what_a_sudden_end_tore_off_is_left_out(
    matrix: VectorMatrix, tmp_path: Path, name: str, lost_bytes: int
) -> None:
    path = tmp_path / name
    path.write_bytes(path.read_bytes()[:-lost_bytes])
    again = opened(tmp_path)
    assert {17} < set(range(18)) <= again.ids() < set(range(20))
    again.add([50], ["even"], unit_vectors(1, seed=3))
    assert opened(tmp_path).nearest(unit_vectors(1, seed=3), limit=1)[0][0] == 50


@pytest.mark.parametrize("name", ["test.rows", "test.int8"])
@pytest.mark.parametrize("content", [b"", b"nonsense" * 80, bytes(480), bytes(640)])
def test_a_damaged_file_leaves_an_empty_matrix(
    matrix: VectorMatrix, tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    assert opened(tmp_path).ids() == set()


def test_a_hole_at_the_end_is_seen(matrix: VectorMatrix, tmp_path: Path) -> None:
    """As a power cut leaves it: the file has its length, and the last block is zeros."""
    path = tmp_path / "test.int8"
    path.write_bytes(path.read_bytes()[:-WIDTH] + bytes(WIDTH))
    assert opened(tmp_path).ids() == set()


def test_a_row_that_cannot_be_compacted_stays_dead(matrix: VectorMatrix, tmp_path: Path) -> None:
    (tmp_path / "test.new").mkdir()  # the new file cannot be written
    matrix.remove(range(0, 12, 2))
    assert len(matrix) == 14
    assert (tmp_path / "test.int8").stat().st_size == 20 * WIDTH
    assert opened(tmp_path).ids() == matrix.ids()


def test_a_document_with_a_new_name_is_found_by_it_alone(matrix: VectorMatrix) -> None:
    matrix.add([50], ["a name that is longer than others are " * 9], unit_vectors(1, seed=3))
    found = matrix.nearest(unit_vectors(1), limit=9, documents=["a name that is longer", "even"])
    assert 50 not in dict(found)
    assert len(found) == 9

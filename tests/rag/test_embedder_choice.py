"""Which way the embedder runs: measured once a machine, kept, and not changed lightly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.embedding import Embedder, choosing, open_embedder
from rag.embedding.choosing import LIKE_ENOUGH, choose
from rag.embedding.onnx import OnnxEmbedder, Precision
from rag.embedding.reference import SentenceTransformersEmbedder

GRAPHS = Path(__file__).parents[2] / "assets" / "embedders"
FLOAT32, INT8 = Precision.FLOAT32, Precision.INT8


def opened(folder: Path, notes: Path, graphs: Path = GRAPHS) -> Embedder:
    return open_embedder(folder, name="minilm", threads=1, graphs=graphs, notes=notes)


@pytest.fixture
def note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(choosing, "ROUNDS", 1)
    return tmp_path / "minilm.json"


@pytest.mark.parametrize(
    ("was", "float32_s", "int8_s", "chosen"),
    [
        (FLOAT32, 0.05, 0.02, INT8),
        (FLOAT32, 0.05, 0.04, FLOAT32),  # not worth embedding everything again
        (INT8, 0.05, 0.04, INT8),
        (INT8, 0.05, 0.06, FLOAT32),
    ],
)
def test_a_change_must_be_worth_it(
    was: Precision, float32_s: float, int8_s: float, chosen: Precision
) -> None:
    assert choose({FLOAT32: float32_s, INT8: int8_s}, was) is chosen


def test_what_was_measured_is_kept(embedder_folder: Path, note: Path, tmp_path: Path) -> None:
    first = opened(embedder_folder, tmp_path)
    noted = json.loads(note.read_text("utf-8"))
    assert isinstance(first, OnnxEmbedder)
    assert noted["precision"] == first.precision
    assert noted["seconds"].keys() == {"float32", "int8"}
    assert LIKE_ENOUGH < noted["cosine"] < 1
    note.write_text(json.dumps(noted | {"precision": "int8"}), "utf-8")
    assert opened(embedder_folder, tmp_path).fingerprint.endswith("-int8")


def test_eight_bits_that_change_the_vectors_too_much_are_not_used(
    embedder_folder: Path, note: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choosing, "measure", lambda ways: {FLOAT32: 1.0, INT8: 0.1})
    monkeypatch.setattr(choosing, "likeness", lambda ways: LIKE_ENOUGH - 0.01)
    assert not opened(embedder_folder, tmp_path).fingerprint.endswith("-int8")
    monkeypatch.setattr(choosing, "likeness", lambda ways: LIKE_ENOUGH)
    note.unlink()
    assert opened(embedder_folder, tmp_path).fingerprint.endswith("-int8")


def test_eight_bits_whose_likeness_was_not_noted_are_measured_anew(
    embedder_folder: Path, note: Path, tmp_path: Path
) -> None:
    opened(embedder_folder, tmp_path)
    noted = json.loads(note.read_text("utf-8"))
    del noted["cosine"]
    note.write_text(json.dumps(noted), "utf-8")
    opened(embedder_folder, tmp_path)
    assert json.loads(note.read_text("utf-8"))["cosine"] > LIKE_ENOUGH


def test_another_processor_is_measured_anew(
    embedder_folder: Path, note: Path, tmp_path: Path
) -> None:
    note.write_text(json.dumps({"machine": "another", "precision": "float32"}), "utf-8")
    opened(embedder_folder, tmp_path)
    assert json.loads(note.read_text("utf-8"))["machine"] != "another"


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"machine": "x", "precision": "int3"}'])
def test_a_damaged_note_is_written_anew(
    embedder_folder: Path, note: Path, tmp_path: Path, content: str
) -> None:
    note.write_text(content, "utf-8")
    opened(embedder_folder, tmp_path)
    assert json.loads(note.read_text("utf-8"))["seconds"]["int8"] > 0


def test_a_note_that_cannot_be_kept_stops_nothing(
    embedder_folder: Path, note: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").touch()
    assert opened(embedder_folder, tmp_path / "file").count("bees") == 1
    assert "cannot be kept" in caplog.text


def test_an_embedder_that_was_not_exported_runs_by_sentence_transformers(
    embedder_folder: Path, tmp_path: Path
) -> None:
    embedder = opened(embedder_folder, tmp_path, graphs=tmp_path)
    assert isinstance(embedder, SentenceTransformersEmbedder)


def test_an_embedder_without_eight_bits_is_not_measured(
    embedder_folder: Path, tmp_path: Path
) -> None:
    graphs = tmp_path / "graphs"
    graphs.mkdir()
    FLOAT32.graph(graphs, "minilm").write_bytes(FLOAT32.graph(GRAPHS, "minilm").read_bytes())
    embedder = opened(embedder_folder, tmp_path, graphs=graphs)
    assert isinstance(embedder, OnnxEmbedder)
    assert embedder.precision is FLOAT32
    assert not (tmp_path / "minilm.json").exists()

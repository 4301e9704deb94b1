"""The real MiniLM: unit vectors, near for what means the same, and tokens counted as it reads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rag.embedding import Embedder, open_embedder
from rag.errors import ModelMissing

ROOT = Path(__file__).parents[2]


def test_vectors_have_length_one(embedder: Embedder) -> None:
    vectors = embedder.embed(["Bees fly.", "", "word " * 2_000])
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_what_means_the_same_is_near(embedder: Embedder) -> None:
    question, near, far = embedder.embed(
        ["How long does the battery last?", "It runs eight hours on a charge.", "Bees make honey."]
    )
    assert question @ near > question @ far + 0.2


def test_a_text_has_the_same_vector_alone_and_among_others(embedder: Embedder) -> None:
    (alone,) = embedder.embed(["Bees fly."])
    among = embedder.embed(["A long sentence about something else entirely. " * 9, "Bees fly."])[1]
    assert alone @ among > 0.9999


def test_no_text_has_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed([]).shape[0] == 0


def test_tokens_are_counted_without_limit_and_without_those_around_a_text(
    embedder: Embedder,
) -> None:
    assert embedder.count("") == 0
    assert embedder.count("bees fly") == 2
    assert embedder.count("bees " * 1_000) == 1_000


def test_counting_does_not_load_the_model(embedder_folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from rag.embedding import open_embedder\n"
        "folder, nowhere = Path(sys.argv[1]), Path(sys.argv[2])\n"
        "embedder = open_embedder(\n"
        "    folder, name='minilm', threads=1, graphs=nowhere, notes=nowhere)\n"
        "assert embedder.count('bees') == 1\n"
        "assert not {'torch', 'onnxruntime'} & sys.modules.keys()\n"
    )
    nowhere = embedder_folder / "nowhere"
    subprocess.run([sys.executable, "-c", program, embedder_folder, nowhere], check=True, cwd=ROOT)


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing) as failure:
        open_embedder(tmp_path, name="minilm", threads=1, graphs=tmp_path, notes=tmp_path)
    assert str(failure.value) == (
        f"There is no embedding model in {tmp_path}. Get it with `deskbook models get minilm`."
    )

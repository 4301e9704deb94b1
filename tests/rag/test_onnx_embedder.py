"""The exported embedder gives the reference's vectors, and its eight-bit form nearly the same."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from rag.embedding import Embedder
from rag.embedding.onnx import OnnxEmbedder, Precision
from rag.embedding.reference import SentenceTransformersEmbedder
from rag.embedding.weights import quantize, read_tensors
from rag.errors import ModelUnusable

ROOT = Path(__file__).parents[2]
GRAPHS = ROOT / "assets" / "embedders"
TEXTS = (
    "Bees fly.",
    "",
    " \n\t",
    "?",
    "How long does the battery of the weather station last?",
    "The barometer is calibrated at 1013.25 hPa; readings outside 300 to 1100 are refused. " * 6,
    "A passage that is longer than the model reads is cut where the model's input ends. " * 60,
    "電池は八時間もちます。東京都の気象台で測りました。",
    "Η μπαταρία διαρκεί οκτώ ώρες· الطقس جميل اليوم",  # noqa: RUF001
    "🐝🐝🐝 flies 🚀 at 12:30",
    "Zażółć gęślą jaźń, naïve café, ﬁnal ﬂow, soft­hyphen",
    "x" * 3_000,
    "0x1F 3.14159 -40 °C ±2 % [CLS] [SEP] [MASK]",
)


@pytest.fixture(scope="module")
def reference(embedder_folder: Path) -> Embedder:
    return SentenceTransformersEmbedder(embedder_folder, name="minilm", threads=1)


@pytest.fixture(scope="module")
def eight_bit(embedder_folder: Path) -> OnnxEmbedder:
    return opened(embedder_folder, Precision.INT8)


def opened(folder: Path, precision: Precision) -> OnnxEmbedder:
    return OnnxEmbedder(folder, name="minilm", threads=2, graphs=GRAPHS, precision=precision)


def test_its_vectors_are_those_of_sentence_transformers(
    embedder: Embedder, reference: Embedder
) -> None:
    cosines = (embedder.embed(TEXTS) * reference.embed(TEXTS)).sum(axis=1)
    assert cosines.min() >= 0.9999
    assert embedder.fingerprint == reference.fingerprint


@pytest.mark.parametrize("count", [1, 12])
def test_a_question_does_not_wait_for_the_texts_of_an_import(
    embedder_folder: Path, count: int
) -> None:
    embedder = opened(embedder_folder, Precision.FLOAT32)
    embedder.load()
    importing = threading.Thread(target=embedder.embed, args=(TEXTS[6:7] * 60,))
    importing.start()
    time.sleep(0.1)  # its texts are in hand
    embedder.embed(["Where do bees fly?"] * count)
    assert importing.is_alive()
    importing.join()


def test_eight_bits_change_a_vector_little(embedder: Embedder, eight_bit: Embedder) -> None:
    cosines = (embedder.embed(TEXTS) * eight_bit.embed(TEXTS)).sum(axis=1)
    assert cosines.min() >= 0.97


def test_eight_bits_have_a_fingerprint_of_their_own(
    embedder: Embedder, eight_bit: Embedder
) -> None:
    assert eight_bit.fingerprint == f"{embedder.fingerprint}-int8"


@pytest.mark.parametrize("precision", Precision)
def test_a_vector_does_not_depend_on_what_else_is_embedded(
    embedder_folder: Path, precision: Precision
) -> None:
    embedder = opened(embedder_folder, precision)
    together = embedder.embed(TEXTS)
    for text, vector in zip(TEXTS, together, strict=True):
        assert np.array_equal(embedder.embed([text])[0], vector)


def test_it_needs_no_torch(embedder_folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from rag.embedding.onnx import OnnxEmbedder, Precision\n"
        "folder, graphs = map(Path, sys.argv[1:])\n"
        "embedder = OnnxEmbedder(\n"
        "    folder, name='minilm', threads=1, graphs=graphs, precision=Precision.FLOAT32)\n"
        "assert embedder.embed(['Bees fly.']).shape == (1, 384)\n"
        "assert not {'torch', 'transformers', 'sentence_transformers'} & sys.modules.keys()\n"
    )
    command = [sys.executable, "-c", program, embedder_folder, GRAPHS]
    subprocess.run(command, check=True, timeout=60, cwd=ROOT)


@pytest.mark.parametrize(
    "content", [b"", b"nonsense" * 9, b"\xff" * 64, (2).to_bytes(8, "little") + b"{}"]
)
def test_damaged_weights_are_told(embedder_folder: Path, tmp_path: Path, content: bytes) -> None:
    for name in ("tokenizer.json", "sentence_bert_config.json"):
        (tmp_path / name).write_bytes((embedder_folder / name).read_bytes())
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(ModelUnusable) as failure:
        opened(tmp_path, Precision.FLOAT32).load()
    assert failure.value.what.startswith(f"The embedding model in {tmp_path} cannot be loaded: ")
    assert failure.value.remedy.endswith("get the model again with `deskbook models get`.")


def test_rounded_weights_are_within_half_a_step(embedder_folder: Path) -> None:
    tensors = read_tensors(embedder_folder / "model.safetensors")
    rounded = quantize(tensors)
    stem = "encoder.layer.3.intermediate.dense."
    matrix, scale = rounded[f"{stem}int8"], rounded[f"{stem}scale"]
    off = np.abs(matrix * scale - tensors[f"{stem}weight"].T)
    assert matrix.dtype == np.int8
    assert np.abs(matrix).max() == 63
    assert (off <= scale / 2 + 1e-7).all()


def test_the_exported_graphs_are_what_the_command_writes(
    embedder_folder: Path, tmp_path: Path
) -> None:
    program = ROOT / "packaging" / "export_embedder.py"
    subprocess.run(
        [sys.executable, program, embedder_folder, tmp_path], check=True, capture_output=True
    )
    for precision in Precision:
        written = precision.graph(tmp_path, "minilm").read_bytes()
        assert written == precision.graph(GRAPHS, "minilm").read_bytes()

"""Questions and passages read apart, with a tiny real model in sentence-transformers' folder."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from rag.chunking import chunk
from rag.embedding import Embedder, open_embedder
from rag.embedding.reference import SentenceTransformersEmbedder
from rag.errors import ModelUnusable
from rag.types import Document, Heading, Kind, Span

MAKER = Path(__file__).parents[1] / "models" / "tiny_embedder.py"
BEES = "Bees fly."


@pytest.fixture(scope="module")
def cls_folder(embedder_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny") / "cls"
    options = ["--pooling", "cls_token", "--longest", "40"]
    subprocess.run(
        [sys.executable, MAKER, folder, embedder_folder, *options], check=True, timeout=100
    )
    return folder


def opened(folder: Path, *, question: str = "", passage: str = "") -> Embedder:
    return open_embedder(
        folder,
        name="tiny",
        threads=1,
        graphs=folder / "none",
        notes=folder / "none",
        question_prefix=question,
        passage_prefix=passage,
    )


@pytest.fixture(scope="module")
def plain(cls_folder: Path) -> Embedder:
    return opened(cls_folder)


@pytest.fixture(scope="module")
def prefixed(cls_folder: Path) -> Embedder:
    return opened(cls_folder, question="query: ", passage="passage: ")


def test_the_prefixes_stand_in_front(plain: Embedder, prefixed: Embedder) -> None:
    asked, read = plain.embed([f"query: {BEES}", f"passage: {BEES}"])
    assert prefixed.question(BEES)[0] @ asked > 0.9999
    assert prefixed.embed([BEES])[0] @ read > 0.9999
    assert asked @ read < 0.999


def test_without_prefixes_a_question_is_read_as_a_passage(plain: Embedder) -> None:
    assert isinstance(plain, SentenceTransformersEmbedder)
    assert plain.question(BEES) == pytest.approx(plain.embed([BEES]), abs=1e-5)


def test_what_was_read_with_another_prefix_is_told_apart(
    plain: Embedder, prefixed: Embedder, cls_folder: Path
) -> None:
    other = opened(cls_folder, passage="search_document: ")
    assert len({plain.fingerprint, prefixed.fingerprint, other.fingerprint}) == 3
    assert opened(cls_folder, question="query: ").fingerprint == plain.fingerprint


def test_pooling_is_the_folder_s_own(plain: Embedder, cls_folder: Path) -> None:
    """The first token's output, by the model without sentence-transformers."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokens = AutoTokenizer.from_pretrained(str(cls_folder))(BEES, return_tensors="pt")
    with torch.no_grad():
        first = AutoModel.from_pretrained(str(cls_folder))(**tokens).last_hidden_state[0, 0].numpy()
    assert plain.embed([BEES])[0] @ first / np.linalg.norm(first) > 0.9999


def test_the_longest_passage_leaves_room_for_what_is_in_front(
    plain: Embedder, prefixed: Embedder
) -> None:
    assert plain.longest_passage == 38  # of 40, without start and end
    assert prefixed.longest_passage == 36  # "passage" and the colon


def test_what_fits_is_read_to_its_end(prefixed: Embedder) -> None:
    whole, longer = "bee " * prefixed.longest_passage, "bee " * (prefixed.longest_passage + 1)
    just, cut, other = prefixed.embed([whole, longer, whole[:-4] + "wasp"])
    assert just @ cut > 0.9999
    assert just @ other < 0.9999


def test_a_passage_fits_with_its_title_and_heading_path(prefixed: Embedder) -> None:
    heading = "# Of the keeping of bees\n"
    text = heading + "Bees fly out in the morning. " * 20
    headings = (Heading("Of the keeping of bees", 1, Span(0, len(heading) - 1)),)
    document = Document(Kind.MARKDOWN, "A long title", text, (), headings)
    longest = prefixed.longest_passage
    passages = chunk(document, size=180, count=prefixed.count, longest=longest)
    assert len(passages) > 3
    for passage in passages:
        front = " > ".join([document.title, *passage.heading_path])
        assert prefixed.count(f"{front}\n{passage.text}") <= longest


@pytest.mark.parametrize("shape", ["nomic", "modernbert"])
def test_other_shapes_run_without_code_of_their_own(
    embedder_folder: Path, tmp_path: Path, shape: str
) -> None:
    command = [sys.executable, MAKER, tmp_path / shape, embedder_folder, "--shape", shape]
    subprocess.run(command, check=True, timeout=100)
    one, same, other = opened(tmp_path / shape).embed([BEES, BEES, "The ship sank at dawn."])
    assert one @ same > 0.9999
    assert one @ other < 0.99


@pytest.mark.parametrize("name", ["tokenizer.json", "sentence_bert_config.json"])
def test_a_damaged_folder_is_told_when_it_is_opened(
    cls_folder: Path, tmp_path: Path, name: str
) -> None:
    folder = Path(shutil.copytree(cls_folder, tmp_path / "damaged"))
    (folder / name).write_text("{")
    with pytest.raises(ModelUnusable, match="cannot be loaded"):
        opened(folder)


@pytest.mark.parametrize("name", ["model.safetensors", "config.json", "modules.json"])
def test_a_damaged_folder_is_told_when_it_is_loaded(
    cls_folder: Path, tmp_path: Path, name: str
) -> None:
    folder = Path(shutil.copytree(cls_folder, tmp_path / "damaged"))
    (folder / name).write_text("{")
    with pytest.raises(ModelUnusable, match="cannot be loaded"):
        opened(folder).load()

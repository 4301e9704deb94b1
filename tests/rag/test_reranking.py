"""A reranking model: its order, its time, and a library that goes on without it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from rag.catalog import Catalog, Scored
from rag.catalog.passages import IndexedPassage
from rag.embedding import Embedder
from rag.errors import ModelUnusable
from rag.models import Catalogue, ModelStore
from rag.retrieval.cross_encoder import CrossEncoderReranker
from rag.retrieval.reranking import rerank_by_model
from rag.retrieval.retriever import Retriever
from rag.types import AddedFile
from rag.vectors import VectorStore

TEXTS = ["the hives", "the gate", "the orchard", "a sensor", "the barn", "a key"]
PASSAGES = {
    number: IndexedPassage("d", "Notes", "/d/notes.txt", "en", "[]", text)
    for number, text in enumerate(TEXTS)
}
RANKED = [Scored(number, 0.9 - number / 10, 0.0, 0.0) for number in PASSAGES]


@pytest.fixture(scope="session")
def cross_encoder(reranker_folder: Path) -> CrossEncoderReranker:
    reranker = CrossEncoderReranker(reranker_folder)
    reranker.load()
    return reranker


class Preferring:
    """Scores by whether a text holds a word, and reads no more than `most`."""

    def __init__(self, word: str, most: int = 100) -> None:
        self._word, self._most = word, most

    def score(self, question: str, texts: Sequence[str], *, budget_s: float) -> list[float]:
        return [float(self._word in text) for text in texts[: self._most]]


def test_a_cross_encoder_scores_each_text_between_0_and_1(
    cross_encoder: CrossEncoderReranker,
) -> None:
    scores = cross_encoder.score("Where are the hives?", TEXTS, budget_s=60)
    assert len(scores) == len(TEXTS)
    assert all(0 < score < 1 for score in scores)
    assert len(set(scores)) > 1
    assert scores == pytest.approx(cross_encoder.score("Where are the hives?", TEXTS, budget_s=60))


def test_without_time_it_reads_one_batch_and_without_texts_none(
    cross_encoder: CrossEncoderReranker,
) -> None:
    assert len(cross_encoder.score("Where?", TEXTS * 10, budget_s=0)) == 4
    assert cross_encoder.score("Where?", [], budget_s=1) == []


def test_what_the_model_prefers_comes_first() -> None:
    ranked = rerank_by_model("?", RANKED, PASSAGES, Preferring("barn"), budget_s=1)
    assert [scored.passage_id for scored in ranked] == [4, 0, 1, 2, 3, 5]
    assert all(0 <= scored.score <= 1 for scored in ranked)


def test_what_the_model_had_no_time_for_stays_behind_in_its_order() -> None:
    ranked = rerank_by_model("?", RANKED, PASSAGES, Preferring("gate", most=3), budget_s=1)
    assert [scored.passage_id for scored in ranked] == [1, 0, 2, 3, 4, 5]
    assert [s.score for s in ranked] == sorted((s.score for s in ranked), reverse=True)


def test_a_folder_without_a_model_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(ModelUnusable, match=r"^The reranker in .* cannot be loaded"):
        CrossEncoderReranker(tmp_path).load()


@pytest.fixture
def notes(add: Callable[..., AddedFile], tmp_path: Path) -> None:
    for name, text in {"cat": "The cat sleeps here.", "dog": "The dog sleeps there."}.items():
        (tmp_path / f"{name}.txt").write_text(text)
        add(tmp_path / f"{name}.txt")


@pytest.mark.usefixtures("notes")
def test_a_retriever_asks_its_reranker(
    catalog: Catalog, vectors: VectorStore, embedder: Embedder
) -> None:
    retriever = Retriever(catalog, vectors, embedder, reranker=Preferring("dog"))
    first, second = retriever.retrieve("Where does the cat sleep?", limit=5).passages
    assert (first.title, second.title) == ("dog", "cat")
    assert first.rank == 1


@pytest.mark.usefixtures("notes")
def test_a_retriever_goes_on_without_a_reranker_that_cannot_be_loaded(
    catalog: Catalog, vectors: VectorStore, embedder: Embedder, tmp_path: Path
) -> None:
    broken = CrossEncoderReranker(tmp_path / "nothing")
    retriever = Retriever(catalog, vectors, embedder, reranker=broken)
    assert retriever.retrieve("Where does the cat sleep?", limit=5).passages[0].title == "cat"


def test_the_reranker_in_the_models_folder_is_found(tmp_path: Path, catalogue: Catalogue) -> None:
    store = ModelStore(tmp_path, catalogue)
    assert store.reranker_folder() is None
    (tmp_path / "ms-marco-minilm").mkdir()
    assert store.reranker_folder() == tmp_path / "ms-marco-minilm"

"""Cosines of other embedders on MiniLM's scale: one that finds everything alike, beside MiniLM."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.catalog import Catalog
from rag.embedding import Embedder, Vectors
from rag.embedding import scale as scale_of
from rag.embedding.scale import MEASURE_UNRELATED, CosineScale, mean_of_unrelated
from rag.library import Library
from rag.retrieval.retriever import Retriever
from rag.scheduler import Work
from rag.vectors import VectorStore


class AlikeEmbedder:
    """MiniLM with a long component that all texts share: cosines c become (c + 4) / 5."""

    name, fingerprint = "alike", "alike-1"

    def __init__(self, plain: Embedder) -> None:
        self._plain = plain
        self.count, self.load = plain.count, plain.load
        self.longest_passage = plain.longest_passage
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += len(texts)
        vectors = self._plain.embed(texts)
        shared = np.full((len(vectors), 1), 2, dtype=np.float32)
        return np.hstack([vectors, shared]) / np.float32(5**0.5)

    def question(self, text: str) -> Vectors:
        return self.embed([text])


@pytest.fixture
def alike(embedder: Embedder) -> AlikeEmbedder:
    return AlikeEmbedder(embedder)


def test_minilm_s_own_scale_is_what_it_is_said_to_be(embedder: Embedder, tmp_path: Path) -> None:
    assert mean_of_unrelated(embedder) == pytest.approx(MEASURE_UNRELATED, abs=0.001)
    assert CosineScale(embedder, notes=tmp_path).brought(0.3) == pytest.approx(0.3)


def test_what_finds_all_alike_is_brought_back(alike: AlikeEmbedder, tmp_path: Path) -> None:
    assert mean_of_unrelated(alike) == pytest.approx((MEASURE_UNRELATED + 4) / 5, abs=0.001)
    scale = CosineScale(alike, notes=tmp_path)
    for cosine in (0.0, 0.3, 0.6, 1.0):
        assert scale.brought((cosine + 4) / 5) == pytest.approx(cosine, abs=0.002)


def test_it_is_measured_once(alike: AlikeEmbedder, tmp_path: Path) -> None:
    first = CosineScale(alike, notes=tmp_path).brought(0.9)
    alike.embedded = 0
    assert CosineScale(alike, notes=tmp_path).brought(0.9) == pytest.approx(first, abs=0.001)
    assert alike.embedded == 0


@pytest.mark.parametrize("damaged", ["", "[]", '{"unrelated": "high"}', '{"unrelated": 7}'])
def test_a_damaged_note_is_measured_again(
    alike: AlikeEmbedder, tmp_path: Path, damaged: str
) -> None:
    first = CosineScale(alike, notes=tmp_path).brought(0.9)
    (note,) = tmp_path.iterdir()
    note.write_text(damaged)
    assert CosineScale(alike, notes=tmp_path).brought(0.9) == pytest.approx(first)


@given(unrelated=st.floats(-1, 1), low=st.floats(-1, 1), high=st.floats(-1, 1))
def test_order_stays_and_one_stays_one(unrelated: float, low: float, high: float) -> None:
    scale = CosineScale.__new__(CosineScale)
    scale._known_unrelated = lambda: unrelated  # type: ignore[method-assign]
    low, high = sorted((low, high))
    assert scale.brought(low) <= scale.brought(high)
    assert scale.brought(1.0) == 1


def test_the_questions_and_passages_are_of_different_topics(embedder: Embedder) -> None:
    asked = np.concatenate([embedder.question(each) for each in scale_of.QUESTIONS])
    assert (asked @ embedder.embed(scale_of.PASSAGES).T).max() < 0.25


def test_evidence_is_judged_alike_whatever_the_embedder_s_scale(
    catalog: Catalog, embedder: Embedder, alike: AlikeEmbedder, tmp_path: Path, work: Work
) -> None:
    (tmp_path / "note.md").write_text("# Cat\n\nOur cat Mimi sleeps in the kitchen.")
    evidence = {}
    for each in (embedder, alike):
        vectors = VectorStore(tmp_path / "chroma", embedder=each.fingerprint)
        library = Library(catalog, vectors, each, passage_tokens=180)
        list(library.add([tmp_path / "note.md"], collection="", work=work).run())
        library.reconcile(work)
        scale = CosineScale(each, notes=tmp_path / "notes")
        retriever = Retriever(catalog, vectors, each, scale=scale)
        for question in ("Where does Mimi sleep?", "Who won the football match?"):
            evidence[question, each.name] = retriever.retrieve(question, limit=3).evidence
        vectors.close()
    for question in ("Where does Mimi sleep?", "Who won the football match?"):
        one, other = (evidence[question, name] for name in ("minilm", "alike"))
        assert one == pytest.approx(other, abs=0.02)

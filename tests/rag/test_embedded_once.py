"""Identical text is embedded once: within a document, across documents, and when read again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from rag.catalog import Catalog
from rag.embedding import Embedder, Vectors
from rag.library import Library, embedding
from rag.scheduler import Work
from rag.types import AddedFile
from rag.vectors import VectorStore

HIVES = "## Hives\n\nThe hives stand in the orchard.\n\n"
HONEY = "## Honey\n\nHoney is dear this year.\n\n"

Add = Callable[..., AddedFile]


class RememberingEmbedder:
    """The real embedder, and all that it was asked to embed."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.fingerprint = embedder.name, embedder.fingerprint
        self.count, self.load = embedder.count, embedder.load
        self.read: list[str] = []

    @property
    def longest_passage(self) -> int:
        return self._embedder.longest_passage

    def question(self, text: str) -> Vectors:
        return self._embedder.question(text)

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.read += texts
        return self._embedder.embed(texts)


@pytest.fixture
def remembering(embedder: Embedder) -> RememberingEmbedder:
    return RememberingEmbedder(embedder)


@pytest.fixture
def library(catalog: Catalog, vectors: VectorStore, remembering: RememberingEmbedder) -> Library:
    return Library(catalog, vectors, remembering, passage_tokens=180)


@pytest.fixture
def note(tmp_path: Path) -> Callable[..., Path]:
    def note(folder: str, text: str) -> Path:
        path = tmp_path / folder / "note.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"# Bees\n\n{text}", "utf-8")
        return path

    return note


def vectors_by_text(catalog: Catalog, vectors: VectorStore) -> list[tuple[str, Vectors]]:
    texts = {each.passage_id: each.text for each in catalog.passages.to_embed(vectors.ids())}
    return [
        (texts[passage_id], vector)
        for stored in vectors.stored(list(texts))
        for passage_id, vector in zip(stored.passage_ids, stored.vectors, strict=True)
    ]


def test_what_two_documents_have_in_common_is_embedded_once(
    add: Add, note: Callable[..., Path], remembering: RememberingEmbedder, vectors: VectorStore
) -> None:
    add(note("one", HIVES))
    add(note("two", HIVES + HONEY))
    assert [text.split()[-1] for text in remembering.read] == ["orchard.", "year."]
    assert len(vectors.ids()) == 3


def test_a_copied_vector_is_the_one_that_was_computed(
    add: Add, note: Callable[..., Path], catalog: Catalog, vectors: VectorStore
) -> None:
    add(note("one", HIVES))
    add(note("two", HIVES + HONEY))
    one, two = (v for text, v in vectors_by_text(catalog, vectors) if "orchard" in text)
    assert np.array_equal(one, two)


def test_what_a_document_says_twice_is_embedded_once(
    add: Add, note: Callable[..., Path], remembering: RememberingEmbedder, vectors: VectorStore
) -> None:
    add(note("one", HIVES + HONEY + HIVES))
    assert len(remembering.read) == len(set(remembering.read)) == 2
    assert len(vectors.ids()) == 3


def test_what_was_removed_is_forgotten(
    add: Add,
    note: Callable[..., Path],
    library: Library,
    catalog: Catalog,
    remembering: RememberingEmbedder,
) -> None:
    first, second = add(note("one", HIVES)), add(note("two", HIVES + HONEY))
    text = remembering.read[0]
    assert len(catalog.embedded.same_as([text])) == 2
    library.remove(first.document)
    assert len(catalog.embedded.same_as([text])) == 1
    library.remove(second.document)
    assert catalog.embedded.same_as([text]) == []


def test_vectors_that_were_lost_are_computed_again_each_once(
    add: Add,
    note: Callable[..., Path],
    library: Library,
    vectors: VectorStore,
    remembering: RememberingEmbedder,
    work: Work,
) -> None:
    add(note("one", HIVES))
    add(note("two", HIVES + HONEY))
    vectors.renew()
    remembering.read.clear()
    library.reconcile(work)
    assert len(remembering.read) == 2
    assert len(vectors.ids()) == 3


def test_texts_with_one_checksum_are_told_apart(
    add: Add, note: Callable[..., Path], remembering: RememberingEmbedder
) -> None:
    add(note("one", "plumless"))
    add(note("two", "buckeroo"))
    assert len(remembering.read) == 2


def test_text_that_is_not_held_in_memory_together_is_embedded_once_too(
    add: Add,
    note: Callable[..., Path],
    remembering: RememberingEmbedder,
    vectors: VectorStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(embedding, "IN_MEMORY", 1)
    add(note("one", HIVES + HONEY + HIVES))
    assert len(remembering.read) == 2
    assert len(vectors.ids()) == 3

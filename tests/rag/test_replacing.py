"""A changed document: what stays of it keeps its ids and vectors, what changed is embedded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.catalog import Catalog, Scored
from rag.embedding import Embedder, Vectors
from rag.library import Library
from rag.scheduler import Work
from rag.types import AddedFile, Verdict
from rag.vectors import VectorStore

DAYS = ["The hives were counted.", "The honey was spun.", "It rained on the bees all day."]


class CountingEmbedder:
    """The real one, with what it was given."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.fingerprint = embedder.name, embedder.fingerprint
        self.count, self.load = embedder.count, embedder.load
        self.texts: list[str] = []
        self._embedder = embedder

    @property
    def longest_passage(self) -> int:
        return self._embedder.longest_passage

    def question(self, text: str) -> Vectors:
        return self._embedder.question(text)

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return self._embedder.embed(texts)


@pytest.fixture
def counting(embedder: Embedder) -> CountingEmbedder:
    return CountingEmbedder(embedder)


@pytest.fixture
def write(
    catalog: Catalog, vectors: VectorStore, counting: CountingEmbedder, tmp_path: Path, work: Work
) -> Callable[..., list[str]]:
    """Writes a diary, adds it, and tells which texts were embedded."""
    library = Library(catalog, vectors, counting, passage_tokens=180)

    def write(days: Sequence[str], title: str = "Diary") -> list[str]:
        counting.texts.clear()
        parts = [f"## Day {day}\n\n{text}\n" for day, text in enumerate(days)]
        (tmp_path / "diary.md").write_text("\n".join([f"# {title}\n", *parts]))
        steps = library.add([tmp_path / "diary.md"], collection="", work=work).run()
        (added,) = (step for step in steps if isinstance(step, AddedFile))
        assert added.verdict in (Verdict.READY, Verdict.UNCHANGED)
        return [text.rsplit("\n", 1)[-1] for text in counting.texts]

    return write


def test_only_what_changed_is_embedded(
    write: Callable[..., list[str]], catalog: Catalog, vectors: VectorStore
) -> None:
    assert len(write(DAYS)) == 3
    before = catalog.passages.ids()
    assert len(write([DAYS[0], "The honey was sold.", DAYS[2]])) == 1
    assert len(before & catalog.passages.ids()) == 2
    assert vectors.ids() == catalog.passages.ids()


def test_what_moved_down_keeps_its_id_and_has_its_new_place(
    write: Callable[..., list[str]], catalog: Catalog
) -> None:
    write(DAYS)
    before = catalog.passages.ids()
    assert write(["A long day in the orchard, and all of it new.", *DAYS[1:]]) != []
    assert len(before & catalog.passages.ids()) == 2
    ((passage_id, _),) = catalog.passages.search("honey", limit=5)
    (entry,) = catalog.documents.list()
    text = catalog.documents.text(entry.document)
    (found,) = catalog.passages.found([Scored(passage_id, 1, 0, 1)])
    assert found.passage.span.of(text) == found.passage.text


def test_under_a_new_title_all_is_embedded_anew(write: Callable[..., list[str]]) -> None:
    write(DAYS)
    assert len(write(DAYS, title="Beekeeping diary")) == 3


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(edits=st.lists(st.lists(st.sampled_from(DAYS), max_size=5), min_size=2, max_size=4))
def test_the_index_is_whole_after_any_edits(
    write: Callable[..., list[str]], catalog: Catalog, vectors: VectorStore, edits: list[list[str]]
) -> None:
    for days in edits:
        write([*days, "The gate was left open."])
        assert catalog.problems() == ()
        assert vectors.ids() == catalog.passages.ids()
        assert len(catalog.passages.search("gate", limit=9)) == 1

"""Passages come up whose words stand together in one sentence or two."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from rag.catalog import Scored
from rag.catalog.passages import IndexedPassage
from rag.retrieval.sentence_rerank import LOOKED_AT, rerank_by_sentences
from rag.retrieval.terms import Term

TERMS = [Term(word, (word,), 3, weight=1.0) for word in ("hive", "gate", "orchard")]
TOGETHER = "The hives stand by the gate of the orchard. It rained."
NEXT_TO_EACH_OTHER = "The hives are new. They stand by the gate of the orchard. It rained."
APART = "The hives are new. It rained. The gate is green. It rained. The orchard is old."


def passages(*texts: str) -> dict[int, IndexedPassage]:
    return {
        number: IndexedPassage("d", "Notes", "/d/notes.txt", "en", "[]", text)
        for number, text in enumerate(texts)
    }


def ranked(count: int, *, step: float = 0.0) -> list[Scored]:
    return [Scored(number, 0.9 - step * number, 0.0, 0.0) for number in range(count)]


def test_of_equal_passages_the_one_with_the_words_in_one_sentence_is_first() -> None:
    texts = passages(APART, NEXT_TO_EACH_OTHER, TOGETHER)
    order = [scored.passage_id for scored in rerank_by_sentences(ranked(3), texts, TERMS)]
    assert order == [2, 1, 0]


def test_a_passage_far_ahead_stays_ahead() -> None:
    texts = passages(APART, TOGETHER)
    order = rerank_by_sentences(ranked(2, step=0.5), texts, TERMS)
    assert [scored.passage_id for scored in order] == [0, 1]


def test_passages_from_further_down_are_not_looked_into() -> None:
    texts = passages(*["It rained."] * LOOKED_AT, TOGETHER)
    order = rerank_by_sentences(ranked(LOOKED_AT + 1), texts, TERMS)
    assert order[-1].passage_id == LOOKED_AT


@given(
    texts=st.lists(st.sampled_from([APART, NEXT_TO_EACH_OTHER, TOGETHER, "", "…"]), max_size=6),
    terms=st.sampled_from([TERMS, []]),
)
def test_each_passage_stays_with_a_score_between_0_and_1(
    texts: list[str], terms: list[Term]
) -> None:
    order = rerank_by_sentences(ranked(len(texts), step=0.1), passages(*texts), terms)
    assert sorted(scored.passage_id for scored in order) == list(range(len(texts)))
    assert all(0 <= scored.score <= 1 for scored in order)
    assert all(first.score >= second.score for first, second in pairwise(order))

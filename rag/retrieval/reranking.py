"""The seam for a model that reads question and passage together, and what its scores do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from rag.catalog import Scored
from rag.catalog.passages import IndexedPassage

MOST = 50  # passages that a model is given, if its time lasts
# Of the model's score beside the ranking's own, which knows of names and identifiers. A guess of
# ours: no reranker was at hand to measure it with.
MODEL_WEIGHT = 0.7


class Reranker(Protocol):
    """A model that says how well a passage answers a question."""

    def score(self, question: str, texts: Sequence[str], *, budget_s: float) -> list[float]:
        """Scores from 0 to 1 of the first texts, as many as are done in this time.

        Raises ModelUnusable where the model cannot be loaded.
        """


def rerank_by_model(
    question: str,
    ranked: Sequence[Scored],
    passages: Mapping[int, IndexedPassage],
    reranker: Reranker,
    *,
    budget_s: float,
) -> list[Scored]:
    """The passages that the model had time for in their new order, then the others as they were."""
    texts = [_text(passages[scored.passage_id]) for scored in ranked[:MOST]]
    scores = reranker.score(question, texts, budget_s=budget_s)
    read = [
        replace(scored, score=(1 - MODEL_WEIGHT) * scored.score + MODEL_WEIGHT * score)
        for scored, score in zip(ranked, scores, strict=False)
    ]
    read.sort(key=lambda scored: (-scored.score, scored.passage_id))
    lowest = read[-1].score if read else 1.0
    others = ranked[len(read) :]
    return read + [replace(each, score=min(each.score, lowest)) for each in others]


def _text(passage: IndexedPassage) -> str:
    return f"{passage.title}\n{passage.text}"

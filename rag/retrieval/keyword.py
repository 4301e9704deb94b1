"""The keyword leg: the question's rarest words looked up in the full-text index by BM25."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.catalog.passages import Passages
from rag.retrieval.terms import Term

# Gold characters in 1,000 tokens on the tuning half, with the rarest 4, 6, 8, 12 and all words:
# 0.850, 0.862, 0.877, 0.887 and 0.887.
MOST = 12  # words
# What a search takes grows with the passages that hold its words: a word more is only added while
# they are fewer than this together. Then a search takes about 20 ms.
MOST_PASSAGES = 30_000


def keyword_leg(
    terms: Sequence[Term],
    passages: Passages,
    *,
    limit: int,
    documents: Sequence[str] | None = None,
) -> list[tuple[int, float]]:
    """Passage ids with their BM25 score (higher is better), best first.

    Where `documents` is given, only passages of these.
    """
    query = " OR ".join(term.query for term in _affordable(terms))
    return passages.search(query, limit=limit, documents=documents) if query else []


def _affordable(terms: Sequence[Term]) -> Iterator[Term]:
    """The rarest that are anywhere, one at least."""
    read = 0
    for term in [term for term in terms if term.passage_count][:MOST]:
        if read and read + term.passage_count > MOST_PASSAGES:
            return
        read += term.passage_count
        yield term

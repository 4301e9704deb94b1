"""The fusion of the two legs into one ranking."""

from __future__ import annotations

from collections.abc import Sequence

from rag.catalog import Scored

Leg = Sequence[tuple[int, float]]  # passage ids with a leg's own scores, best first


def fuse(dense: Leg, keyword: Leg, *, keyword_weight: float = 0.5) -> list[Scored]:
    """A convex combination of normalised scores (Bruch et al., TOIS 2024), best first.

    Cosines are scaled to 0..1 between the leg's worst and best, BM25 scores by the best; what a
    leg did not find counts 0 there. Unlike fusion by ranks this keeps magnitudes: a passage far
    ahead in one leg stays ahead. `dense_score` in the result is the cosine as it was,
    `keyword_score` the share of the best BM25 score.
    """
    cosines = dict(dense)
    low, high = min(cosines.values(), default=0.0), max(cosines.values(), default=0.0)
    best = max((score for _, score in keyword), default=0.0)
    shares = {passage_id: score / best for passage_id, score in keyword if best > 0}
    scored = []
    for passage_id in cosines.keys() | shares.keys():
        cosine, share = cosines.get(passage_id, 0.0), shares.get(passage_id, 0.0)
        closeness = _scaled(cosine, low, high) if passage_id in cosines else 0.0
        score = (1 - keyword_weight) * closeness + keyword_weight * share
        scored.append(Scored(passage_id, score, cosine, share))
    return sorted(scored, key=lambda s: (-s.score, s.passage_id))


def _scaled(value: float, low: float, high: float) -> float:
    return (value - low) / (high - low) if high > low else 1.0

"""Each case checked, and how well true statements are told from each kind of false ones."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from grounding_figures.cases import ANOTHER, CHANGED, KINDS, NEAREST, TRUE, Case
from retrieval_evaluation.tables import Row, Table

from rag.embedding import Embedder
from rag.grounding import BORNE_OUT, Ground, Wording, check
from rag.grounding.signals import Signals, signals_of

# Ranking (AUROC) at least, and passing at the point: true at least, false at most.
AUROC = {
    ANOTHER: 0.99,
    NEAREST: 0.96,
    "number": 0.97,
    "name": 0.93,
    "negation": 0.92,
    "relation": 0.8,
}
PASSING = {TRUE: 0.85, "number": 0.02, "name": 0.08, "negation": 0.06, "relation": 0.3}
MOST_MS = 50


@dataclass(frozen=True, slots=True)
class Checked:
    """A case and what became of it."""

    case: Case
    signals: Signals
    score: float
    is_close: bool
    ms: float  # the sentence's own embedding and check; the passage was prepared before
    ms_preparing: float  # the passage


def check_all(cases: Sequence[Case], embedder: Embedder | None) -> list[Checked]:
    """All cases checked, each passage prepared anew, on one core."""
    return [_checked(case, embedder) for case in cases]


def _checked(case: Case, embedder: Embedder | None) -> Checked:
    began = time.perf_counter()
    title = case.passage.corpus.replace("_", " ")
    ground = Ground.of(case.passage.text, around=(title,), embedder=embedder)
    prepared = time.perf_counter()
    claim = Wording.of(case.sentence)
    vector = embedder.embed([case.sentence])[0] if embedder else None
    result = check(claim, ground, vector)
    ms, ms_preparing = 1000 * (time.perf_counter() - prepared), 1000 * (prepared - began)
    _, signals = signals_of(claim, ground, vector)
    return Checked(case, signals, result.score, result.is_close, ms, ms_preparing)


def auroc(true: Sequence[float], false: Sequence[float]) -> float:
    """How often a true statement scores higher than a false one; where equal, half of the times.

    The area under the ROC curve (Hanley and McNeil, Radiology 1982).
    """
    above = np.subtract.outer(np.asarray(true), np.asarray(false))
    return float((above > 0).mean() + 0.5 * (above == 0).mean())


def table_of(checked: Sequence[Checked]) -> Table:
    """A row for each kind of statement: ranking, passing, and what they should be."""
    scores = {kind: [c.score for c in checked if c.case.kind == kind] for kind in KINDS}
    return {kind: _row(kind, scores) for kind in KINDS if scores[kind]}


def _row(kind: str, scores: dict[str, list[float]]) -> Row:
    passing = float(np.mean([score >= BORNE_OUT for score in scores[kind]]))
    row = {"statements": float(len(scores[kind])), "passing": passing}
    if kind in PASSING:
        row["target"] = PASSING[kind]
    if kind != TRUE:
        row |= {"AUROC": auroc(scores[TRUE], scores[kind]), "at least": AUROC[kind]}
    return row


def other_table(checked: Sequence[Checked]) -> Table:
    """Milliseconds, and how many statements are told as the model's own: on which nothing bears."""
    own = {
        f"own: {kind}": {"share": _share_of_own(checked, kind)}
        for kind in (TRUE, *CHANGED, NEAREST, ANOTHER)
    }
    return {
        "ms a sentence": _spread([c.ms for c in checked]) | {"at most": MOST_MS},
        "ms a passage prepared": _spread([c.ms_preparing for c in checked]),
    } | own


def _share_of_own(checked: Sequence[Checked], kind: str) -> float:
    return float(np.mean([not c.is_close for c in checked if c.case.kind == kind]))


def _spread(values: Sequence[float]) -> dict[str, float]:
    return {"median": float(np.median(values)), "p95": float(np.quantile(values, 0.95))}


def worst(checked: Sequence[Checked], count: int) -> list[Checked]:
    """Those furthest on the wrong side of the point, whichever side."""

    def wrong(each: Checked) -> float:
        return each.score if each.case.kind != TRUE else 1 - each.score

    return sorted(checked, key=wrong, reverse=True)[:count]

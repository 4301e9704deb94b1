"""The weights of the check's signals, fitted on the tuning half: what rag/grounding has written in.

Logistic regression by Newton's method, with an L2 penalty on scaled signals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from grounding_figures.cases import ANOTHER, CHANGED, NEAREST, TRUE
from grounding_figures.measuring import Checked
from numpy.typing import NDArray
from retrieval_evaluation.gold import Half

from rag.grounding.signals import Signals

PASSING, FAR = 0.9, 0.05  # of true statements that pass; of all that lie below "close"
PENALTY, STEPS = 1.0, 60
NAMES = [field.name for field in fields(Signals)]
Matrix = NDArray[np.float64]


def fit(checked: Sequence[Checked], *, has_meaning: bool) -> dict[str, float]:
    """The weights by the signals' names, the constant as "constant", the closeness as "close"."""
    names = [name for name in NAMES if has_meaning or name != "cosine"]
    tuning = [each for each in checked if each.case.half is Half.TUNING]
    signals = np.array([[getattr(each.signals, name) for name in names] for each in tuning])
    kinds = np.array([each.case.kind for each in tuning])
    is_true = kinds == TRUE
    weights = regression(signals, is_true.astype(float), _importance(kinds))
    constant = -float(np.quantile(signals[is_true] @ weights, 1 - PASSING))
    of_own = ~np.isin(kinds, (ANOTHER, NEAREST))
    close = float(
        np.quantile(signals[of_own, names.index("cosine" if has_meaning else "overlap")], FAR)
    )
    rounded = {name: round(float(w), 2) for name, w in zip(names, weights, strict=True)}
    return rounded | {"constant": round(constant, 2), "close": round(close, 2)}


def _importance(kinds: NDArray[np.str_]) -> Matrix:
    importance = np.zeros(len(kinds))
    for kind in (ANOTHER, NEAREST, *CHANGED):
        importance[kinds == kind] = 100 / max(1, (kinds == kind).sum())
    importance[kinds == TRUE] = 300 / max(1, (kinds == TRUE).sum())
    return importance


def regression(signals: Matrix, labels: Matrix, importance: Matrix) -> Matrix:
    """The weights, without the constant, that tell the labels 1 from the labels 0 best."""
    spread = signals.std(axis=0) + 1e-9
    scaled = np.c_[np.ones(len(signals)), (signals - signals.mean(axis=0)) / spread]
    penalty = np.eye(scaled.shape[1]) * PENALTY
    penalty[0, 0] = 0
    weights = np.zeros(scaled.shape[1])
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-scaled @ weights))
        curvature = (scaled.T * (importance * likely * (1 - likely))) @ scaled + penalty
        slope = scaled.T @ (importance * (likely - labels)) + penalty @ weights
        weights -= np.linalg.solve(curvature, slope)
    return weights[1:] / spread

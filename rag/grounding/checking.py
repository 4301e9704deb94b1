"""A claim held against a passage: how likely it is that the passage bears it out, and where.

Ten signals, each a small module's, go into a logistic function. No language model is asked. What
fails is "not borne out", which is less than false; what passes is no proof, for who did what to
whom is seen only in part.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from rag.grounding.ground import Ground, Wording
from rag.grounding.signals import Signals, Vector, signals_of
from rag.types import Span

BORNE_OUT = 0.5  # a score from here on; the constants below are moved so that it lies there

# Fitted by `dev.py bench grounding --fit` on the tuning half of tests/bench/material/claims.jsonl
# alone: logistic regression with an L2 penalty of 1 on scaled signals, each kind of false
# statement weighing the same, all of them together twice the true ones. The constant is such that
# 90 % of the true statements of that half pass (more, and names that are not there pass too).
WITH_MEANING: Mapping[str, float] = {
    "cosine": 5.35,
    "overlap": 2.0,
    "numbers_missing": -6.33,
    "names_missing": -6.78,
    "opening_missing": -0.97,
    "denies": -3.72,
    "turned": -4.23,
    "compared": -6.25,
    "led": -7.06,
    "misplaced": -3.2,
}
WORDS_ALONE: Mapping[str, float] = {
    "overlap": 3.79,
    "numbers_missing": -6.03,
    "names_missing": -6.87,
    "opening_missing": -1.16,
    "denies": -3.91,
    "turned": -4.02,
    "compared": -6.26,
    "led": -6.55,
    "misplaced": -3.33,
}
CONSTANTS = {True: -4.0, False: -1.28}  # with and without an embedder

# Below it a sentence is about something else: 5 % of the statements made of a passage, true and
# false, lie there. Of the cosine with an embedder, else of the overlap.
CLOSE = {True: 0.5, False: 0.37}


@dataclass(frozen=True, slots=True)
class Check:
    """What became of a claim at one passage."""

    score: float  # 0 to 1
    span: Span  # of the nearest sentence, in the passage's text
    is_close: bool  # whether the claim is about what the passage is about at all

    @property
    def is_borne_out(self) -> bool:
        return self.score >= BORNE_OUT


def check(claim: Wording, ground: Ground, vector: Vector | None = None) -> Check:
    """Hold a claim against a passage; `vector` is the claim's, of the embedder of the ground's."""
    best, signals = signals_of(claim, ground, vector)
    has_meaning = vector is not None and len(ground.vectors) > 0
    closeness = signals.cosine if has_meaning else signals.overlap
    score = score_of(signals, has_meaning=has_meaning)
    return Check(score, ground.spans[best], closeness >= CLOSE[has_meaning])


def score_of(signals: Signals, *, has_meaning: bool) -> float:
    """How likely it is, 0 to 1, that a claim with these signals is borne out.

    A text of no words that matter, in which nothing can be missing, has an overlap of 0.
    """
    weights = WITH_MEANING if has_meaning else WORDS_ALONE
    total = sum(weight * getattr(signals, name) for name, weight in weights.items())
    return 1 / (1 + math.exp(-(CONSTANTS[has_meaning] + total)))

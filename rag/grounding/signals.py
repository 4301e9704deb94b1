"""What tells whether a passage bears a claim out, each as a number: no verdict is given here."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rag.grounding.antonyms import turned
from rag.grounding.comparing import compared_otherwise
from rag.grounding.ground import Ground, Wording
from rag.grounding.names import names_in, opening_of, stands_in
from rag.grounding.negation import Denial, denial
from rag.grounding.order import counted_otherwise, misplaced, reversed_range, turned_round
from rag.grounding.quantities import Quantity, Unit

Vector = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Signals:
    """One claim against one passage. All lie between 0 and 1, the cosine between -1 and 1."""

    cosine: float  # to the best sentence; 0 without an embedder
    overlap: float  # the share of the claim's words, by weight, that stand in the passage
    numbers_missing: float  # 0 where none is, more than half where one is
    names_missing: float  # the same
    opening_missing: float  # the first word, which may be a name, is nowhere near
    denies: float  # the claim denies what the passage does not, or the other way round
    turned: float  # a word stands in the best sentence as its opposite
    compared: float  # a number is compared the other way
    led: float  # something goes to what it came from, or the other way round
    misplaced: float  # numbers are paired or ordered the other way


def signals_of(claim: Wording, ground: Ground, vector: Vector | None = None) -> tuple[int, Signals]:
    """Hold a claim, with its vector where there is an embedder, against a passage.

    What comes back is the number of the nearest sentence, and the signals.
    """
    best, cosine = nearest(claim, ground, vector)
    sentence, whole = ground.sentences[best], ground.whole
    near = ground.sentences[max(0, best - 1) : best + 2]
    denied = denial(claim.tokens, sentence.tokens)
    otherwise = compared_otherwise(claim.text, claim.quantities, whole.text, whole.quantities)
    return best, Signals(
        cosine=cosine,
        overlap=overlap(claim, whole.keys | ground.around.keys, ground),
        numbers_missing=_numbers_missing(claim, ground),
        names_missing=_names_missing(claim, ground),
        opening_missing=_opening_missing(claim, near),
        denies={Denial.AGREES: 0.0, Denial.UNSURE: 0.5}.get(denied, 1.0),
        turned=float(turned(claim.tokens, sentence.tokens) > 0),
        compared=float(otherwise),
        led=float(turned_round(claim.tokens, sentence.tokens)),
        misplaced=_misplaced(claim, sentence, near),
    )


def nearest(claim: Wording, ground: Ground, vector: Vector | None) -> tuple[int, float]:
    """The sentence nearest to the claim, by meaning, words and numbers, and its cosine."""
    cosines = np.zeros(len(ground.sentences), np.float32)
    if vector is not None and len(ground.vectors):
        cosines = ground.vectors @ vector
    scores = [
        overlap(claim, sentence.keys, ground) + float(cosine) + _numbers_in(claim, sentence)
        for sentence, cosine in zip(ground.sentences, cosines, strict=True)
    ]
    best = max(range(len(scores)), key=scores.__getitem__)
    return best, float(cosines[best])


def overlap(claim: Wording, keys: Set[str], ground: Ground) -> float:
    """The share of the claim's words, by weight, among the keys; words of nowhere weigh most."""
    rarest = max(ground.weights.values(), default=1.0)
    wanted = {key: ground.weights.get(key, rarest) for key in claim.keys}
    total = sum(wanted.values())
    return sum(weight for key, weight in wanted.items() if key in keys) / total if total else 0.0


def _quantities(wordings: Sequence[Wording]) -> tuple[Quantity, ...]:
    found: list[Quantity] = []
    offset = 0
    for wording in wordings:
        for q in wording.quantities:
            found.append(Quantity(q.digits, q.scale, q.unit, q.currency, q.start + offset))
        offset += len(wording.text) + 1
    return tuple(found)


def _misplaced(claim: Wording, sentence: Wording, near: Sequence[Wording]) -> float:
    """Asked of the best sentence alone where that has all the numbers."""
    is_whole = _numbers_in(claim, sentence) == 1
    theirs = sentence.quantities if is_whole else _quantities(near)
    if counted_otherwise(claim.text, sentence.text, claim.keys & sentence.keys):
        return 1.0
    if reversed_range(claim.text, claim.quantities, theirs):
        return 1.0
    return misplaced(claim.quantities, theirs)


def _opening_missing(claim: Wording, near: Sequence[Wording]) -> float:
    opening = opening_of(claim.tokens)
    if opening is None or any(stands_in(opening, wording.tokens) for wording in near):
        return 0.0
    return 0.0 if any(opening.key in wording.keys for wording in near) else 1.0


def _asked(claim: Wording) -> list[Quantity]:
    """The claim's numbers that must be there: "one" and "first" are said in many other words."""
    return [q for q in claim.quantities if q.value != 1 or q.unit in (Unit.PERCENT, Unit.MONEY)]


def _numbers_in(claim: Wording, sentence: Wording) -> float:
    asked = _asked(claim)
    there = [q for q in asked if any(q.agrees_with(other) for other in sentence.quantities)]
    return len(there) / len(asked) if asked else 0.0


def _numbers_missing(claim: Wording, ground: Ground) -> float:
    asked = _asked(claim)
    there = (*ground.whole.quantities, *ground.around.quantities)
    missing = [q for q in asked if not any(q.agrees_with(other) for other in there)]
    return _weighed(len(missing), len(asked))


def _names_missing(claim: Wording, ground: Ground) -> float:
    names = list(names_in(claim.tokens, is_german=claim.is_german))
    places = (ground.whole.tokens, ground.around.tokens)
    missing = [n for n in names if not any(stands_in(n, tokens) for tokens in places)]
    return _weighed(len(missing), len(names))


def _weighed(missing: int, asked: int) -> float:
    """One that is missing says half of what all of them would."""
    return 0.5 + 0.5 * missing / asked if missing else 0.0

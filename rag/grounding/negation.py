"""Whether a claim denies what the evidence affirms, or affirms what the evidence denies."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from enum import StrEnum

from rag.grounding.tokens import Token

SCOPE = 3  # content words after a negation that it may deny

_DENIALS = frozenset(
    """
    no not never none nor neither nobody nothing without cannot
    nicht kein keine keinen keinem keiner keines nie niemals niemand nichts ohne weder
    """.split()  # noqa: SIM905  # reads better than a list
)
# Words that deny in other words: enough for a "not" in the claim, too little to ask for one.
_LIKE_DENIALS = frozenset(
    """
    lack lacks lacked lacking fail fails failed failing refuse refuses refused deny denied denies
    unable impossible absent absence stop stops stopped prevent prevents prevented prohibit
    prohibits prohibited forbid forbidden avoid avoids avoided hardly barely
    scarcely unlike except unless excluding cease ceased instead
    fehlt fehlen kaum statt anstatt
    """.split()  # noqa: SIM905
)


class Denial(StrEnum):
    """How the negations of a claim and its evidence go together."""

    AGREES = "agrees"
    UNSURE = "unsure"  # both deny something; whether the same, their words do not tell
    ONLY_CLAIM = "only claim"  # the claim denies, nothing near the same words in the evidence does
    ONLY_EVIDENCE = "only evidence"


def denial(claim: Sequence[Token], evidence: Sequence[Token]) -> Denial:
    """Compare the negations of the claim with those of the sentences nearest to it."""
    there = [set(_scope(evidence, at)) for at in _denials(evidence)]
    if ours := [set(_scope(claim, at)) for at in _denials(claim)]:
        each = {_of_denied(denied, evidence, there) for denied in ours}
        return next(d for d in (Denial.ONLY_CLAIM, Denial.UNSURE, Denial.AGREES) if d in each)
    if _softly(claim):
        return Denial.AGREES
    first = {_first_denied(evidence, at) for at in _denials(evidence)}
    return Denial.ONLY_EVIDENCE if first & _keys(claim) else Denial.AGREES


def _first_denied(tokens: Sequence[Token], at: int) -> str:
    following = (t.key for t in tokens[at + 1 :] if t.matters and t.lower != "longer")
    return next(following, "")


def _of_denied(denied: Set[str], evidence: Sequence[Token], there: Sequence[Set[str]]) -> Denial:
    if any(denied & keys for keys in there):
        return Denial.AGREES
    soft = [set(_scope(evidence, at)) for at in _softly(evidence)]
    if any(denied & keys for keys in soft) or (not denied & _keys(evidence) and (there or soft)):
        return Denial.UNSURE
    return Denial.ONLY_CLAIM


def _softly(tokens: Sequence[Token]) -> list[int]:
    return [at for at, token in enumerate(tokens) if token.lower in _LIKE_DENIALS]


def _denials(tokens: Sequence[Token]) -> Iterator[int]:
    for at, token in enumerate(tokens):
        if token.lower in _DENIALS or token.lower.endswith("n't"):
            yield at


def _scope(tokens: Sequence[Token], at: int) -> Iterator[str]:
    following = (token.key for token in tokens[at + 1 :] if token.matters)
    for _, key in zip(range(SCOPE), following, strict=False):
        yield key


def _keys(tokens: Sequence[Token]) -> set[str]:
    return {token.key for token in tokens if token.matters}

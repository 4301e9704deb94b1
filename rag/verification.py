"""How well a text bears out a claim, by the words and numbers that matter. No model is asked.

High for a faithful sentence, but also for one with its relations swapped ("from 8 to 32"): so
what passes is called verified nowhere, and what fails is said to be "not verified".
"""

from __future__ import annotations

from rag.words import content_stems, numbers_of, words_of

SUPPORTED = 0.6  # from here on a claim counts as borne out

_NEGATIONS = frozenset(
    """
    no not never none nor without cannot can't don't doesn't didn't isn't aren't wasn't won't
    nicht kein keine nie ohne
    """.split()  # noqa: SIM905  # reads better than a list
)


def support(claim: str, evidence: str) -> float:
    """The share, 0 to 1, of the claim's content words that stand in the evidence.

    0 where the claim holds a number that the evidence does not; half where the claim denies
    something and the evidence nothing.
    """
    stems = content_stems(claim)
    if not stems or not numbers_of(claim) <= numbers_of(evidence):
        return 0.0
    share = len(stems & content_stems(evidence)) / len(stems)
    return share / 2 if _denies(claim) and not _denies(evidence) else share


def _denies(text: str) -> bool:
    return not _NEGATIONS.isdisjoint(words_of(text))

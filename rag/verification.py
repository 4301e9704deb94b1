"""How well a text bears out a claim, by the words and numbers that matter. No model is asked.

High for a faithful sentence, but also for one with its relations swapped ("from 8 to 32"): so
what passes is called verified nowhere, and what fails is said to be "not verified".
"""

from __future__ import annotations

from rag.words import content_stems, numbers_of, words_of

SUPPORTED = 0.6  # from here on a claim counts as borne out

_NEGATIONS = frozenset(
    """
    no not never none nor neither nobody nothing without cannot
    nicht kein keine keinen keinem keiner keines nie niemals niemand nichts ohne weder
    """.split()  # noqa: SIM905  # reads better than a list
)


def support(claim: str, sentence: str, *, around: str = "") -> float:
    """The share, 0 to 1, of the claim's content words that stand in the sentence or around it.

    0 where the claim holds a number that neither holds; half where one of the claim and the
    sentence denies something and the other does not.
    """
    evidence = f"{around}\n{sentence}"
    if not numbers_of(claim) <= numbers_of(evidence):
        return 0.0
    share = overlap(claim, evidence)
    return share if _denies(claim) == _denies(sentence) else share / 2


def overlap(claim: str, evidence: str) -> float:
    """The share, 0 to 1, of the claim's content words and numbers that stand in the evidence."""
    wanted = _words_and_numbers(claim)
    return len(wanted & _words_and_numbers(evidence)) / len(wanted) if wanted else 0.0


def _words_and_numbers(text: str) -> set[str]:
    words = {word for word in content_stems(text) if not word.replace(".", "").isdigit()}
    return words | numbers_of(text)


def _denies(text: str) -> bool:
    return any(word in _NEGATIONS or word.endswith("n't") for word in words_of(text))

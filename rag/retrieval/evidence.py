"""Whether the passages found hold an answer: a number from raw scores, not from ranks.

For all-MiniLM-L6-v2, on the tuning half (240 questions and 37 on other topics, five corpora and
five reports in one library); each question was also asked with the passages that answer it left
out of both legs, and with its whole corpus left out. Area under the curve, the earlier formula
(best cosine and coverage) in brackets: other topics 0.985 (0.979), corpus left out 0.953 (0.915),
answer left out 0.680 (0.619). Share that passes 0.5: 95 % of those with an answer, 5 % of those on
other topics, 23 % without their corpus, 84 % without their answer: what stands beside an answer is
like it, and only reading tells them apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.indexing import index_text
from rag.languages import language_of
from rag.retrieval.terms import Term, coverage
from rag.types import FoundPassage

# Logistic regression of answers against answers left out, and a gate that other topics fail.
INTERCEPT, COVERAGE, COVERAGE_LEAD, SCORE_LEAD, COSINE = -3.3, 3.3, 1.7, 2.4, 2.0
GATE, GATE_STEEPNESS = 0.3, 10.0  # a cosine: 5 % of questions with an answer are below 0.29
UNKNOWN_COSINE = 0.35  # taken where there are no vectors
EVEN_ODDS = 4.0  # brings the 5 % quantile of questions with an answer, 0.2, to 0.5


@dataclass(frozen=True, slots=True)
class Signals:
    """What the ranking of one question tells about whether it is answered."""

    cosine: float  # of the keyword leg's best passage, or the best there is if it has none
    coverage: float  # of the question's words in the first passage, by weight, 0 to 1
    coverage_lead: float  # of the best covered of ten passages over the mean of the others
    score_lead: float  # of the first passage over the fifth
    names_it: bool = False  # the first passage holds all identifiers of a question that has some
    has_vectors: bool = True  # the cosines say something


def likelihood(signals: Signals) -> float:
    """How likely it is, 0 to 1, that the passages found answer the question.

    An identifier such as a part number is close to nothing in meaning: a passage that holds it and
    all other words suffices by itself. Without vectors the words alone decide.
    """
    cosine = signals.cosine if signals.has_vectors else UNKNOWN_COSINE
    words = (
        INTERCEPT
        + COVERAGE * signals.coverage
        + COVERAGE_LEAD * signals.coverage_lead
        + SCORE_LEAD * signals.score_lead
        + COSINE * cosine
    )
    chance = _logistic(words) * _logistic(GATE_STEEPNESS * (cosine - GATE))
    even = EVEN_ODDS * chance / (1 + (EVEN_ODDS - 1) * chance)
    return max(even, 0.9 * signals.coverage**4) if signals.names_it else even


def evidence_of(passages: Sequence[FoundPassage], terms: Sequence[Term]) -> float:
    """The same for passages that were not ranked against others, by the best of them alone."""
    return max((likelihood(_signals_of(found, terms)) for found in passages), default=0.0)


def _signals_of(found: FoundPassage, terms: Sequence[Term]) -> Signals:
    text = " ".join((found.title, *found.passage.heading_path, found.passage.text))
    indexed = index_text(text, language_of(text))
    identifiers = [term for term in terms if term.is_identifier]
    return Signals(
        cosine=found.dense_score,
        coverage=coverage(terms, indexed),
        coverage_lead=0.0,
        score_lead=0.0,
        names_it=bool(identifiers) and all(term.is_in(indexed) for term in identifiers),
    )


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))

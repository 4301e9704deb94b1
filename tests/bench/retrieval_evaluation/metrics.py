"""The metrics of retrieval: each a pure function under its definition.

Places are pieces of documents' texts; how a system came to them is no concern of theirs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.types import Span

Place = tuple[str, Span]  # a file's name and a span


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a document as a model would read it."""

    document: str  # the file's name
    span: Span  # in the document's text
    token_ends: tuple[int, ...]  # offsets in that text at which the tokens of the piece end
    label_tokens: int = 0  # read before it: where it stands, what names a table's columns

    def head(self, token_count: int) -> Span:
        """What the first so many tokens hold."""
        if token_count >= len(self.token_ends):
            return self.span
        end = self.token_ends[token_count - 1] if token_count > 0 else self.span.start
        return Span(self.span.start, end)


SEPARATOR_TOKENS = 1  # a blank line between two pieces


def within(pieces: Iterable[Piece], budget_tokens: int) -> list[Place]:
    """What the first so many tokens of the pieces hold, the last piece cut where they end."""
    held: list[Place] = []
    for piece in pieces:
        budget_tokens -= piece.label_tokens
        if budget_tokens <= 0:
            break
        held.append((piece.document, piece.head(budget_tokens)))
        budget_tokens -= len(piece.token_ends) + SEPARATOR_TOKENS
    return held


def gold_share(document: str, answers: Iterable[Sequence[Span]], found: Iterable[Place]) -> float:
    """The share of the answers' characters that lie in what was found, each counted once.

    Of an answer that stands in several places the one that was found best counts.
    """
    there = {at for name, span in found if name == document for at in range(span.start, span.end)}
    wanted: set[int] = set()
    for places in answers:
        wanted |= max(
            (set(range(place.start, place.end)) for place in places),
            key=lambda characters: len(characters & there),
        )
    return len(wanted & there) / len(wanted)


def reciprocal_rank(
    document: str, answers: Sequence[Span], found: Iterable[tuple[str, Iterable[Span]]]
) -> float:
    """One over the rank of the first passage that touches an answer; 0 where none does."""
    for rank, (name, places) in enumerate(found, start=1):
        if name == document and touch_any(places, answers):
            return 1 / rank
    return 0.0


def touch_any(places: Iterable[Span], answers: Sequence[Span]) -> bool:
    """Whether one of the places shares a character with one of the answers."""
    return any(touches(place, answer) for place in places for answer in answers)


def touches(one: Span, other: Span) -> bool:
    """Whether two spans share a character."""
    return max(one.start, other.start) < min(one.end, other.end)


def auroc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """How often a positive's number is above a negative's; equal ones count half.

    The area under the receiver operating characteristic (Hanley and McNeil, 1982).
    """
    wins = sum((p > n) + 0.5 * (p == n) for p in positive for n in negative)
    return wins / (len(positive) * len(negative))


def passing(values: Sequence[float], threshold: float) -> float:
    """The share of the values at or above the threshold."""
    return mean(value >= threshold for value in values)


def mean(values: Iterable[float]) -> float:
    """The mean of some values."""
    all_values = list(values)
    return sum(all_values) / len(all_values)


def quantile(values: Iterable[float], share: float) -> float:
    """The smallest value that so large a share of the values does not exceed."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]

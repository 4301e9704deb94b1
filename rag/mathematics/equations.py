"""What an answer claims to be equal: chains of sides in its formulas and in its words.

Code claims nothing here. Whether a claim holds is for `judging` to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from rag.mathematics.formulas import parts
from rag.mathematics.sides import Side, in_formula, in_words
from rag.types import Span

MOST_CLAIMS = 60  # of one answer; what comes after is not checked

_HYPOTHETICAL = re.compile(
    r"\b(?:if|suppose|assum\w*|try\w*|let|when|where|for|at|put|plug\w*|substitut\w*|set|case|with|"
    r"symmetry|axis|vertex|intercepts?|midpoint|minimum|maximum|asymptotes?|line|"
    r"falls|wenn|sei|für|mit|si|soit|pour)\b[^.;:]{0,24}$",
    re.IGNORECASE,
)
_IDENTITY = re.compile(
    r"expan[ds]|factor|simplif|multipl|identity|rewrit|ausmultipl|vereinfach|faktor", re.IGNORECASE
)
_RANGE = re.compile(r"\d[-–]\d")
_HEADING = re.compile(r"^(?:#|\s*(?:[-*_] *){3,}$)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Claim:
    """That two sides are equal, or nearly so, and what the words around them make of it."""

    span: Span
    left: str
    right: str
    is_rounded: bool  # ≈
    is_doubtful: bool  # what stands beside it may change what it says: it is never called wrong
    is_hypothetical: bool  # "if x = 3"
    is_identity: bool  # the sentence says that both are the same for all values
    begins_anew: bool  # a heading stands between this claim and the one before


def claims(text: str) -> tuple[Claim, ...]:
    """The claims of an answer, in its order."""
    found: list[Claim] = []
    for chain in _chains(text):
        for left, right in pairwise(chain):
            if left.relation in ("=", "≈"):
                end = found[-1].span.end if found else 0
                found.append(_claim(text, left, right, end))
    return tuple(found[:MOST_CLAIMS])


def _chains(text: str) -> Iterator[list[Side]]:
    at = 0
    for part in parts(text):
        yield from in_words(text, Span(at, part.span.start))
        at = part.span.end
        if part.is_formula:
            start = text.index(part.content, part.span.start) if part.content else at
            yield from in_formula(text, Span(start, start + len(part.content)))
    yield from in_words(text, Span(at, len(text)))


def _claim(text: str, left: Side, right: Side, last_end: int) -> Claim:
    before = text[max(0, left.span.start - 60) : left.span.start].rsplit("\n", 1)[-1]
    sentence = text[max(0, left.span.start - 160) : left.span.start]
    is_doubtful = left.is_doubtful or right.is_doubtful
    return Claim(
        span=Span(left.span.start, right.span.end),
        left=left.source,
        right=right.source,
        is_rounded=left.relation == "≈",
        is_doubtful=is_doubtful or bool(_RANGE.search(left.source + " " + right.source)),
        is_hypothetical=_HYPOTHETICAL.search(before) is not None,
        is_identity=_IDENTITY.search(sentence.rsplit("\n\n", 1)[-1]) is not None,
        begins_anew=_HEADING.search(text[last_end : left.span.start]) is not None,
    )

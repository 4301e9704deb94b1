"""Whether a claim's number is compared the other way: "over 100" for "under 100"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.grounding.quantities import Quantity

REACH = 24  # characters before a number in which its comparison stands

_ABOVE = (
    r"over|above|more than|greater than|at least|no less than|not less than|minimum(?: \w+)? of"
    r"|exceed\w*|mehr als|mindestens"
)
_BELOW = (
    r"under|below|less than|fewer than|at most|no more than|not more than|maximum(?: \w+)? of"
    r"|up to|weniger als|höchstens"
)
_NEGATED = re.compile(r"\b(?:no|not) (?:less|fewer|more) than\W*\w*\W*$", re.IGNORECASE)
_COMPARED = re.compile(
    rf"\b(?:(?P<above>{_ABOVE})|(?P<below>{_BELOW}))\W*(?:an? )?$", re.IGNORECASE
)


def compared_otherwise(
    claim: str, ours: Sequence[Quantity], evidence: str, theirs: Sequence[Quantity]
) -> bool:
    """Whether a number that both have is said to be exceeded by one and not by the other."""
    for quantity in ours:
        said = comparison(claim, quantity)
        there = [comparison(evidence, q) for q in theirs if q.agrees_with(quantity)]
        if said and there and -said in there and said not in there:
            return True
    return False


def comparison(text: str, quantity: Quantity) -> int:
    """1 for more than the quantity, -1 for less, 0 where nothing is said."""
    before = text[max(0, quantity.start - REACH) : quantity.start]
    match = _COMPARED.search(before)
    if match is None:
        return 0
    if negated := _NEGATED.search(before):
        return -1 if "more" in negated[0].lower() else 1
    return 1 if match["above"] else -1

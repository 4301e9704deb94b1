"""Whether a claim turns round who gave what to whom, or which number belongs to which.

Only what two words and the prepositions or numbers beside them tell: "sold to" for "sold by", "from
32 to 8" for "from 8 to 32", the amounts of two years exchanged. Subject and object exchanged are
not seen: the order of words alone, tried, tells true paraphrases from false ones no better than
chance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from rag.grounding.quantities import Quantity, Unit, quantities_of
from rag.grounding.tokens import Token, tokens_of

COUNTED = 2  # content words behind a number among which is what it counts

_FROM = re.compile(r"\b(?:from|von)\W*$", re.IGNORECASE)
_TO = re.compile(r"\b(?:to|auf|bis)\W*$", re.IGNORECASE)
_TOWARDS, _AWAY = frozenset({"to", "into", "onto", "for"}), frozenset({"from", "by", "against"})


def turned_round(claim: Sequence[Token], evidence: Sequence[Token]) -> bool:
    """Whether something goes to, or is for, what in the evidence it comes from, and vice versa."""
    ours, theirs = _led(claim), _led(evidence)
    for key, words in ours.items():
        others = theirs.get(key, set())
        for one, other in ((_TOWARDS, _AWAY), (_AWAY, _TOWARDS)):
            if words <= one and others and others <= other:
                return True
    return False


def _led(tokens: Sequence[Token]) -> dict[str, set[str]]:
    """The prepositions that lead to each word that matters."""
    led: dict[str, set[str]] = {}
    word = ""
    for token in tokens:
        if token.lower in _TOWARDS | _AWAY:
            word = token.lower
        elif token.matters and word:
            led.setdefault(token.key, set()).add(word)
            word = ""
    return led


def counted_otherwise(claim: str, evidence: str, shared: Set[str]) -> bool:
    """Whether a number counts what another number counts in the evidence: "3 cats" for "3 dogs".

    `shared` are the keys of the words that both have; where the evidence also counts the same
    with the number ("3 cats"), nothing is amiss.
    """
    ours, theirs = list(_counted(claim, shared)), list(_counted(evidence, shared))
    for quantity, key in ours:
        same = {other for q, other in theirs if q.agrees_with(quantity)}
        counts = [q for q, other in theirs if other == key]
        if same and key not in same and counts and not any(map(quantity.agrees_with, counts)):
            return True
    return False


def _counted(text: str, shared: Set[str]) -> Iterator[tuple[Quantity, str]]:
    """Each amount with the first shared word behind it."""
    tokens = tokens_of(text)
    for quantity in quantities_of(text):
        if _kind(quantity) != "amount":
            continue
        behind = [t for t in tokens if t.start > quantity.start and t.matters][: COUNTED + 1]
        key = next((t.key for t in behind if t.key in shared and not t.lower[0].isdigit()), "")
        if key:
            yield quantity, key


def misplaced(claim: Sequence[Quantity], evidence: Sequence[Quantity]) -> float:
    """Whether numbers of two kinds, such as amounts and years, are paired the other way: then 1.

    Amounts that stand in the evidence's order belong to years that stand in its order too, be they
    told in pairs, in a row of a table below its head, or with "respectively". Amounts alone
    ("from 8 to 32") are to stand in the evidence's order, which is less sure: 0.5 where not.
    """
    placed = [(q, at) for q in claim if (at := _place(q, evidence)) is not None]
    kinds = {kind: [at for q, at in placed if _kind(q) == kind] for kind in map(_kind, claim)}
    runs = {kind: _direction(places) for kind, places in kinds.items() if len(set(places)) > 1}
    if len(runs) > 1:
        return 1.0 if min(runs.values()) < 0 < max(runs.values()) else 0.0
    return 0.5 if runs.get("amount", 0) < 0 else 0.0


def reversed_range(claim: str, ours: Sequence[Quantity], theirs: Sequence[Quantity]) -> bool:
    """Whether a claim says "from A to B", and the evidence has B before A."""
    if any(_kind(quantity) == "year" for quantity in ours):
        return False  # then amounts belong to years: see `misplaced`
    places = [_place(quantity, theirs) for quantity in ours]
    for (first, second), (a, b) in zip(pairwise(ours), pairwise(places), strict=True):
        between = claim[first.start : second.start]
        is_range = _FROM.search(claim[: first.start]) and _TO.search(between)
        if is_range and a is not None and b is not None and b < a:
            return True
    return False


def _place(quantity: Quantity, evidence: Sequence[Quantity]) -> int | None:
    exact = [q.start for q in evidence if q.value == quantity.value and q.agrees_with(quantity)]
    return exact[0] if exact else None


def _kind(quantity: Quantity) -> str:
    if quantity.unit is Unit.PLAIN and quantity.scale == 1 and 1500 <= quantity.digits <= 2100:
        return "year"
    return "ordinal" if quantity.unit is Unit.ORDINAL else "amount"


def _direction(places: Sequence[int]) -> int:
    """1 where they go on, -1 where they go back, 0 where both."""
    steps = [after - before for before, after in pairwise(places)]
    if all(step >= 0 for step in steps):
        return 1
    return -1 if all(step <= 0 for step in steps) else 0

"""Names in a claim: capitalised words, initials and identifiers, and whether the evidence has them.

German writes every noun with a capital, so there only initials, identifiers and runs of two count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.grounding.tokens import Token
from rag.words import STOP_WORDS

_ALIASES = {
    "american": "us", "americans": "us", "america": "us", "states": "us",
    "british": "uk", "britain": "uk", "kingdom": "uk", "european": "eu", "union": "eu",
}  # fmt: skip
_INNER = frozenset({"of", "the", "de", "la", "van", "von", "and", "for"})


def names_in(claim: Sequence[Token], *, is_german: bool = False) -> Iterator[Token]:
    """The words of the claim that are names or parts of one."""
    for at, token in enumerate(claim):
        if token.lower in STOP_WORDS or not token.written[:1].isalnum() or len(token.lower) < 2:
            continue
        is_capital = token.written[:1].isupper() and _stands_out(claim, at, is_german)
        if is_capital or _is_identifier(token.written) or _is_initials(token.written):
            yield token


def _is_identifier(written: str) -> bool:
    return any(map(str.isdigit, written)) and any(map(str.isalpha, written))


def _is_initials(written: str) -> bool:
    return sum(map(str.isupper, written)) > 1


def _stands_out(claim: Sequence[Token], at: int, is_german: bool) -> bool:
    """Whether a capital says something here: inside a sentence, or in a run of capitals."""
    if claim[at].is_first or is_german:
        near = claim[at + 1 : at + 2] if claim[at].is_first else claim[max(0, at - 1) : at + 2]
        others = [t for t in near if t is not claim[at] and t.lower not in STOP_WORDS]
        return any(t.written[:1].isupper() for t in others)
    return True


def opening_of(claim: Sequence[Token]) -> Token | None:
    """The first word, which has a capital anyway, where it may be a name: it is no stop word."""
    first = claim[0] if claim else None
    return first if first and first.matters and first.written[:1].isupper() else None


def stands_in(name: Token, evidence: Sequence[Token]) -> bool:
    """Whether the evidence has the name, its kin ("Russians", "Russia") or its initials."""
    if any(_kin(name.lower, token.lower) for token in evidence):
        return True
    if (alias := _ALIASES.get(name.lower)) and alias in initials_of(evidence, len(alias)):
        return True
    return _is_initials(name.written) and name.lower in initials_of(evidence, len(name.lower))


def _kin(name: str, word: str) -> bool:
    """Alike in their first four letters, and in all but three of the shorter one's."""
    if name == word:
        return True
    shared = 0
    for a, b in zip(name, word, strict=False):
        if a != b:
            break
        shared += 1
    return shared >= 4 and shared >= min(len(name), len(word)) - 1 and not name.isdigit()


def initials_of(evidence: Sequence[Token], length: int) -> set[str]:
    """The first letters of all runs of `length` words, "of" and the like left out."""
    letters = "".join(token.lower[0] for token in evidence if token.lower not in _INNER)
    return {letters[at : at + length] for at in range(len(letters) - length + 1)}

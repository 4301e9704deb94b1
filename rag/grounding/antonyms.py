"""Words that turn a statement round: "rose" for "fell", "before" for "after"."""

from __future__ import annotations

from collections.abc import Sequence, Set

from rag.grounding.tokens import Token
from rag.words import stem

# Left against right of each line, in all their forms that are not made by a common ending.
_PAIRS = """
increase raise rise rose risen grow grew grown gain climb expand add / decrease reduce cut slow
increase raise rise rose risen grow grew grown gain climb / fall fell fallen decline drop
increase raise rise rose risen grow grew grown gain climb / shrink shrank shrunk lose lost
increase raise more greater larger bigger higher / reduce cut lower
more greater larger bigger higher / decrease less fewer smaller lower
lower cheap cheaper / dear dearer costly
many much / few little scarce scarcity
most / least fewest
before earlier previous prior precede pre / after later afterwards subsequent follow
with include including / without exclude excluding
above over exceed / below under beneath
minimum minimal lowest smallest / maximum maximal highest largest
best better improve strong stronger good / worst worse worsen weak weaker bad poorest
first start begin began open / last end finish close
buy bought purchase acquire / sell sold
allow permit enable let / forbid prohibit prevent ban
support favor back / oppose reject resist
win won victory beat / lose lost loss losses
old older oldest / young younger youngest new newest
long longer longest / short shorter shortest
plus / minus
wide wider widen broaden / narrow narrower
ahead advance / behind delay lag
large big great huge / small little tiny
fast faster quick quicker / slow slower
hot warm heat / cold cool
up upward / down downward
into / out
enter arrive join / leave depart quit
north / south
east / west
northeast / southwest
northwest / southeast
always often frequently common / never seldom rarely rare
all every / none
easy easily / hard difficult impossible
rich wealthy / poor
cheap cheaper / expensive costly dear
profit / loss
asset / liability
import / export
public / private
internal domestic home / external foreign international abroad overseas
positive / negative
favorable favourable / unfavorable unfavourable
early / late
same similar resemble / different differ
create build built construct / destroy demolish
save / cost spend
help benefit good / harm hurt damage
praise commend / criticize criticise fault
confirm confirmed / unconfirmed deny
proud / ashamed
strengthen stronger / weaken weaker reduce
still / gone formerly
advance further / hinder challenge
vertical / horizontal lateral
major / minor
adult / child larval juvenile
together / apart separate
for pro / against
male man men / female woman women
success succeed / failure fail
mehr / weniger
vor / nach
mit / ohne
steigen stieg gestiegen / sinken sank gesunken
"""


SHORTEST = 4  # letters of a word that "un" and the like turn round
_DENYING = ("non", "un", "im", "in", "dis")


def _table() -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for line in _PAIRS.strip().splitlines():
        left, right = ({_root(word) for word in side.split()} for side in line.split("/"))
        for words, others in ((left, right), (right, left)):
            for word in words:
                table.setdefault(word, set()).update(others)
    return {word: frozenset(others) for word, others in table.items()}


def _root(word: str) -> str:
    """The stem, with one consonant where an ending doubled it: "winning", "win"."""
    root = stem(word)
    is_doubled = len(root) > 3 and root[-1] == root[-2] and root != word and root[-1] not in "sl"
    return root[:-1] if is_doubled else root


_OPPOSITES = _table()


def turned(claim: Sequence[Token], evidence: Sequence[Token]) -> int:
    """How many words of the claim stand in the evidence as their opposite alone."""
    there, said = _roots(evidence), _roots(claim)
    return sum(_is_turned(word, said, there) for word in said - there)


def _is_turned(word: str, said: Set[str], there: Set[str]) -> bool:
    if _denied(word) & (there - said) or any(word in _denied(other) for other in there - said):
        return True
    opposites = _OPPOSITES.get(word, frozenset()) & there
    kin = _kin(word)
    return any(not (_kin(opposite) | {opposite}) & said for opposite in opposites) and not (
        kin & there
    )


def _denied(word: str) -> set[str]:
    return {prefix + word for prefix in _DENYING} if len(word) >= SHORTEST else set()


def _roots(tokens: Sequence[Token]) -> set[str]:
    return {_root(token.lower) for token in tokens}


def _kin(word: str) -> set[str]:
    """The words that share an opposite with it: they say the same."""
    return {kin for other in _OPPOSITES.get(word, ()) for kin in _OPPOSITES[other]}

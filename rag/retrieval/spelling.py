"""Words of the library that a word of a question may stand for: misspelt, or only begun."""

from __future__ import annotations

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from rag.catalog.passages import Passages
from rag.indexing import is_unspaced

SHORTEST = 4  # characters; what is shorter resembles too many words
LONG = 8  # characters, from which on two slips are allowed
MOST = 3
MOST_BEGUN = 10


def words_begun(indexed: str, passages: Passages) -> tuple[str, ...]:
    """What the index holds that goes on from a word's beginning, the commonest.

    Of an identifier ("KX-20") its last piece is the one begun.
    """
    if len(indexed) < SHORTEST and not is_unspaced(indexed):
        return ()
    *first, last = indexed.split()
    words = sorted(passages.indexed_words(last), key=lambda pair: (-pair[1], pair[0]))
    return tuple(" ".join((*first, word)) for word, _ in words[:MOST_BEGUN])


def nearest_words(stem: str, passages: Passages) -> tuple[str, ...]:
    """The indexed words at the fewest slips from this one, of those the commonest.

    A slip is a letter left out, put in, wrong or swapped with its neighbour (optimal string
    alignment). None for numbers and identifiers, which mean one thing. The first letter counts as
    right: it nearly always is, and the index is sorted by it.
    """
    if len(stem) < SHORTEST or not stem.isalpha():
        return ()
    counts = dict(passages.indexed_words(stem[0]))
    slips = 2 if len(stem) >= LONG else 1
    near = extract(stem, list(counts), scorer=OSA.distance, score_cutoff=slips, limit=None)
    fewest = min((distance for _, distance, _ in near), default=0)
    nearest = [word for word, distance, _ in near if distance == fewest]
    return tuple(sorted(nearest, key=lambda word: (-counts[word], word))[:MOST])

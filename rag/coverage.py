"""How much of a question's words stand in each of many sentences. Meaning is for the embedder."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence, Set

from rag.words import content_stems


def coverages(question: str, sentences: Sequence[Set[str]]) -> list[float]:
    """The share, 0 to 1, of the question's words that matter which stand in each sentence.

    Sentences come as their stems (see `content_stems`). A word weighs by its rarity among them
    (inverse document frequency, with a sentence for a document).
    """
    seen = Counter(stem for sentence in sentences for stem in sentence)
    wanted = {
        stem: math.log(1 + len(sentences) / (1 + seen[stem])) for stem in content_stems(question)
    }
    total = sum(wanted.values()) or 1.0
    return [sum(wanted.get(stem, 0.0) for stem in sentence) / total for sentence in sentences]

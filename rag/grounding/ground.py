"""A passage as claims are held against it: its sentences, what stands around them, their vectors.

It is made once for each passage of an answer's evidence, while the model reads its prompt.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rag.embedding import Embedder, Vectors
from rag.grounding.quantities import Quantity, quantities_of
from rag.grounding.tokens import Token, tokens_of
from rag.sentences import split_sentences
from rag.types import Span

_GERMAN = frozenset({"der", "das", "und", "ist", "nicht", "ein", "eine", "mit", "auf", "wird"})
NO_VECTORS: Vectors = np.zeros((0, 0), np.float32)


@dataclass(frozen=True, slots=True)
class Wording:
    """A text as the signals read it."""

    text: str
    tokens: tuple[Token, ...]
    keys: frozenset[str]  # of the words that matter
    quantities: tuple[Quantity, ...]
    is_german: bool  # then every noun has a capital

    @staticmethod
    def of(text: str) -> Wording:
        tokens = tokens_of(text)
        keys = frozenset(token.key for token in tokens if token.matters)
        is_german = bool(_GERMAN & {token.lower for token in tokens})
        return Wording(text, tokens, keys, quantities_of(text), is_german)


@dataclass(frozen=True, slots=True)
class Ground:
    """A passage, prepared."""

    spans: tuple[Span, ...]  # of its sentences, in its text; at least one
    sentences: tuple[Wording, ...]
    whole: Wording
    around: Wording  # title, headings and question: they count as evidence for words and names
    weights: dict[str, float]  # of its words, the rarer in its sentences the more
    vectors: Vectors  # of the sentences; empty without an embedder

    @staticmethod
    def of(text: str, *, around: Sequence[str] = (), embedder: Embedder | None = None) -> Ground:
        """The passage `text`; `around` is its title, its headings and what was asked."""
        spans = split_sentences(text) or (Span(0, len(text)),)
        sentences = tuple(Wording.of(span.of(text)) for span in spans)
        vectors = NO_VECTORS
        if embedder:
            vectors = embedder.embed([sentence.text for sentence in sentences])
        whole, beside = Wording.of(text), Wording.of("\n".join(around))
        return Ground(spans, sentences, whole, beside, _weights(sentences), vectors)


def _weights(sentences: Sequence[Wording]) -> dict[str, float]:
    seen = Counter(key for sentence in sentences for key in sentence.keys)
    return {key: math.log(1 + len(sentences) / count) for key, count in seen.items()}

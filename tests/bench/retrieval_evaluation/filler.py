"""What to fill a library with: sentences of the corpora in a new order, some of their words new,
and vectors around some centres.

Real sentences have real frequencies of words; new words keep the vocabulary growing as it does in
real libraries. What it says makes no sense, and nothing is found in it but by accident.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from rag.embedding import Vectors
from rag.sentences import split_sentences

SEED = 5
PARAGRAPH = 800  # characters: about what a passage holds
A_FILE = 1_000  # paragraphs
NEW = 0.08  # of the long words
CENTRES, SPREAD = 500, 0.8
LONG_WORD = re.compile(r"[a-z]{6,}")
SYLLABLES = ("an", "bor", "den", "el", "for", "gan", "is", "kal", "lin", "mor", "ner", "os", "tur")


def write_filler(corpora: Sequence[Path], folder: Path, paragraph_count: int) -> list[Path]:
    """Files of together so many paragraphs, the same at each run; those that are there stay."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"filler-{number:04}.txt" for number in range(paragraph_count // A_FILE)]
    if not all(path.is_file() for path in paths):
        paragraphs = paragraphs_of(sentences_of(corpora))
        for path in paths:
            path.write_text("\n\n".join(next(paragraphs) for _ in range(A_FILE)), "utf-8")
    return paths


def sentences_of(corpora: Sequence[Path]) -> list[str]:
    """The sentences of running text."""
    texts = [path.read_text("utf-8") for path in corpora]
    sentences = (span.of(text) for text in texts for span in split_sentences(text))
    return [" ".join(each.split()) for each in sentences if 40 < len(each) < 400]


def paragraphs_of(sentences: Sequence[str]) -> Iterator[str]:
    """Paragraphs without end."""
    drawn = random.Random(SEED)
    while True:
        paragraph = ""
        while len(paragraph) < PARAGRAPH:
            paragraph += LONG_WORD.sub(
                lambda word: changed(word[0], drawn), drawn.choice(sentences)
            )
            paragraph += " "
        yield paragraph.strip()


def changed(word: str, drawn: random.Random) -> str:
    """The word, or now and then a new one that begins as it does."""
    if drawn.random() > NEW:
        return word
    return word[:3] + "".join(drawn.choice(SYLLABLES) for _ in range(3))


class FillerVectors:
    """Vectors of length 1, the same at each run."""

    def __init__(self, dimensions: int) -> None:
        self._random = np.random.default_rng(SEED)
        self._centres = self._drawn((CENTRES, dimensions))

    def next(self, count: int) -> Vectors:
        """So many more."""
        near = self._centres[self._random.integers(CENTRES, size=count)]
        vectors = near + SPREAD * self._drawn(near.shape)
        normed: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return normed

    def _drawn(self, shape: tuple[int, ...]) -> Vectors:
        drawn = self._random.standard_normal(shape, dtype=np.float32)
        normed: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return normed

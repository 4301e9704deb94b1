"""The written claims with their false variants, and the passages of the corpora they are made of.

The passages are not copied into this repository: a claim names its passage by its characters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval_evaluation.gold import Half, half_of

from rag.chunking import chunk
from rag.documents import read
from rag.embedding import Embedder

MATERIAL = Path(__file__).parents[1] / "material" / "claims.jsonl"
PASSAGE_TOKENS = 200
_TORN = re.compile(r" @([-.,])@ ")  # how one of the corpora writes a hyphen, a point or a comma


@dataclass(frozen=True, slots=True)
class WrittenClaim:
    """A true sentence about a passage, and sentences about it that are false."""

    text: str
    corpus: str
    start: int  # of the passage, in the corpus
    end: int
    false: Mapping[str, Sequence[str]]  # by what was changed

    @property
    def half(self) -> Half:
        return half_of(self.text)


@dataclass(frozen=True, slots=True)
class CorpusPassage:
    """A passage of a corpus."""

    corpus: str
    start: int
    end: int
    text: str


def read_claims(path: Path = MATERIAL) -> list[WrittenClaim]:
    """All written claims."""
    lines = path.read_text("utf-8").splitlines()
    return [
        WrittenClaim(each["claim"], each["corpus"], each["start"], each["end"], each["false"])
        for each in map(json.loads, lines)
    ]


def read_passages(folder: Path, embedder: Embedder) -> list[CorpusPassage]:
    """All passages of the corpora in the folder, as the program makes them."""
    passages = []
    for path in sorted(folder.glob("*.md")):
        document = read(path)
        for passage in chunk(document, size=PASSAGE_TOKENS, count=embedder.count):
            start, end = passage.span.start, passage.span.end
            passages.append(CorpusPassage(path.stem, start, end, plain(passage.text)))
    return passages


def passage_of(claim: WrittenClaim, texts: Mapping[str, str]) -> CorpusPassage:
    """The passage that a claim was made of."""
    text = plain(texts[claim.corpus][claim.start : claim.end])
    return CorpusPassage(claim.corpus, claim.start, claim.end, text)


def plain(text: str) -> str:
    """The text as it was before it was torn into tokens."""
    return _TORN.sub(r"\1", text)

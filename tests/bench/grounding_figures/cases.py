"""What is checked: each claim against its passage, its variants, and the claim against others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from grounding_figures.claims import (
    CorpusPassage,
    WrittenClaim,
    passage_of,
    read_claims,
    read_passages,
)
from retrieval_evaluation.gold import Half

from rag.embedding import Embedder, Vectors
from rag.sentences import split_sentences

TRUE, ANOTHER, NEAREST = "true", "another passage", "nearest wrong passage"
CHANGED = ("number", "name", "negation", "relation")
KINDS = (TRUE, ANOTHER, NEAREST, *CHANGED)
LONGEST_CHANCE = 30  # characters; a longer sentence that stands in both is told twice


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence held against a passage."""

    kind: str
    sentence: str
    passage: CorpusPassage
    half: Half


def make_cases(folder: Path, embedder: Embedder, kept: Path) -> list[Case]:
    """All cases of both halves; the vectors of all passages are kept in the folder `kept`."""
    corpora = sorted((folder / "corpora").glob("*.md"))
    texts = {path.stem: path.read_text("utf-8") for path in corpora}
    passages = read_passages(folder / "corpora", embedder)
    vectors = _kept_vectors([passage.text for passage in passages], embedder, kept)
    cases: list[Case] = []
    for claim in read_claims():
        own = passage_of(claim, texts)
        cases += _of_its_passage(claim, own)
        order = np.argsort(-(vectors @ embedder.embed([claim.text])[0]))
        for kind, other in _others(claim, own, passages, order):
            cases.append(Case(kind, claim.text, other, claim.half))
    return cases


def _of_its_passage(claim: WrittenClaim, own: CorpusPassage) -> Iterator[Case]:
    yield Case(TRUE, claim.text, own, claim.half)
    for kind, sentences in claim.false.items():
        for sentence in sentences:
            yield Case(kind, sentence, own, claim.half)


def _others(
    claim: WrittenClaim,
    own: CorpusPassage,
    passages: Sequence[CorpusPassage],
    order: Sequence[int] | np.ndarray,
) -> Iterator[tuple[str, CorpusPassage]]:
    """A passage by chance out of all, and the nearest, that do not tell what the own one tells."""
    digest = hashlib.sha256(claim.text.encode()).digest()
    first = int.from_bytes(digest[1:5]) % len(passages)
    by_chance = [*range(first, len(passages)), *range(first)]
    for kind, numbers in ((ANOTHER, by_chance), (NEAREST, order)):
        yield kind, next(passages[n] for n in numbers if not tells_the_same(passages[n], own))


def tells_the_same(one: CorpusPassage, other: CorpusPassage) -> bool:
    """Whether they overlap, or a longer sentence stands in both."""
    if one.corpus == other.corpus and one.start < other.end and other.start < one.end:
        return True
    return bool(_long_sentences(one.text) & _long_sentences(other.text))


def _long_sentences(text: str) -> set[str]:
    sentences = (" ".join(span.of(text).split()) for span in split_sentences(text))
    return {sentence for sentence in sentences if len(sentence) > LONGEST_CHANCE}


def _kept_vectors(texts: Sequence[str], embedder: Embedder, kept: Path) -> Vectors:
    digest = hashlib.sha256("\0".join([embedder.fingerprint, *texts]).encode()).hexdigest()[:16]
    file = kept / f"{digest}.npy"
    if not file.exists():
        kept.mkdir(parents=True, exist_ok=True)
        np.save(file, embedder.embed(texts))
    return np.load(file)

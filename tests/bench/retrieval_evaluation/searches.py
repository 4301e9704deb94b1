"""What is measured: the retriever and the evidence it leads to, through the program's own doors.

A `Search` is one way from a question to passages and evidence; the rows of the tables are these
(`ablation`).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from retrieval_evaluation.metrics import Piece
from retrieval_evaluation.tokens import TokenEnds

from app.engine import Engine
from rag.evidence import Excerpt, gather
from rag.types import BoxMark, FoundPassage, Mark, Span

PASSAGES = 40  # enough for the largest budget and for ranks that still count
GATHERED = 30  # of them are read for sentences, as in an answer


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that was found."""

    document: str  # the file's name
    span: Span  # in the document's text as it was read
    text: str
    pages: tuple[int, ...] = ()  # physical; empty where there are none
    marks: tuple[Mark | BoxMark, ...] = ()


Evidence = Callable[[int], tuple[Piece, ...]]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave for one question."""

    hits: tuple[Hit, ...]  # best first
    evidence_at: Evidence  # what a model would read, in its order, by the budget in tokens
    likelihood: float  # 0 to 1: that the library holds an answer
    seconds: float
    core_seconds: float = 0.0  # of the processor, which other programs disturb less; 0: not known


Search = Callable[[str], Found]
Way = Callable[[Engine, TokenEnds], Search]


def deskbook(engine: Engine, ends: TokenEnds) -> Search:
    """All of Deskbook's retrieval as it is."""

    def search(question: str) -> Found:
        started, started_core = time.perf_counter(), time.process_time()
        retrieval = engine.retriever.retrieve(question, limit=PASSAGES)
        seconds, core = time.perf_counter() - started, time.process_time() - started_core
        hits = tuple(map(hit, retrieval.passages))
        read = excerpts(question, retrieval.passages, ends)
        return Found(hits, read, retrieval.evidence, seconds, core)

    return search


def hit(found: FoundPassage) -> Hit:
    """A passage without its scores."""
    pages = tuple(page.number for page in found.passage.pages)
    name, whole = Path(found.path).name, found.passage
    return Hit(name, whole.span, whole.text, pages, found.marks)


def excerpts(question: str, passages: Sequence[FoundPassage], ends: TokenEnds) -> Evidence:
    """The sentences that a model is given, with their labels; built anew for each budget."""

    def read(budget_tokens: int) -> tuple[Piece, ...]:
        gathered = gather(
            question, passages[:GATHERED], budget_tokens, count=lambda text: len(ends(text))
        )
        numbered = enumerate(gathered, start=1)
        return tuple(piece for each in numbered for piece in pieces_of(*each, ends))

    return read


def pieces_of(number: int, excerpt: Excerpt, ends: TokenEnds) -> Iterator[Piece]:
    """The windows of an excerpt; before the first its label is read."""
    document = Path(excerpt.passages[0].path).name
    label = len(ends(f"[{number}] {excerpt.place}\n{excerpt.header}\n"))
    for window in excerpt.windows:
        (text, *_) = (
            found.passage.text[window.start - start : window.end - start]
            for found in excerpt.passages
            if (start := found.passage.span.start) <= window.start < found.passage.span.end
        )
        yield Piece(document, window, tuple(window.start + end for end in ends(text)), label)
        label = 0


def whole(hits: Sequence[Hit], ends: TokenEnds) -> Evidence:
    """The passages as they are, whatever the budget."""
    pieces = tuple(
        Piece(each.document, each.span, tuple(each.span.start + end for end in ends(each.text)))
        for each in hits
    )
    return lambda budget_tokens: pieces

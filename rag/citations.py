"""Citations: the places that an answer's sentences rest on, numbered, exact to the sentence.

Models write markers like [2] for the second passage of the evidence, or forget them. Here each
sentence gets the place that bears it out, and is checked against it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.evidence import Excerpt
from rag.marks import marks_of
from rag.sentences import split_sentences
from rag.types import Citation, Claim, FoundPassage, Page, PageRef, Span
from rag.verification import SUPPORTED, overlap, support
from rag.words import content_stems

log = logging.getLogger(__name__)

_MARKER = re.compile(r"\s*\[(\d+(?:\s*,\s*\d+)*)\]")
_MARKERS_AFTER_STOP = re.compile(r"([.!?])((?:\s*\[\d+(?:\s*,\s*\d+)*\])+)")
_WORD_ENDS = re.compile(r"(?<=\s)")
_FENCES = ("```", "~~~")
_MARKER_BEGUN = re.compile(r"\[[\d,\s]*\]?$")  # it may belong to the sentence before

PagesAt = Callable[[str, Span], tuple[Page, ...]]  # the pages of a document that a span touches


class Citations:
    """The places cited in one answer; each has one number, in the order of first citing."""

    def __init__(self, pages_at: PagesAt) -> None:
        self._pages_at = pages_at
        self._cited: dict[tuple[str, Span], Citation] = {}

    def cite(self, found: FoundPassage, span: Span) -> int:
        """The number of the place `span`, which lies in the document of `found`."""
        key = (found.document, span)
        if key not in self._cited:
            self._cited[key] = self._citation(len(self._cited) + 1, found, span)
        return self._cited[key].n

    def all(self) -> tuple[Citation, ...]:
        """All citations so far, by number."""
        return tuple(self._cited.values())

    def _citation(self, n: int, found: FoundPassage, span: Span) -> Citation:
        inside = found.passage.span
        pages = self._pages_at(found.document, span)
        return Citation(
            n=n,
            document=found.document,
            path=found.path,
            title=found.title,
            kind=found.kind,
            heading_path=found.passage.heading_path,
            pages=tuple(PageRef(page.number, page.label) for page in pages),
            span=span,
            quote=found.passage.text[span.start - inside.start : span.end - inside.start],
            marks=marks_of(span, pages),
        )


class CitedWords:
    """A model's words, each sentence tied to the place that bears it out before it is shown.

    A marker that names no passage is dropped; a sentence without one gets the place that bears
    it out, if one does. The text between the sentences stays as it is, and so does fenced code.
    """

    def __init__(self, evidence: Sequence[Excerpt], citations: Citations) -> None:
        self._evidence = evidence
        self._citations = citations
        self._word = ""  # begun, perhaps not whole
        self._waiting = ""
        self._is_code = False
        self.claims: list[Claim] = []  # so far, in order

    def feed(self, words: str) -> str:
        """Take the next words; what comes back are the sentences that are whole by now.

        One is whole when a word of the next is. Where the words were cut on their way does not
        matter, for they are looked at word by word.
        """
        *whole, self._word = _WORD_ENDS.split(self._word + words)
        return "".join(self._take(word) for word in whole)

    def finish(self) -> str:
        """What is left when no more words come."""
        self._append(self._word)
        return self._release(split_sentences(self._waiting), up_to=len(self._waiting))

    def _take(self, word: str) -> str:
        self._append(word)
        spans = split_sentences(self._waiting)
        if len(spans) < 2 or _MARKER_BEGUN.match(spans[-1].of(self._waiting)):
            return ""
        return self._release(spans[:-1], up_to=spans[-1].start)

    def _append(self, words: str) -> None:
        self._waiting = _MARKERS_AFTER_STOP.sub(r"\2\1", self._waiting + words)

    def _release(self, spans: Sequence[Span], *, up_to: int) -> str:
        pieces: list[str] = []
        position = 0
        for span in spans:
            pieces += self._waiting[position : span.start], self._told(span.of(self._waiting))
            position = span.end
        pieces.append(self._waiting[position:up_to])
        self._waiting = self._waiting[up_to:]
        return "".join(pieces)

    def _told(self, sentence: str) -> str:
        """The sentence with its citations, noted as a claim; code as it is."""
        is_fence = sentence.startswith(_FENCES)
        self._is_code ^= is_fence
        if self._is_code or is_fence:
            return sentence
        claim = _check(sentence, self._evidence, self._citations)
        if content_stems(claim.text):
            self.claims.append(claim)
        return f"{claim.text} {''.join(f'[{n}]' for n in claim.citations)}".rstrip()


def _check(sentence: str, evidence: Sequence[Excerpt], citations: Citations) -> Claim:
    text = _MARKER.sub("", sentence).strip()
    marked = _marked_excerpts(sentence, evidence)
    places = [_best_place(text, excerpt) for excerpt in marked]
    if not places:
        places = [
            place
            for place in sorted(
                (_best_place(text, excerpt) for excerpt in evidence), key=lambda place: -place.score
            )[:1]
            if place.score >= SUPPORTED
        ]
    numbers = tuple(dict.fromkeys(citations.cite(place.found, place.span) for place in places))
    score = max((place.score for place in places), default=0.0)
    return Claim(text, numbers, is_supported=score >= SUPPORTED, score=score)


def _marked_excerpts(sentence: str, evidence: Sequence[Excerpt]) -> list[Excerpt]:
    numbers = [int(n) for marker in _MARKER.findall(sentence) for n in marker.split(",")]
    unknown = [n for n in numbers if not 1 <= n <= len(evidence)]
    if unknown:
        log.info("dropped %d markers that name no passage", len(unknown))
    return [evidence[n - 1] for n in dict.fromkeys(numbers) if 1 <= n <= len(evidence)]


@dataclass(frozen=True, slots=True)
class _Place:
    found: FoundPassage
    span: Span
    score: float


def _best_place(claim: str, excerpt: Excerpt) -> _Place:
    """The sentence that bears the claim out best, in any of the excerpt's passages."""
    places = [_place_in(found, claim) for found in excerpt.passages]
    return max(places, key=lambda place: place.score)


def _place_in(found: FoundPassage, claim: str) -> _Place:
    """The sentence of a passage that bears the claim out best; scored with all around it."""
    passage = found.passage
    spans = split_sentences(passage.text) or (Span(0, len(passage.text)),)
    best = max(spans, key=lambda span: _closeness(claim, span.of(passage.text)))
    around = "\n".join((found.title, *passage.heading_path, passage.text))
    score = support(claim, best.of(passage.text), around=around)
    start = passage.span.start
    return _Place(found, Span(start + best.start, start + best.end), score)


def _closeness(claim: str, sentence: str) -> tuple[float, float]:
    """The words tell where no sentence has all the numbers."""
    return support(claim, sentence), overlap(claim, sentence)

"""Citations: the places that an answer's sentences rest on, numbered, exact to the sentence.

Models write markers like [2] for the second passage of the evidence, or forget them. Here each
sentence gets the place that bears it out, and is checked against it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.embedding import Embedder
from rag.evidence import Excerpt
from rag.grounding import Check, Ground, Vector, Wording, check
from rag.marks import marks_of
from rag.sentences import split_sentences
from rag.types import Citation, Claim, ClaimVerdict, FoundPassage, Page, PageRef, Span
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

    def __init__(self, pages_at: PagesAt, *, embedder: Embedder | None = None) -> None:
        self._pages_at = pages_at
        self.embedder = embedder  # sentences are checked with it; without one, by words alone
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
    `question` counts as evidence for words and names: an answer repeats them.
    """

    def __init__(
        self, evidence: Sequence[Excerpt], citations: Citations, *, question: str = ""
    ) -> None:
        self._evidence = evidence
        self._citations = citations
        self._grounds = _Grounds(citations.embedder, question)
        self._word = ""  # begun, perhaps not whole
        self._waiting = ""
        self._is_code = False
        self.claims: list[Claim] = []  # so far, in order

    def prepare(self) -> None:
        """Read the evidence now, so that the first sentence need not wait for it."""
        for excerpt in self._evidence:
            for found in excerpt.passages:
                self._grounds.of(found)

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
        claim = self._checked(sentence)
        if content_stems(claim.text):
            self.claims.append(claim)
        return f"{claim.text} {''.join(f'[{n}]' for n in claim.citations)}".rstrip()

    def _checked(self, sentence: str) -> Claim:
        text = _MARKER.sub("", sentence).strip()
        claim, vector = Wording.of(text), self._grounds.vector(text)
        marked = _marked_excerpts(sentence, self._evidence)
        places = [
            max(
                (_place(found, claim, self._grounds, vector) for found in excerpt.passages),
                key=_score,
            )
            for excerpt in marked or self._evidence
        ]
        best = max(places, key=_score, default=None)
        is_borne_out = best is not None and best.check.is_borne_out
        is_close = any(place.check.is_close for place in places)
        cited = places if marked else [best] if best and is_borne_out else []
        numbers = (self._citations.cite(place.found, place.span) for place in cited)
        return Claim(
            text,
            tuple(dict.fromkeys(numbers)),
            is_supported=is_borne_out,
            score=best.check.score if best else 0.0,
            verdict=_verdict(is_borne_out, is_about_evidence=bool(marked) or is_close),
        )


def _verdict(is_borne_out: bool, *, is_about_evidence: bool) -> ClaimVerdict:
    if is_borne_out:
        return ClaimVerdict.BORNE_OUT
    return ClaimVerdict.NOT_BORNE_OUT if is_about_evidence else ClaimVerdict.OWN


def _marked_excerpts(sentence: str, evidence: Sequence[Excerpt]) -> list[Excerpt]:
    numbers = [int(n) for marker in _MARKER.findall(sentence) for n in marker.split(",")]
    unknown = [n for n in numbers if not 1 <= n <= len(evidence)]
    if unknown:
        log.info("dropped %d markers that name no passage", len(unknown))
    return [evidence[n - 1] for n in dict.fromkeys(numbers) if 1 <= n <= len(evidence)]


class _Grounds:
    """The evidence as claims are held against it, each passage read once."""

    def __init__(self, embedder: Embedder | None, question: str) -> None:
        self._embedder = embedder
        self._question = question
        self._read: dict[int, Ground] = {}

    def of(self, found: FoundPassage) -> Ground:
        """The passage with what stands around it: title, headings and question."""
        if found.passage_id not in self._read:
            around = (found.title, *found.passage.heading_path, self._question)
            self._read[found.passage_id] = Ground.of(
                found.passage.text, around=around, embedder=self._embedder
            )
        return self._read[found.passage_id]

    def vector(self, claim: str) -> Vector | None:
        """The claim's vector, where there is an embedder."""
        return self._embedder.embed([claim])[0] if self._embedder else None


@dataclass(frozen=True, slots=True)
class _Place:
    found: FoundPassage
    span: Span  # of the nearest sentence, in the document's text
    check: Check


def _place(found: FoundPassage, claim: Wording, grounds: _Grounds, vector: Vector | None) -> _Place:
    result = check(claim, grounds.of(found), vector)
    start = found.passage.span.start
    return _Place(found, Span(start + result.span.start, start + result.span.end), result)


def _score(place: _Place) -> float:
    return place.check.score

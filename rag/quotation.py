"""The quotation: the sentences of the evidence that answer, picked without a language model.

It is the first answer on the screen, and the only one to rely on while no real model is there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.citations import Citations
from rag.coverage import coverages
from rag.embedding import Embedder
from rag.sentences import split_sentences
from rag.types import Claim, FoundPassage, Quotation, Span
from rag.words import content_stems, words_of

PASSAGES = 5  # looked into
MOST = 3  # sentences quoted
MOST_IN_LIST, MOST_IN_GIST = 12, 5
NEAR_BEST = 0.9  # of the best sentence's score, for those quoted beside it

# Meaning, the words that matter, and what the retriever thought of the passage.
COSINE_WEIGHT, OVERLAP_WEIGHT, PASSAGE_WEIGHT = 0.5, 0.3, 0.2

_NUMBERING = re.compile(r"^\d+(?:\.\d+)*\.?\s+|\s*#+$")  # a heading's, as "2.1" or a closing "##"
_LIST_MARK = re.compile(r"^\s*(?:[-*+•>]|#{1,6}|\d{1,3}[.)])\s+")
_EMPHASIS = re.compile(r"\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)|`")

_IDENTIFIER = re.compile(r"(?=.*\d)(?=.*[^\W\d]).+")  # letters and digits together


@dataclass(frozen=True, slots=True)
class _Candidate:
    found: FoundPassage
    span: Span  # in the document's text
    text: str  # on one line


def quote(
    question: str,
    passages: Sequence[FoundPassage],
    citations: Citations,
    *,
    embedder: Embedder,
) -> Quotation:
    """The one to three sentences that answer best, each cited; empty without passages."""
    candidates = _naming(question, _candidates(passages[:PASSAGES]))
    if not candidates:
        return Quotation("", (), ())
    scores = _scores(question, candidates, embedder)
    best = max(scores)
    ranked = sorted(zip(scores, candidates, strict=True), key=lambda pair: -pair[0])
    near = best - (1 - NEAR_BEST) * abs(best)
    return _quoted([candidate for score, candidate in ranked[:MOST] if score >= near], citations)


def quote_each(
    question: str,
    passages: Sequence[FoundPassage],
    citations: Citations,
    *,
    embedder: Embedder,
) -> Quotation:
    """The sentence that answers best in each of these passages, in their order."""
    candidates = _candidates(passages[:MOST_IN_LIST])
    scores = _scores(question, candidates, embedder) if candidates else []
    best: dict[int, tuple[float, _Candidate]] = {}
    for score, candidate in zip(scores, candidates, strict=True):
        passage = candidate.found.passage_id
        best[passage] = max(best.get(passage, (score, candidate)), (score, candidate), key=_first)
    return _quoted([candidate for _, candidate in best.values()], citations)


def quote_gist(
    passages: Sequence[FoundPassage],
    citations: Citations,
    *,
    embedder: Embedder,
) -> Quotation:
    """The sentences nearest to what all these passages are about, in the passages' order.

    Of each passage one at most. (The centroid method: Radev et al., "Centroid-based summarization
    of multiple documents", 2004, with vectors of sentences for weights of words.)
    """
    firsts = [next(_of_one, None) for _of_one in map(_telling, passages)]
    candidates = [candidate for candidate in firsts if candidate]
    if not candidates:
        return Quotation("", (), ())
    vectors = embedder.embed([candidate.text for candidate in candidates])
    nearness = vectors @ vectors.mean(axis=0)
    order = sorted(range(len(candidates)), key=lambda at: -float(nearness[at]))
    return _quoted([candidates[at] for at in sorted(order[:MOST_IN_GIST])], citations)


def _first(pair: tuple[float, _Candidate]) -> float:
    return pair[0]


def _telling(found: FoundPassage) -> Iterator[_Candidate]:
    return (candidate for candidate in _sentences_of(found) if _tells(candidate))


def _quoted(chosen: Sequence[_Candidate], citations: Citations) -> Quotation:
    claims = tuple(
        Claim(c.text, (citations.cite(c.found, c.span),), is_supported=True, score=1.0)
        for c in chosen
    )
    text = "\n\n".join(f"{claim.text} [{claim.citations[0]}]" for claim in claims)
    return Quotation(text, claims, citations.all())


def _candidates(passages: Sequence[FoundPassage]) -> list[_Candidate]:
    """The sentences that say something, each once, from the best passage that has it.

    All of them where none says something, as in a note of one word.
    """
    candidates = [candidate for found in passages for candidate in _sentences_of(found)]
    telling = [candidate for candidate in candidates if _tells(candidate)] or candidates
    return list({candidate.text: candidate for candidate in reversed(telling)}.values())[::-1]


def _naming(question: str, candidates: list[_Candidate]) -> list[_Candidate]:
    """Those that hold the question's identifiers, such as E4 or KX-200, if any does.

    An identifier means one thing, and is close to nothing in meaning.
    """
    identifiers = {word for word in words_of(question) if _IDENTIFIER.fullmatch(word)}
    naming = [c for c in candidates if identifiers and identifiers <= set(words_of(c.text))]
    return naming or candidates


def _sentences_of(found: FoundPassage) -> Iterator[_Candidate]:
    start = found.passage.span.start
    for span in split_sentences(found.passage.text):
        text = _plain(span.of(found.passage.text))
        yield _Candidate(found, Span(start + span.start, start + span.end), text)


def _tells(candidate: _Candidate) -> bool:
    headings = {_NUMBERING.sub("", title) for title in candidate.found.passage.heading_path}
    is_heading = _NUMBERING.sub("", candidate.text) in headings
    return len(content_stems(candidate.text)) >= 2 and not is_heading


def _plain(sentence: str) -> str:
    """On one line, without the marks of a list, a table or an emphasis: words alone."""
    line = " ".join(sentence.split())
    line = _LIST_MARK.sub("", line.strip("|"))
    return " ".join(_EMPHASIS.sub("", line.replace("|", " · ")).split())


def _scores(
    question: str,
    candidates: Sequence[_Candidate],
    embedder: Embedder,
) -> list[float]:
    vectors = embedder.embed([candidate.text for candidate in candidates])
    cosines = vectors @ embedder.question(question)[0]
    covered = coverages(question, [content_stems(candidate.text) for candidate in candidates])
    return [
        COSINE_WEIGHT * float(cosine)
        + OVERLAP_WEIGHT * coverage
        + PASSAGE_WEIGHT * candidate.found.score
        for candidate, cosine, coverage in zip(candidates, cosines, covered, strict=True)
    ]

"""Questions with the places that answer them, their two halves, and the third hardest to word.

The file is that of Chroma's evaluation of chunking: columns question, references (JSON) and
corpus_id. Nothing here knows how a question is searched.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from rag.types import Span

WORD = re.compile(r"\w+")
SHORTEST_WORD, STEM_LETTERS = 4, 5
SHORTEST_REPEAT = 30  # characters; shorter ones are phrases that anything may hold


class Half(StrEnum):
    """What a question is for: choosing weights, or the figures that are told."""

    TUNING = "tuning"
    REPORTING = "reporting"


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the places that answer it, all in one document."""

    text: str
    document: str  # the file's name
    answers: tuple[Span, ...]  # in the document's text, or, where it was typeset, as aligned
    repeats: tuple[tuple[Span, ...], ...] = ()  # where else each answer stands, letter for letter

    @property
    def half(self) -> Half:
        return half_of(self.text)

    @property
    def alternatives(self) -> tuple[tuple[Span, ...], ...]:
        """For each answer the places that are as good as it."""
        if not self.repeats:
            return tuple((answer,) for answer in self.answers)
        return tuple(
            (answer, *repeats) for answer, repeats in zip(self.answers, self.repeats, strict=True)
        )

    @property
    def places(self) -> tuple[Span, ...]:
        """All places that answer it."""
        return tuple(place for places in self.alternatives for place in places)


def with_repeats(question: Question, text: str) -> Question:
    """The question with the places where its answers stand once more.

    Two of the corpora repeat paragraphs, and the file of questions names one place of each. A text
    with the answer left out has it nowhere, and one that is told once is not missing elsewhere.
    """
    return replace(
        question,
        repeats=tuple(tuple(_elsewhere(answer, text)) for answer in question.answers),
    )


def _elsewhere(answer: Span, text: str) -> Iterator[Span]:
    wanted = answer.of(text)
    if len(wanted) < SHORTEST_REPEAT:
        return
    at = text.find(wanted)
    while at >= 0:
        if at != answer.start:
            yield Span(at, at + len(wanted))
        at = text.find(wanted, at + 1)


def half_of(text: str) -> Half:
    """By the first bit of the question's SHA-256, so that no choice of ours decides it."""
    first = hashlib.sha256(text.encode()).digest()[0]
    return Half.REPORTING if first & 0x80 else Half.TUNING


def read_questions(path: Path, *, suffix: str = ".md") -> list[Question]:
    """All questions of the file, on documents named by their corpus and `suffix`."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Question(row["question"], row["corpus_id"] + suffix, _answers_of(row["references"]))
            for row in csv.DictReader(file)
        ]


def _answers_of(references: str) -> tuple[Span, ...]:
    return tuple(Span(each["start_index"], each["end_index"]) for each in json.loads(references))


def other_words(questions: Sequence[Question], texts: Mapping[str, str]) -> list[Question]:
    """The third of the questions that share the fewest words with their answers.

    By the share of the question's words of four letters and more whose first five letters begin
    a word of an answer; where shares are equal, the hash of the question decides.
    """

    def key(question: Question) -> tuple[float, str]:
        answers = " ".join(span.of(texts[question.document]) for span in question.answers)
        return shared_words(question.text, answers), hashlib.sha256(
            question.text.encode()
        ).hexdigest()

    return sorted(questions, key=key)[: len(questions) // 3]


def shared_words(question: str, answer: str) -> float:
    """The share of the question's words that stand in the answer; 1 where it has none."""
    asked, there = _stems(question), _stems(answer)
    return len(asked & there) / len(asked) if asked else 1.0


def _stems(text: str) -> set[str]:
    words = (word.lower() for word in WORD.findall(text))
    return {word[:STEM_LETTERS] for word in words if len(word) >= SHORTEST_WORD}

"""Evidence: the sentences of the ranked passages that a model is given to read, within a budget.

A passage answers with one or two of its sentences, and on a laptop each token read costs time: so
the budget is spent sentence by sentence, the best first, wherever they stand.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from textwrap import shorten

from rag.coverage import coverages
from rag.folding import fold
from rag.sentences import split_sentences
from rag.types import FoundPassage, Passage, Span
from rag.words import STOP_WORDS, content_stems, stem, words_of

LABEL_TOKENS = 6  # around an excerpt's place; the windows' dots cost less than neighbours save
LEAST_ROOM = 8  # tokens; with less left no sentence is looked for any more
LOWEST_HEADINGS, LONGEST_PART = 2, 60  # of a place: whole paths cost as much as sentences
LONGEST_UNIT = 400  # characters of rows or items that are taken as one
MOST_WHITE = 4  # characters between two sentences that follow each other

TOKENS_IN_DIGEST = 50  # for a passage and its label: a long sentence or two

ALIKE = 0.9  # of all their words, and two sentences may say the same
FEWEST_WORDS = 5  # that matter; shorter sentences are too easily alike

MOST_OF_BUDGET = 0.75  # for one document, while another has something to say
SAYS_SOMETHING = 0.7  # of the best score

_ROW = re.compile(r"[^\t]*\S[^\t]*\t")
_LIST_ITEM = re.compile(r"\s*(?:[-*+•]|\(?\w{1,3}[.)])\s")

Count = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Sentences of one passage, or of several that follow each other, under one number."""

    passages: tuple[FoundPassage, ...]  # in the document's order
    windows: tuple[Span, ...]  # of whole sentences, in the document's text and order
    header: str = ""  # the row that names the columns of the table in whose midst it begins

    @property
    def text(self) -> str:
        """What is read: the windows, with dots where something between them is left out."""
        text = self._cut(self.windows[0])
        for before, window in pairwise(self.windows):
            follows = window.start - before.end <= MOST_WHITE
            text += ("\n" if follows else " … ") + self._cut(window)
        return f"{self.header}\n{text}" if self.header else text

    @property
    def place(self) -> str:
        """Where it stands, on one line: title, headings and printed pages."""
        first, last = self.passages[0], self.passages[-1]
        return _path_of(first) + _printed_pages(first.passage, last.passage)

    def without(self, others: Sequence[Excerpt]) -> Excerpt | None:
        """What none of the others has of the same document; None where nothing is left."""
        document = self.passages[0].document
        told = [
            window
            for other in others
            if other.passages[0].document == document
            for window in other.windows
        ]
        left = [part for window in self.windows for part in _parts_outside(window, told)]
        windows = tuple(window for window in map(self._trimmed, left) if len(window))
        return replace(self, windows=windows) if windows else None

    def _trimmed(self, window: Span) -> Span:
        text = self._cut(window)
        start = window.start + len(text) - len(text.lstrip())
        return Span(start, max(start, window.start + len(text.rstrip())))

    def _cut(self, window: Span) -> str:
        for passage in (found.passage for found in self.passages):
            if passage.span.start <= window.start and window.end <= passage.span.end:
                start = passage.span.start
                return passage.text[window.start - start : window.end - start]
        raise ValueError(f"{window} lies in none of the passages")


def _parts_outside(window: Span, others: Sequence[Span]) -> Iterator[Span]:
    """What of the window lies in none of the others, in order."""
    start = window.start
    for other in sorted(others, key=lambda span: span.start):
        if start < other.start < window.end:
            yield Span(start, other.start)
        if other.start < window.end:
            start = max(start, other.end)
    if start < window.end:
        yield Span(start, window.end)


def _path_of(found: FoundPassage) -> str:
    parts = dict.fromkeys((found.title, *found.passage.heading_path[-LOWEST_HEADINGS:]))
    return " > ".join(shorten(part, LONGEST_PART, placeholder=" …") for part in parts)


def _printed_pages(first: Passage, last: Passage) -> str:
    labels = [page.label for page in (*first.pages, *last.pages)]
    if not labels:
        return ""
    same = labels[0] == labels[-1]
    return f", page {labels[0]}" if same else f", pages {labels[0]} to {labels[-1]}"


def gather(
    question: str, passages: Sequence[FoundPassage], budget: int, *, count: Count
) -> tuple[Excerpt, ...]:
    """The sentences that may answer, of passages ranked for the question, the best excerpt first.

    With their labels they have about `budget` tokens at most, as `count` counts them; there are
    none where not even one fits. What says the same as something chosen before is left out; the
    rows of a table come with the names of its columns, the items of a list with what announces
    them.
    """
    sentences = _sentences(passages)
    covered = coverages(question, [sentence.stems for sentence in sentences])
    scores = [s.found.score + c for s, c in zip(sentences, covered, strict=True)]
    excerpts = _chosen_excerpts(sentences, scores, budget, count)
    return tuple(excerpt for _, excerpt in sorted(excerpts, key=lambda scored: -scored[0]))


def digest(passages: Sequence[FoundPassage], budget: int, *, count: Count) -> tuple[Excerpt, ...]:
    """The first sentences of passages from all over a text, each passage with as much as the next.

    In the order of the passages, of which every other is left out where the budget is too small
    for all. For the budget see `gather`.
    """
    room_for = max(1, budget // TOKENS_IN_DIGEST)
    kept = [passages[at * len(passages) // room_for] for at in range(room_for)]
    passages = kept if room_for < len(passages) else passages
    sentences = _sentences(passages)
    ranks = Counter[int]()
    scores = []
    for sentence in sentences:
        scores.append(-float(ranks[sentence.found.passage_id]))
        ranks[sentence.found.passage_id] += 1
    return tuple(excerpt for _, excerpt in _chosen_excerpts(sentences, scores, budget, count))


def _chosen_excerpts(
    sentences: Sequence[_Sentence], scores: Sequence[float], budget: int, count: Count
) -> Iterator[tuple[float, Excerpt]]:
    """Each excerpt with its best sentence's score, in the order of the documents' texts."""
    for numbers in _neighbours(_Choice(sentences, scores, budget, count).made(), sentences):
        yield max(scores[n] for n in numbers), _excerpt([sentences[n] for n in numbers])


# --- sentences ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Sentence:
    found: FoundPassage
    span: Span  # in the document's text
    text: str
    stems: frozenset[str]
    lead: int  # the number of the sentence it is not understood without; its own where of none

    def says_the_same_as(self, other: _Sentence) -> bool:
        if self.text == other.text:
            return True
        if min(len(self.stems), len(other.stems)) < FEWEST_WORDS:
            return False
        if len(self.stems & other.stems) < ALIKE * len(self.stems | other.stems):
            return False
        return _pairs(self.text) == _pairs(other.text)


def _pairs(text: str) -> set[tuple[str, str]]:
    """Each word that matters with the next: who bit whom, and how many."""
    words = [stem(word) for word in words_of(text) if word not in STOP_WORDS]
    return set(pairwise(words))


def _sentences(passages: Sequence[FoundPassage]) -> list[_Sentence]:
    sentences: list[_Sentence] = []
    for found in passages:
        passage = found.passage
        before, lead = "", 0
        for span in _units(passage.text):
            text = span.of(passage.text)
            lead = lead if _continues(before, text) else len(sentences)
            place = Span(passage.span.start + span.start, passage.span.start + span.end)
            sentences.append(_Sentence(found, place, text, frozenset(content_stems(text)), lead))
            before = text
    return sentences


def _units(text: str) -> Iterator[Span]:
    """The sentences of a text, with short rows and items that follow each other as one.

    Alone they say little: a table's first row has the words of a question and its last the answer.
    """
    unit: Span | None = None
    for span in split_sentences(text):
        if (
            unit
            and _is_part(unit.of(text))
            and _is_part(span.of(text))
            and (span.end - unit.start <= LONGEST_UNIT)
        ):
            unit = Span(unit.start, span.end)
            continue
        if unit:
            yield unit
        unit = span
    if unit:
        yield unit


def _is_part(text: str) -> bool:
    """Whether it ends like a row, an item or a heading and not like a sentence."""
    return text[-1:] not in ".!?"


def _continues(before: str, unit: str) -> bool:
    """Whether it goes on with the rows, or with the items and their announcement, before it."""
    last = before.rpartition("\n")[2]
    if _ROW.match(unit):
        return _ROW.match(last) is not None
    if _LIST_ITEM.match(unit):
        return last.endswith(":") or _LIST_ITEM.match(last) is not None
    return False


# --- choosing -----------------------------------------------------------------------------------


class _Choice:
    """The budget spent on sentences, the best first; an object makes one choice and is done."""

    def __init__(
        self, sentences: Sequence[_Sentence], scores: Sequence[float], budget: int, count: Count
    ) -> None:
        self._sentences = sentences
        self._scores = scores
        self._budget = self._left = budget
        self._count = count
        self._chosen: set[int] = set()
        self._opened: set[int] = set()  # ids of passages
        self._spent: Counter[str] = Counter()  # tokens by document

    def made(self) -> list[int]:
        """The numbers of the sentences chosen, in order.

        While other documents have something to say, none gets the whole budget.
        """
        telling = SAYS_SOMETHING * max(self._scores, default=0.0)
        self._spend(least=telling, most=MOST_OF_BUDGET * self._budget)
        self._spend(least=-math.inf, most=self._budget)
        return sorted(self._chosen)

    def _spend(self, *, least: float, most: float) -> None:
        """On sentences of at least that score, and at most so many tokens a document."""
        for number in sorted(range(len(self._sentences)), key=lambda n: -self._scores[n]):
            if self._left < LEAST_ROOM or self._scores[number] < least:
                return
            if not self._is_told(number):
                self._take(number, most)

    def _is_told(self, number: int) -> bool:
        sentence = self._sentences[number]
        return number in self._chosen or any(
            sentence.says_the_same_as(self._sentences[other]) for other in self._chosen
        )

    def _take(self, number: int, most: float) -> None:
        """The sentence with what it needs, if there is room for all of it."""
        sentence = self._sentences[number]
        taken = {number, sentence.lead, *self._gaps_beside(number)} - self._chosen
        cost = sum(self._count(self._sentences[n].text) for n in taken)
        if sentence.found.passage_id not in self._opened:
            label = "\n".join((_path_of(sentence.found), _header_of(sentence.found.passage)))
            cost += self._count(label) + LABEL_TOKENS
        document = sentence.found.document
        if cost <= min(self._left, most - self._spent[document]):
            self._left -= cost
            self._spent[document] += cost
            self._chosen |= taken
            self._opened.add(sentence.found.passage_id)

    def _gaps_beside(self, number: int) -> Iterator[int]:
        """A single sentence between two that are chosen: it costs less than it helps to read."""
        for between, beyond in ((number - 1, number - 2), (number + 1, number + 2)):
            if beyond in self._chosen and self._are_of_one_passage(number, beyond):
                yield between

    def _are_of_one_passage(self, *numbers: int) -> bool:
        return len({self._sentences[n].found.passage_id for n in numbers}) == 1


# --- excerpts -----------------------------------------------------------------------------------


def _neighbours(chosen: Sequence[int], sentences: Sequence[_Sentence]) -> list[list[int]]:
    """The numbers of the chosen, those together whose passages follow each other."""
    by_place = sorted(chosen, key=lambda n: (sentences[n].found.document, sentences[n].span.start))
    groups: list[list[int]] = []
    for number in by_place:
        if groups and _follow(sentences[groups[-1][-1]].found, sentences[number].found):
            groups[-1].append(number)
        else:
            groups.append([number])
    return groups


def _follow(found: FoundPassage, following: FoundPassage) -> bool:
    """Whether it is the same passage, or the next of the same section."""
    if found.document != following.document:
        return False
    passage, other = found.passage, following.passage
    is_next = 0 <= other.span.start - passage.span.end <= MOST_WHITE
    return passage == other or (is_next and passage.heading_path == other.heading_path)


def _excerpt(sentences: Sequence[_Sentence]) -> Excerpt:
    """Of sentences in the order of one document."""
    passages = dict.fromkeys(sentence.found for sentence in sentences)
    windows = [sentences[0].span]
    for before, sentence in pairwise(sentences):
        if before.found == sentence.found and sentence.span.start - before.span.end <= MOST_WHITE:
            windows[-1] = Span(windows[-1].start, sentence.span.end)
        else:
            windows.append(sentence.span)
    return Excerpt(tuple(passages), tuple(windows), _header_of(sentences[0].found.passage))


def _header_of(passage: Passage) -> str:
    """The row that names the columns of the table in whose midst a passage begins.

    Chunking has put it before what is searched of the passage.
    """
    text = fold(passage.text)
    return passage.folded.removesuffix(text).strip() if passage.folded.endswith(text) else ""

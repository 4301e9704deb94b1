"""The words of a question that matter, as the full-text index is asked for them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from rag.catalog.passages import Passages
from rag.indexing import index_text, is_unspaced, pairs_of, query_forms
from rag.languages import is_common, language_of
from rag.retrieval.spelling import nearest_words, words_begun
from rag.words import content_words, words_of

MOST_WORDS = 50  # of a question; to count a common one takes the index a while


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question and what the index holds of it."""

    word: str
    forms: tuple[str, ...]  # as they are indexed, of which any will do; one may have several pieces
    passage_count: int  # passages that hold one of them
    weight: float  # how telling the word is: its inverse document frequency
    is_guess: bool = False  # the word is nowhere, and what it may stand for is looked for

    @property
    def query(self) -> str:
        """In FTS5's query language. Forms hold letters, digits and spaces alone: no operator."""
        return " OR ".join(f'"{form}"' for form in self.forms)

    @property
    def is_identifier(self) -> bool:
        """Whether the word has letters and digits, as "E4" and "KX-200" do: it means one thing."""
        has_digit = any(map(str.isdigit, self.word))
        return has_digit and any(map(str.isalpha, self.word)) and not self.is_guess

    def is_in(self, indexed: str) -> bool:
        """Whether a text, as it is indexed, holds the word."""
        padded = f" {indexed} "
        return any(f" {form} " in padded for form in self.forms)


def terms_of(question: str, passages: Passages) -> list[Term]:
    """The question's first words that matter, rarest first; those in no passage come with 0."""
    language = language_of(question)
    telling = [word for word in content_words(question) if not is_common(word, language)]
    words = telling or list(dict.fromkeys(words_of(question)))
    words = [part for word in words for part in (pairs_of(word) if is_unspaced(word) else (word,))]
    finding = _Finding(passages)
    terms = [finding.term(word) for word in dict.fromkeys(words[:MOST_WORDS])]
    return sorted((term for term in terms if term.forms), key=lambda term: term.passage_count)


def coverage(terms: Iterable[Term], indexed: str) -> float:
    """The share of the terms, by weight, that a text holds as it is indexed; 0 without terms."""
    total = there = 0.0
    for term in terms:
        total += term.weight
        there += term.weight if term.is_in(indexed) else 0.0
    return there / total if total else 0.0


class _Finding:
    def __init__(self, passages: Passages) -> None:
        self._passages = passages
        self._languages: Collection[str] = passages.languages()
        self._total = passages.count()

    def term(self, word: str) -> Term:
        forms = query_forms(word, self._languages)
        if count := self._count(forms):
            return self._term(word, forms, count)
        for guesses in (words_begun(index_text(word, ""), self._passages), self._near(forms)):
            if count := self._count(guesses):
                return self._term(word, guesses, count, is_guess=True)
        return self._term(word, forms, 0)

    def _near(self, forms: Sequence[str]) -> tuple[str, ...]:
        near = (word for form in forms for word in nearest_words(form, self._passages))
        return tuple(dict.fromkeys(near))

    def _count(self, forms: tuple[str, ...]) -> int:
        return self._passages.count_with(Term("", forms, 0, 0).query) if forms else 0

    def _term(self, word: str, forms: tuple[str, ...], count: int, is_guess: bool = False) -> Term:
        weight = math.log(1 + (self._total - count + 0.5) / (count + 0.5))
        return Term(word, forms, count, weight, is_guess)

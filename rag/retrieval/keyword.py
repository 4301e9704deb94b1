"""The keyword leg: a question's words that matter, looked up in the full-text index by BM25."""

from __future__ import annotations

from dataclasses import dataclass

from rag.catalog.passages import Passages
from rag.words import content_words, words_of

MOST_WORDS = 50  # of a question; to count a common one takes the index a while
RAREST = 6  # common words cost the index much time and the ranking gains nothing by them


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question and the number of passages that hold it or a word of its stem."""

    word: str
    passage_count: int

    @property
    def query(self) -> str:
        """As a string in FTS5's query language, so that nothing in it is an operator."""
        return '"' + self.word.replace('"', '""') + '"'


def terms_of(question: str, passages: Passages) -> list[Term]:
    """The question's first words that matter, rarest first; those in no passage come with 0."""
    words = content_words(question) or list(dict.fromkeys(words_of(question)))
    counted = [Term(word, passages.count_with(Term(word, 0).query)) for word in words[:MOST_WORDS]]
    return sorted(counted, key=lambda term: term.passage_count)


def keyword_leg(
    terms: list[Term], passages: Passages, *, limit: int, collection: str = ""
) -> list[tuple[int, float]]:
    """Passage ids with their BM25 score (higher is better), best first."""
    known = [term for term in terms if term.passage_count][:RAREST]
    if not known:
        return []
    query = " OR ".join(term.query for term in known)
    return passages.search(query, limit=limit, collection=collection)

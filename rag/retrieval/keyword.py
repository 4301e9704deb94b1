"""The keyword leg: a question's words that matter, looked up in the full-text index by BM25."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rag.catalog.passages import Passages
from rag.indexing import index_text, is_unspaced, pairs_of, query_forms
from rag.retrieval.spelling import nearest_words
from rag.words import content_words, words_of

MOST_WORDS = 50  # of a question; to count a common one takes the index a while
SHORTEST_BEGINNING = 4  # characters: what is shorter begins too many words
RAREST = 6  # common words cost the index much time and the ranking gains nothing by them


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the question as the index is asked for it.

    `query` is in FTS5's query language, and nothing in it is an operator of the person's.
    """

    word: str
    query: str
    passage_count: int  # that hold the word, one of its stem, or what it was taken for
    is_guess: bool = False  # the word is nowhere, and one like it is looked for


def terms_of(question: str, passages: Passages) -> list[Term]:
    """The question's first words that matter, rarest first; those in no passage come with 0."""
    words = content_words(question) or list(dict.fromkeys(words_of(question)))
    words = [part for word in words for part in (pairs_of(word) if is_unspaced(word) else (word,))]
    languages = passages.languages()
    terms = [_term(word, passages, languages) for word in dict.fromkeys(words[:MOST_WORDS])]
    return sorted(filter(lambda term: term.query, terms), key=lambda term: term.passage_count)


def keyword_leg(
    terms: list[Term], passages: Passages, *, limit: int, collection: str = ""
) -> list[tuple[int, float]]:
    """Passage ids with their BM25 score (higher is better), best first."""
    known = [term for term in terms if term.passage_count][:RAREST]
    if not known:
        return []
    query = " OR ".join(term.query for term in known)
    return passages.search(query, limit=limit, collection=collection)


def _term(word: str, passages: Passages, languages: tuple[str, ...]) -> Term:
    forms = query_forms(word, languages)
    for query in (_any_of(forms), _beginning(word), _resembling(forms, passages)):
        if query and (count := passages.count_with(query)):
            return Term(word, query, count, is_guess=query != _any_of(forms))
    return Term(word, _any_of(forms), 0)


def _any_of(forms: Iterable[str]) -> str:
    """Forms hold letters, digits and spaces alone; those of one form must follow each other."""
    return " OR ".join(f'"{form}"' for form in forms)


def _beginning(word: str) -> str:
    whole = index_text(word, "")
    is_long = len(whole) >= SHORTEST_BEGINNING or is_unspaced(whole)
    return f'"{whole}" *' if is_long else ""


def _resembling(forms: Iterable[str], passages: Passages) -> str:
    return _any_of(dict.fromkeys(near for form in forms for near in nearest_words(form, passages)))

"""What is worth telling a person about how a question was searched."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from rag.languages import is_latin, language_of, name_of

BROKEN = (
    "The search by meaning cannot be used, so passages were found by their words alone. "
    "It is made anew at the next start, or by `deskbook doctor --repair`."
)
NOT_READY = (
    "The documents can be searched by their words alone until they are ready to be searched by "
    "meaning."
)
ANOTHER_LANGUAGE = "another language"
MULTILINGUAL = "multilingual-e5-small"  # in the catalogue of models
HOW_TO_GET_MULTILINGUAL = (
    "A multilingual one finds more: "
    f"`deskbook models get {MULTILINGUAL}`, then `deskbook models use {MULTILINGUAL}`."
)
SAID = "Searched only where the question says that the answer stands."
FEWEST_WORDS = 4  # of a question whose language can be told


@dataclass(frozen=True, slots=True)
class Search:
    """How a question was searched."""

    question: str
    known_languages: Collection[str]  # the embedder's, ISO 639-1; empty where it knows all
    is_narrowed: bool  # to the place that the question states
    is_broken: bool  # the vectors cannot be read
    has_vectors: bool  # there are some, where there is something to be found


def notes_on(search: Search) -> Iterator[str]:
    """Sentences on what a search left out or could not do."""
    if search.is_narrowed:
        yield SAID
    if search.is_broken:
        yield BROKEN
    elif not search.has_vectors:
        yield NOT_READY
    elif language := foreign_language(search.question, search.known_languages):
        yield (
            f"The question seems to be in {language}, which the embedder does not know: passages "
            f"were found by its words more than by its meaning. {HOW_TO_GET_MULTILINGUAL}"
        )


def foreign_language(question: str, known: Collection[str]) -> str:
    """The name of a question's language that is none of the known ones; else empty."""
    if not known:
        return ""
    code = language_of(question) if len(question.split()) >= FEWEST_WORDS else ""
    if code:
        return "" if code in known else name_of(code)
    return "" if is_latin(question) else ANOTHER_LANGUAGE

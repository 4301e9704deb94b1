"""Documents ranked beside passages: which of them a question names, by title or file name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath

from rag.catalog import Scored
from rag.catalog.passages import IndexedPassage
from rag.indexing import index_text
from rag.retrieval.terms import Term

LONGEST_NAME = 12  # words; a longer title is a sentence, and shares words with many questions
# On questions on five annual reports beside five other texts the share of passages from the right
# document among the first ten rises from 0.81 to 0.93 at this weight, at no cost elsewhere.
NAME_WEIGHT = 0.3
SURE = 0.8  # named as surely as this, and it is searched by itself as well
NEARLY_AS_SURE = 0.8  # of the surest document's: "compare A with B" names two


def names_of(passages: Iterable[IndexedPassage]) -> dict[str, str]:
    """What the documents of these passages go by, as it is indexed: title and file name."""
    return {passage.document: _name(passage) for passage in passages}


def naming(
    terms: Sequence[Term], names: Mapping[str, str], passage_counts: Mapping[str, int]
) -> dict[str, float]:
    """How surely the question names each document, 0 to 1; those not named are left out.

    A title is indexed with each passage of its document. So a word of a title counts by the share
    of its document's passages in all that hold the word: all for a name, next to nothing for
    "report".
    """
    sure: defaultdict[str, float] = defaultdict(float)
    for document, name in names.items():
        for term in terms:
            if term.passage_count and term.is_in(name):
                sure[document] += passage_counts[document] / term.passage_count
    return {document: min(1.0, sureness) for document, sureness in sure.items()}


def surely_named(sureness: Mapping[str, float]) -> list[str]:
    """The documents that a search is worth keeping to, the surest first."""
    surest = max(sureness.values(), default=0.0)
    if surest < SURE:
        return []
    ranked = sorted(sureness, key=lambda document: (-sureness[document], document))
    return [document for document in ranked if sureness[document] >= NEARLY_AS_SURE * surest]


def raise_named(
    ranked: Sequence[Scored], documents: Mapping[int, str], sureness: Mapping[str, float]
) -> list[Scored]:
    """The passages with those of named documents raised; scores stay between 0 and 1."""
    raised = [
        replace(
            scored,
            score=(scored.score + NAME_WEIGHT * sureness.get(documents[scored.passage_id], 0.0))
            / (1 + NAME_WEIGHT),
        )
        for scored in ranked
    ]
    return sorted(raised, key=lambda scored: (-scored.score, scored.passage_id))


def _name(passage: IndexedPassage) -> str:
    title = index_text(passage.title, passage.language)
    file_name = index_text(PurePath(passage.path).stem, passage.language)
    return f"{title} {file_name}" if title.count(" ") < LONGEST_NAME else file_name

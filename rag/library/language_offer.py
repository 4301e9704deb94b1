"""Whether the library's documents are in a language that its embedder does not know."""

from __future__ import annotations

from collections.abc import Collection

from rag.catalog import Catalog
from rag.languages import is_latin, name_of
from rag.retrieval.search_notes import ANOTHER_LANGUAGE, HOW_TO_GET_MULTILINGUAL

MOST = 0.5  # of the passages
LOOKED_AT = 50  # passages in a language that is not told by its words


def unknown_language(catalog: Catalog, known: Collection[str]) -> str:
    """The name of the language that most passages are in, where the embedder does not know it.

    `known` are the embedder's languages (ISO 639-1), none where it knows all. Empty where most
    passages are in known ones. Where several unknown ones make up most, that of most of these.
    """
    counts = catalog.passages.counts_by_language() if known else {}
    if "" in counts and not _is_foreign_script(catalog):
        del counts[""]
    unknown = {code: count for code, count in counts.items() if code not in known}
    if sum(unknown.values()) <= MOST * sum(counts.values()):
        return ""
    return name_of(max(unknown, key=lambda code: unknown[code])) or ANOTHER_LANGUAGE


def offer_for(language: str) -> str:
    """What a person is told of a language that the embedder does not know, and what to do."""
    return (
        f"Most of the library is in {language}, which the embedder does not know. "
        f"{HOW_TO_GET_MULTILINGUAL}"
    )


def _is_foreign_script(catalog: Catalog) -> bool:
    """Whether passages whose language is not told are in other letters: Chinese, say."""
    texts = catalog.passages.in_language("", limit=LOOKED_AT)
    return sum(map(is_latin, texts)) < MOST * len(texts)

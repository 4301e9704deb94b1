"""The multilingual embedder is offered where most of a library is in an unknown language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.catalog import Catalog
from rag.library.language_offer import offer_for, unknown_language
from rag.models import Catalogue
from rag.retrieval.search_notes import MULTILINGUAL

GERMAN = "Die Bienen fliegen am Morgen aus dem Stock und sie kommen mit dem Honig zurück."
FRENCH = "Les abeilles sortent de la ruche le matin et elles sont dans les fleurs du jardin."
ENGLISH = "The bees fly out of the hive in the morning and they are back with the honey."
CHINESE = "蜜蜂早上飞出蜂巢，晚上带着花蜜回来。"  # noqa: RUF001
NUMBERS = "17 23 42 4711"


@pytest.fixture
def language_with(
    add: Callable[..., object], catalog: Catalog, tmp_path: Path
) -> Callable[..., str]:
    """The unknown language of a library of these texts."""

    def language_with(*texts: str, known: tuple[str, ...] = ("en",)) -> str:
        for number, text in enumerate(texts):
            path = tmp_path / f"{number}.txt"
            path.write_text(f"{text} {number}", "utf-8")
            add(path)
        return unknown_language(catalog, known)

    return language_with


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        ((), ""),
        ((ENGLISH,), ""),
        ((GERMAN, GERMAN, ENGLISH), "German"),
        ((GERMAN, ENGLISH), ""),
        ((GERMAN, GERMAN, FRENCH, ENGLISH), "German"),
        ((CHINESE, CHINESE, ENGLISH), "another language"),
        ((NUMBERS, NUMBERS, ENGLISH), ""),
    ],
)
def test_the_language_of_most_passages_is_told(
    language_with: Callable[..., str], texts: tuple[str, ...], language: str
) -> None:
    assert language_with(*texts) == language


def test_an_embedder_that_knows_all_misses_none(language_with: Callable[..., str]) -> None:
    assert language_with(GERMAN, known=()) == ""


def test_what_is_offered_is_in_the_catalogue_and_knows_all(catalogue: Catalogue) -> None:
    assert catalogue.find(MULTILINGUAL).languages == ()
    assert f"`deskbook models use {MULTILINGUAL}`." in offer_for("German")

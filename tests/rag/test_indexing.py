"""What the full-text index reads of a text, and which language a text is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.indexing import index_text, query_forms
from rag.languages import STEMMED_LANGUAGES, language_of, stems_of


@pytest.mark.parametrize(
    ("text", "language", "indexed"),
    [
        ("The batteries were replaced.", "en", "the batteri were replac"),
        ("Die Batterien der Häuser", "de", "die batteri der haus"),
        ("Die Batterien", "", "die batterien"),
        ("1,200,500.75 litres in 2019", "en", "1200500 75 litr in 2019"),
        ("E4-120.b", "en", "e4 120 b"),
        ("the station\u2019s range", "en", "the station rang"),
        ("第三章", "", "第三 三章"),
        ("猫 cat", "", "猫 cat"),
        ("🐝 _ …", "en", ""),
    ],
)
def test_words_become_stems_and_the_rest_stays_whole(
    text: str, language: str, indexed: str
) -> None:
    assert index_text(text, language) == indexed


def test_a_word_is_looked_for_in_its_form_in_each_language_once() -> None:
    assert query_forms("Batterien", ("", "de", "en")) == ("batterien", "batteri")
    assert query_forms("E4-120.b", ("de", "en", "fr")) == ("e4 120 b",)
    assert query_forms("…", ("en",)) == ()


@given(text=st.text(), language=st.sampled_from(("", "xx", *STEMMED_LANGUAGES)))
def test_nothing_that_could_be_an_operator_is_indexed(text: str, language: str) -> None:
    assert not set(index_text(text, language)) & set("\"*^:(){}[]+-.,;<>=!?&|~/\\'")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How long does the battery last?", "en"),
        ("Wie lange hält die Batterie?", "de"),
        ("Combien de temps dure la batterie ?", "fr"),
        ("¿Cuánto dura la batería del reloj?", "es"),
        ("Quanto dura la batteria di questo orologio?", "it"),
        ("Где находится станция и что это?", "ru"),
        ("Hoe lang gaat de batterij van het horloge mee?", "nl"),
        ("asdf qwer", ""),
        ("東京は日本の首都です。", ""),
        ("12 34", ""),
        ("", ""),
    ],
)
def test_a_language_is_told_by_its_commonest_words(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("language", STEMMED_LANGUAGES)
def test_each_language_has_a_stemmer(language: str) -> None:
    assert len(stems_of(["a", "bb", "ccc"], language)) == 3

"""The keyword leg over a real full-text index: words that matter, and nothing is an operator."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rag.catalog import Catalog, FileStamp
from rag.retrieval.keyword import MOST, keyword_leg
from rag.retrieval.terms import MOST_WORDS, coverage, terms_of
from rag.types import Document, Kind, Passage, Scope, Span, State

TEXTS = (
    "The hives stand in the orchard near the gate.",
    "The gate is painted green. The station's sensor is green too.",
    "The KX-200 sensor weighs 3.5 kg; the NOT and the AND keys are near.",
    "Who is it that was there? 12,500 of us.",
)


@pytest.fixture
def filled(catalog: Catalog) -> Catalog:
    """One document with a passage for each text, the passages' ids counted from 1."""
    write(catalog, "notes", TEXTS)
    return catalog


def write(catalog: Catalog, name: str, texts: Sequence[str]) -> None:
    text = "\n\n".join(texts)
    starts = [text.index(part) for part in texts]
    passages = [
        Passage(Span(start, start + len(part)), part, (), ())
        for start, part in zip(starts, texts, strict=True)
    ]
    catalog.documents.queue(name, f"/d/{name}.txt", Kind.TEXT, "Garden")
    content = Document(Kind.TEXT, "Notes", text, (), ())
    catalog.documents.write(name, FileStamp(1, 1, ""), content, passages, state=State.SEARCHABLE)


def found(catalog: Catalog, question: str, *, collection: str = "") -> list[int]:
    terms = terms_of(question, catalog.passages)
    documents = catalog.documents.within(Scope(collection=collection))
    hits = keyword_leg(terms, catalog.passages, limit=10, documents=documents)
    return [passage_id for passage_id, _ in hits]


def test_terms_come_rarest_first_with_the_passages_that_hold_them(filled: Catalog) -> None:
    terms = terms_of("Is the green gate near the hives and the zebra?", filled.passages)
    assert [term.passage_count for term in terms] == [0, 1, 1, 2, 2]
    assert (terms[0].word, terms[0].forms) == ("zebra", ("zebra",))
    assert {term.word for term in terms} == {"zebra", "green", "hives", "gate", "near"}


def test_words_are_found_by_their_stem(filled: Catalog) -> None:
    assert found(filled, "painting gates") == [2, 1]


def test_the_passage_with_more_and_rarer_words_is_first(filled: Catalog) -> None:
    assert found(filled, "Which gate is near the orchard?")[0] == 1
    assert found(filled, "Which gate is green?")[0] == 2


def test_part_numbers_and_decimals_are_looked_for_whole(filled: Catalog) -> None:
    assert found(filled, "What is the KX-200?") == [3]
    assert found(filled, "What weighs 3.5?") == [3]
    assert found(filled, "the KX-300") == []


def test_numbers_are_found_however_they_are_grouped(filled: Catalog) -> None:
    assert found(filled, "How many of the 12,500 bees?") == found(filled, "12500") == [4]


def test_a_word_that_is_nowhere_is_taken_for_the_words_it_begins(filled: Catalog) -> None:
    assert found(filled, "orcha") == found(filled, "orchard") == [1]
    assert found(filled, "KX-20") == [3]
    assert found(filled, "orx") == []


@pytest.mark.parametrize("typo", ["orchrad", "ochard", "orchhard", "orchart"])
def test_a_misspelt_word_is_taken_for_the_one_it_resembles(filled: Catalog, typo: str) -> None:
    (term,) = terms_of(typo, filled.passages)
    assert term.is_guess
    assert found(filled, typo) == [1]


@pytest.mark.parametrize("other", ["archers", "KX-300", "3.6", "kez"])
def test_short_words_numbers_and_other_words_are_not_taken_for_any(
    filled: Catalog, other: str
) -> None:
    assert [term.is_guess for term in terms_of(other, filled.passages)] == [False]
    assert found(filled, other) == []


def test_each_document_is_searched_by_the_stems_of_its_language(filled: Catalog) -> None:
    write(filled, "de", ["Die Häuser und die Batterien sind nicht alt, und der Weg ist weit."])
    assert filled.passages.languages() == ("de", "en")
    assert found(filled, "Haus") == found(filled, "Welche Batterie ist es?") == [5]
    assert found(filled, "gates") == [1, 2]


@pytest.mark.parametrize(
    ("question", "telling"),
    [
        ("O\u00f9 est le chat dans la maison ?", {"chat", "maison"}),
        ("\u00bfD\u00f3nde est\u00e1 el gato de la casa?", {"gato", "casa"}),
        ("Wo ist die Katze in dem Haus?", {"katze", "haus"}),
    ],
)
def test_common_words_of_the_questions_language_are_left_out(
    filled: Catalog, question: str, telling: set[str]
) -> None:
    assert {term.word for term in terms_of(question, filled.passages)} == telling


def test_scripts_without_spaces_are_searched_by_pairs_of_characters(filled: Catalog) -> None:
    write(filled, "ja", ["東京は日本の首都です。", "猫は魚が好きです。"])
    assert found(filled, "日本の首都はどこですか")[0] == 5
    assert found(filled, "猫") == [6]


def test_a_genitive_is_looked_for_without_its_ending(filled: Catalog) -> None:
    assert found(filled, "The sensors\u2019 and the gate's") == found(filled, "sensor gate")


def test_a_question_of_stop_words_alone_is_looked_for_as_it_is(filled: Catalog) -> None:
    assert found(filled, "Who was it?")[0] == 4


def test_words_that_are_nowhere_find_nothing(filled: Catalog) -> None:
    assert found(filled, "zebra") == []
    assert found(filled, "") == found(filled, "🐝 …?!") == []


def test_the_leg_can_be_kept_to_a_collection(filled: Catalog) -> None:
    assert found(filled, "orchard", collection="Garden") == [1]
    assert found(filled, "orchard", collection="Nowhere") == []


def test_of_a_long_question_the_rarest_words_are_looked_for(filled: Catalog) -> None:
    words = "sensor green near gate weighs painted kg keys orchard hives stand station 3.5"
    terms = terms_of(words, filled.passages)
    assert [term.passage_count for term in terms] == sorted(t.passage_count for t in terms)
    assert len(terms) > MOST
    leg = keyword_leg(terms, filled.passages, limit=10)
    assert leg == keyword_leg(terms[:MOST], filled.passages, limit=10)


def test_words_that_many_passages_hold_are_left_out_beside_rarer_ones(
    filled: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.retrieval.keyword.MOST_PASSAGES", 2)
    assert found(filled, "hives green gate") == found(filled, "hives green") == [2, 1]
    assert found(filled, "hives gate near") == [1]
    assert set(found(filled, "gate")) == {1, 2}


def test_rarer_words_weigh_more_and_all_of_them_are_the_whole(filled: Catalog) -> None:
    terms = terms_of("green gate orchard", filled.passages)
    assert coverage(terms, "the orchard") > coverage(terms, "gate")
    assert coverage(terms, "orchard green gate") == 1
    assert coverage(terms, "orchards greens") == coverage([], "orchard") == 0


def test_a_question_of_very_many_words_is_cut(filled: Catalog) -> None:
    question = " ".join(f"word{number}" for number in range(5_000))
    assert len(terms_of(question, filled.passages)) == MOST_WORDS


def test_operators_are_words_like_others(filled: Catalog) -> None:
    assert found(filled, "keys AND NOT (weighs OR green*) NEAR/2 title:x")[0] == 3


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(question=st.one_of(st.text(), st.text("\"*^:(){}[]+-ANDORT.'", max_size=30)))
@example('"')
@example('"" OR "')
@example("title : text ^ * NEAR( - + {a b}:c")
@example("\x00 null")
@example("_ __ a_b")
@example("' OR 1=1; DROP TABLE passages; --")
def test_no_question_breaks_the_index(filled: Catalog, question: str) -> None:
    assert set(found(filled, question)) <= {1, 2, 3, 4}
    assert filled.passages.count() == 4

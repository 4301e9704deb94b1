"""Which documents a question names, and what becomes of their passages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.catalog import Scored
from rag.catalog.passages import IndexedPassage
from rag.retrieval.document_ranking import names_of, naming, raise_named, surely_named
from rag.retrieval.retriever import Retriever
from rag.retrieval.terms import Term
from rag.types import AddedFile

NAMES = {"apple": "appl 2018 10k", "oracle": "oracl 2018 10k", "notes": "report on bee"}
COUNTS = {"apple": 100, "oracle": 100, "notes": 5}


def term(form: str, passage_count: int) -> Term:
    return Term(form, (form,), passage_count, weight=1.0)


def test_a_name_is_sure_and_a_word_that_all_hold_is_not() -> None:
    sureness = naming([term("appl", 100), term("report", 500)], NAMES, COUNTS)
    assert sureness == {"apple": 1.0, "notes": 0.01}
    assert surely_named(sureness) == ["apple"]


def test_a_year_adds_to_a_name_and_names_nothing_by_itself() -> None:
    assert naming([term("2018", 250)], NAMES, COUNTS) == {"apple": 0.4, "oracle": 0.4}
    both = naming([term("2018", 250), term("oracl", 200)], NAMES, COUNTS)
    assert both == {"apple": 0.4, "oracle": pytest.approx(0.9)}
    assert surely_named(both) == ["oracle"]


def test_a_comparison_names_two() -> None:
    sureness = naming([term("oracl", 110), term("appl", 100)], NAMES, COUNTS)
    assert surely_named(sureness) == ["apple", "oracle"]


def test_without_names_nothing_is_named() -> None:
    assert naming([term("zebra", 0), term("hive", 3)], NAMES, COUNTS) == {}
    assert surely_named({}) == []


def test_a_document_goes_by_its_title_and_its_files_name_but_not_by_a_sentence() -> None:
    short = IndexedPassage("a", "2023 Annual Report", "/d/FEDEX_2023.pdf", "en", "[]", "")
    long = IndexedPassage("b", "word " * 20, "/d/notes.md", "en", "[]", "")
    assert names_of([short, long]) == {"a": "2023 annual report fedex 2023", "b": "note"}


@given(
    scores=st.lists(st.floats(0, 1), min_size=1, max_size=9),
    sureness=st.dictionaries(st.sampled_from("ab"), st.floats(0, 1)),
)
def test_passages_of_named_documents_rise_and_scores_stay_within_0_and_1(
    scores: list[float], sureness: dict[str, float]
) -> None:
    ranked = [Scored(number, score, 0.0, 0.0) for number, score in enumerate(scores)]
    documents = {number: "ab"[number % 2] for number in range(len(scores))}
    raised = {each.passage_id: each.score for each in raise_named(ranked, documents, sureness)}
    assert all(0 <= score <= 1 + 1e-9 for score in raised.values())
    for one in ranked:
        for other in ranked:
            if documents[one.passage_id] == documents[other.passage_id] and one.score > other.score:
                assert raised[one.passage_id] >= raised[other.passage_id]


def test_the_search_goes_inside_the_report_that_is_named(
    retriever: Retriever, add: Callable[..., AddedFile], tmp_path: Path
) -> None:
    for company, people in {"Quillon": "4,100", "Bramble": "250", "Ostrava": "73"}.items():
        path = tmp_path / f"{company.upper()}_2021_report.md"
        sections = [f"## Staff\n\nThe company employs {people} people.", "## Risks\n\nThe weather."]
        path.write_text("\n\n".join([f"# {company} annual report", *sections]))
        assert add(path).verdict.is_success
    found = retriever.retrieve("How many people work at Bramble?", limit=3).passages
    assert "250 people" in found[0].passage.text
    assert [each.title for each in found[:2]] == ["Bramble annual report"] * 2

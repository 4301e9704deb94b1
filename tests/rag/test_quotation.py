"""The sentences that answer, picked with the real MiniLM from real samples and made-up notes."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest

from rag.catalog import Catalog
from rag.citations import Citations
from rag.embedding import Embedder
from rag.quotation import MOST, quote
from rag.retrieval.retriever import Retriever
from rag.types import FoundPassage, Kind, Passage, Quotation, Span

Samples = tuple[Catalog, Retriever]
OFFSET = 50  # where the passage begins in its document

NOTE = (
    "Our cat is called Mimi. She was born in May 2019 and weighs four kilos. "
    "The vet is in Mill Lane and opens at nine."
)
TABLE = """## Prices

| What | Price |
| --- | --- |
| Ferry ticket | 24 pounds |
| Night at the campsite | 9 pounds |
"""


def found_with(text: str, *headings: str, score: float = 1.0) -> FoundPassage:
    passage = Passage(Span(OFFSET, OFFSET + len(text)), text, headings, ())
    return FoundPassage(1, score, 0, 0, 1, "d", "/d.md", "Notes", Kind.MARKDOWN, passage, ())


@pytest.fixture
def quoted(embedder: Embedder) -> Callable[..., Quotation]:
    """The quotation for a question from passages of these texts."""

    def quoted(question: str, *passages: FoundPassage) -> Quotation:
        citations = Citations(lambda document, span: ())
        return quote(question, passages, citations, embedder=embedder)

    return quoted


Quoted = Callable[..., Quotation]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is the name of our cat?", "Our cat is called Mimi."),
        ("What does she weigh?", "She was born in May 2019 and weighs four kilos."),
        ("When does the vet open?", "The vet is in Mill Lane and opens at nine."),
    ],
)
def test_the_sentence_that_answers_comes_first(quoted: Quoted, question: str, answer: str) -> None:
    assert quoted(question, found_with(NOTE)).claims[0].text == answer


@pytest.mark.parametrize(
    ("question", "words", "label"),
    [
        ("How long do the batteries of the outdoor sensor last?", "about 30 months", "4"),
        ("How do I reset the weather station to its factory settings?", "ten seconds", "5"),
        ("What does error code E4 mean?", "E4 Wind cups do not turn", "5"),
        ("When will the new water tank be installed?", "18 April 2026", ""),
        ("What does a return ticket for the ferry to Lunnsay cost?", "24 pounds", ""),
    ],
)
def test_of_the_samples_the_answer_comes_first_with_its_page(
    samples: Samples, embedder: Embedder, question: str, words: str, label: str
) -> None:
    catalog, retriever = samples
    found = retriever.retrieve(question, limit=8).passages
    quotation = quote(question, found, Citations(catalog.pages.at), embedder=embedder)
    assert words in quotation.claims[0].text
    first = quotation.citations[0]
    assert words in " ".join(first.quote.split())
    assert [page.label for page in first.pages] == ([label] if label else [])
    for citation in quotation.citations:
        assert citation.quote == citation.span.of(catalog.documents.text(citation.document))
        assert bool(citation.marks) == (citation.kind is Kind.PDF)


def test_of_identifiers_only_the_sentence_that_names_it_is_quoted(quoted: Quoted) -> None:
    codes = found_with("Each error has a code. | E4 | Cups stuck | More text. | E5 | Gauge full |")
    assert {"E4" in claim.text for claim in quoted("What does E4 mean?", codes).claims} == {True}
    assert quoted("What does E9 mean?", codes).claims


def test_each_sentence_has_its_marker_and_its_citation(quoted: Quoted) -> None:
    alike = found_with("Cat number 1 is called Mimi. Cat number 2 is called Mimi.")
    quotation = quoted("What is the cat called?", alike)
    assert len(quotation.claims) == 2
    assert [claim.citations for claim in quotation.claims] == [
        (citation.n,) for citation in quotation.citations
    ]
    assert quotation.text == "\n\n".join(
        f"{claim.text} [{claim.citations[0]}]" for claim in quotation.claims
    )
    assert all(claim.is_supported and claim.score == 1 for claim in quotation.claims)


def test_the_place_of_a_sentence_is_exact(quoted: Quoted) -> None:
    (citation, *_) = quoted("What does she weigh?", found_with(NOTE)).citations
    assert citation.quote == "She was born in May 2019 and weighs four kilos."
    assert citation.span.start == OFFSET + NOTE.index("She")
    assert len(citation.span) == len(citation.quote)


def test_no_more_than_a_few_sentences_are_quoted(quoted: Quoted) -> None:
    alike = " ".join(f"The cat number {number} is called Mimi." for number in range(9))
    assert len(quoted("What is the cat called?", found_with(alike)).claims) == MOST


@pytest.mark.parametrize("heading", ["# {}", "## {} ##", "2.1 {}", "2. {}", "{}\n===="])
def test_headings_are_not_quoted(quoted: Quoted, heading: str) -> None:
    title = "The opening hours of the vet"
    text = heading.format(title) + "\n\nThey are from nine to noon."
    quotation = quoted("What are the opening hours of the vet?", found_with(text, "Visits", title))
    assert [claim.text for claim in quotation.claims] == ["They are from nine to noon."]


def test_a_row_of_a_table_is_quoted_without_its_bars(quoted: Quoted) -> None:
    quotation = quoted("What does the ferry ticket cost?", found_with(TABLE, "Prices"))
    assert quotation.claims[0].text == "Ferry ticket · 24 pounds"
    assert quotation.citations[0].quote == "| Ferry ticket | 24 pounds |"


def test_marks_of_lists_and_emphasis_are_left_out_and_names_are_not(quoted: Quoted) -> None:
    text = "- The **cat** is called *Mimi*; see `cat_name` in her file."
    quotation = quoted("What is the cat called?", found_with(text))
    assert quotation.claims[0].text == "The cat is called Mimi; see cat_name in her file."
    assert quotation.citations[0].quote == text


def test_a_sentence_over_two_lines_is_quoted_on_one(quoted: Quoted) -> None:
    quotation = quoted("What is the cat called?", found_with("Our cat is\ncalled Mimi."))
    assert quotation.claims[0].text == "Our cat is called Mimi."
    assert quotation.citations[0].quote == "Our cat is\ncalled Mimi."


def test_a_note_of_one_word_is_quoted_too(quoted: Quoted) -> None:
    assert quoted("What is the cat called?", found_with("Mimi")).text == "Mimi [1]"


def test_a_sentence_that_two_passages_hold_is_quoted_once_from_the_better(quoted: Quoted) -> None:
    better, other = found_with("Our cat is called Mimi."), found_with("Our cat is called Mimi.")
    other = dataclasses.replace(other, document="other")
    (citation,) = quoted("What is the cat called?", better, other).citations
    assert citation.document == "d"


def test_the_retrievers_best_passage_wins_between_equals(quoted: Quoted) -> None:
    second = found_with("Our cat is called Mimi. (again)", score=0.1)
    first = found_with("(again) Our cat is called Mimi.", score=0.9)
    quotation = quoted("What is the cat called?", second, first)
    assert quotation.claims[0].text.startswith("(again)")


def test_without_passages_there_is_no_quotation(quoted: Quoted) -> None:
    assert quoted("What is the cat called?") == Quotation("", (), ())

"""Evidence of the kind that a question asks for, from the samples."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from rag.catalog import Catalog
from rag.citations import Citations
from rag.embedding import Embedder
from rag.evidence import Excerpt
from rag.research import Findings, Research
from rag.retrieval.retriever import Retriever
from rag.types import EVERYWHERE, Scope

MANUAL, MINUTES, DEW, TRIP = (
    "weather-station-manual.pdf",
    "allotment-committee-march.md",
    "dew-point.md",
    "lunnsay-weekend.md",
)


@pytest.fixture(scope="session")
def research(samples: tuple[Catalog, Retriever], embedder: Embedder) -> Research:
    _, retriever = samples
    return Research(retriever, embedder)


def words(text: str) -> int:
    return len(text.split())


def names(excerpts: Sequence[Excerpt]) -> list[str]:
    return [excerpt.passages[0].path.rsplit("/", 1)[-1] for excerpt in excerpts]


def quoted(findings: Findings) -> str:
    return findings.quote(Citations(lambda document, span: ())).text


def test_a_fact_is_answered_from_the_nearest_passages(research: Research) -> None:
    findings = research.find("What does a return ticket for the ferry cost?", EVERYWHERE)
    assert findings.has_evidence
    assert names(findings.gather(120, words))[0] == TRIP


def test_a_summary_is_made_from_all_over_the_document_that_is_meant(research: Research) -> None:
    findings = research.find("Summarise the weather station manual", EVERYWHERE)
    excerpts = findings.gather(600, words)
    assert set(names(excerpts)) == {MANUAL}
    starts = [excerpt.windows[0].start for excerpt in excerpts]
    assert starts == sorted(starts)
    pages = {page.number for e in excerpts for found in e.passages for page in found.passage.pages}
    assert pages == set(range(1, max(pages) + 1))
    assert findings.has_evidence
    assert quoted(findings)


def test_a_summary_of_everything_has_something_of_each_document(research: Research) -> None:
    findings = research.find("Give me an overview of my documents", EVERYWHERE)
    assert set(names(findings.gather(1_000, words))) == {MANUAL, MINUTES, DEW, TRIP}


def test_a_comparison_has_evidence_for_each_side(research: Research) -> None:
    findings = research.find(
        "Compare the batteries of the outdoor sensor with the ferry to Lunnsay", EVERYWHERE
    )
    assert set(names(findings.gather(200, words))) >= {MANUAL, TRIP}
    assert words("".join(e.text for e in findings.gather(200, words))) <= 200
    assert "ferry" in quoted(findings)


def test_a_side_of_which_nothing_is_known_is_told(research: Research) -> None:
    findings = research.find(
        "What is the difference between the outdoor sensor and quantum chromodynamics?",
        EVERYWHERE,
    )
    assert findings.found.notes == ("Nothing was found on quantum chromodynamics.",)


def test_a_list_looks_through_every_document(research: Research) -> None:
    findings = research.find("List all documents that mention the dew point", EVERYWHERE)
    documents = [found.document for found in findings.found.passages]
    assert len(documents) == len(set(documents))
    assert DEW in names(findings.gather(300, words))
    (note,) = findings.found.notes
    assert note.startswith("Read 4 of 4 documents;")


def test_a_list_of_what_is_nowhere_is_empty(research: Research) -> None:
    findings = research.find("Which documents mention quantum chromodynamics?", EVERYWHERE)
    assert not findings.has_evidence
    assert findings.found.notes == ("Read 4 of 4 documents; 0 hold something on this.",)


def test_a_collection_of_nothing_has_nothing(research: Research) -> None:
    for question in ("Summarise the manual", "List all files", "Compare a ferry with a bus"):
        findings = research.find(question, Scope(collection="Nowhere"))
        assert not findings.has_evidence
        assert findings.gather(300, words) == ()
        assert quoted(findings) == ""

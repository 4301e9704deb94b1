"""From markers in an answer to exact places: pages, spans, quotes and marks on real PDFs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pypdf
import pypdfium2
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rag.catalog import Catalog, FileStamp, Scored
from rag.chunking import chunk
from rag.citations import Citations, CitedWords
from rag.documents import read
from rag.embedding import Embedder
from rag.evidence import Excerpt
from rag.sentences import split_sentences
from rag.types import (
    ClaimVerdict,
    Document,
    FoundPassage,
    Kind,
    Mark,
    PageRef,
    Passage,
    Span,
    State,
)

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "assets" / "samples" / "weather-station-manual.pdf"
PDFS = [MANUAL, *(ROOT / "tests" / "data" / "pdfs").glob("02*.pdf")]

BATTERY = "The battery lasts nine hours. It charges in two. Do not leave it in the sun."
FERRY = "The ferry leaves at 08:15. A return ticket costs 24 pounds."
OFFSET = 100  # where the passages begin in their documents


def evidence_of(*texts: str) -> list[FoundPassage]:
    """A passage of a document of its own for each text."""
    return [
        FoundPassage(
            rank=number,
            score=1,
            dense_score=1,
            keyword_score=1,
            passage_id=number,
            document=f"d{number}",
            path=f"/d/{number}.md",
            title="Notes",
            kind=Kind.MARKDOWN,
            passage=Passage(Span(OFFSET, OFFSET + len(text)), text, ("Travel",), ()),
            marks=(),
        )
        for number, text in enumerate(texts, start=1)
    ]


def found_in(catalog: Catalog, path: Path, document: Document) -> tuple[FoundPassage, ...]:
    """All passages of a document, as the catalog finds them."""
    passages = chunk(document, size=600, count=len)
    catalog.documents.queue("d1", str(path), document.kind, "Library")
    stamp = FileStamp(1, 1, "hash")
    catalog.documents.write("d1", stamp, document, passages, state=State.SEARCHABLE)
    return catalog.passages.found([Scored(i, 0, 0, 0) for i in catalog.passages.ids_of("d1")])


def whole(passages: Sequence[FoundPassage]) -> list[Excerpt]:
    """Each passage as an excerpt of its own, nothing left out."""
    return [Excerpt((found,), (found.passage.span,)) for found in passages]


def without_pages() -> Citations:
    return Citations(lambda document, span: ())


class Said:
    """An answer as it is told, and what it cites."""

    def __init__(self, pieces: Sequence[str], *texts: str) -> None:
        citations = without_pages()
        words = CitedWords(whole(evidence_of(*(texts or (BATTERY, FERRY)))), citations)
        self.told = [*map(words.feed, pieces), words.finish()]
        self.text = "".join(self.told)
        self.claims = words.claims
        self.citations = citations.all()

    @property
    def quotes(self) -> list[str]:
        return [citation.quote for citation in self.citations]


# --- exact places -------------------------------------------------------------------------------


def letters(text: str) -> str:
    """What must agree: all but white space, control characters and how a hyphen is written."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]", "", re.sub("[\x02\ufffe]", "-", text))


def drawn(pdf: pypdfium2.PdfDocument, mark: Mark) -> str:
    """The text at a mark, asked of PDFium itself."""
    return str(pdf[mark.page - 1].get_textpage().get_text_range(mark.index, mark.length))


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_span_quote_pages_and_marks_of_a_citation_are_those_of_the_sentence(
    catalog: Catalog, path: Path
) -> None:
    document, labels = read(path), pypdf.PdfReader(path).page_labels
    citations = Citations(catalog.pages.at)
    for found in found_in(catalog, path, document):
        for sentence in split_sentences(found.passage.text):
            start = found.passage.span.start
            citations.cite(found, Span(start + sentence.start, start + sentence.end))
    assert citations.all()
    with pypdfium2.PdfDocument(path) as pdf:
        for citation in citations.all():
            assert citation.quote == citation.span.of(document.text)
            assert citation.quote == citation.quote.strip() != ""
            marked = "".join(drawn(pdf, mark) for mark in citation.marks)
            assert letters(marked) == letters(citation.quote)
            numbers = sorted({mark.page for mark in citation.marks})
            assert citation.pages == tuple(PageRef(n, labels[n - 1]) for n in numbers)


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_the_marks_of_a_passage_are_all_of_its_text(catalog: Catalog, path: Path) -> None:
    with pypdfium2.PdfDocument(path) as pdf:
        for found in found_in(catalog, path, read(path)):
            marked = "".join(drawn(pdf, mark) for mark in found.marks)
            assert letters(marked) == letters(found.passage.text)


@pytest.mark.parametrize(
    ("sentence", "page", "label"),
    [
        ("A set of lithium batteries runs the outdoor sensor for about 30 months", 7, "4"),
        ("hold the MODE and SET keys together for ten seconds", 8, "5"),
    ],
)
def test_a_sentence_of_the_manual_is_cited_with_its_page(
    catalog: Catalog, sentence: str, page: int, label: str
) -> None:
    document = read(MANUAL)
    citations = Citations(catalog.pages.at)
    words = CitedWords(whole(found_in(catalog, MANUAL, document)), citations)
    words.feed(f"{sentence}.")
    words.finish()
    (citation,) = citations.all()
    assert sentence in " ".join(citation.quote.split())
    assert citation.pages == (PageRef(page, label),)
    assert citation.span.of(document.text) == citation.quote


def test_a_citation_names_its_document_and_heading() -> None:
    (_, second) = evidence_of(BATTERY, FERRY)
    citations = without_pages()
    citations.cite(second, Span(OFFSET, OFFSET + 26))
    (citation,) = citations.all()
    assert (citation.n, citation.document, citation.path) == (1, "d2", "/d/2.md")
    assert (citation.title, citation.kind) == ("Notes", Kind.MARKDOWN)
    assert (citation.heading_path, citation.quote) == (("Travel",), "The ferry leaves at 08:15.")
    assert (citation.pages, citation.marks) == ((), ())


def test_one_place_has_one_number_and_numbers_count_up() -> None:
    first, second = evidence_of(BATTERY, FERRY)
    citations = without_pages()
    spans = Span(OFFSET, OFFSET + 5), Span(OFFSET, OFFSET + 6)
    cited = [(first, spans[0]), (second, spans[0]), (first, spans[1]), (first, spans[0])]
    assert [citations.cite(found, span) for found, span in cited] == [1, 2, 3, 1]
    assert [citation.n for citation in citations.all()] == [1, 2, 3]


# --- markers ------------------------------------------------------------------------------------


def test_a_marker_leads_to_the_sentence_that_says_it() -> None:
    said = Said(["It charges in two hours [1]. A ticket costs 24 pounds [2]."])
    assert said.text == "It charges in two hours. [1] A ticket costs 24 pounds. [2]"
    assert said.quotes == ["It charges in two.", "A return ticket costs 24 pounds."]
    assert [claim.citations for claim in said.claims] == [(1,), (2,)]
    assert all(claim.is_supported for claim in said.claims)


def test_citations_are_numbered_in_the_order_of_the_answer() -> None:
    said = Said(["A ticket costs 24 pounds [2]. The battery lasts nine hours [1]."])
    assert said.text == "A ticket costs 24 pounds. [1] The battery lasts nine hours. [2]"
    assert [citation.document for citation in said.citations] == ["d2", "d1"]


@pytest.mark.parametrize("marker", ["[0]", "[3]", "[99999999999999999999]"])
def test_a_marker_that_names_no_passage_is_dropped(marker: str) -> None:
    said = Said([f"Elephants are grey {marker}."])
    assert said.text == "Elephants are grey."
    assert said.citations == ()


def test_a_wrong_marker_does_not_stand_in_the_way_of_the_right_place() -> None:
    said = Said(["The battery lasts nine hours [7]."])
    assert said.quotes == ["The battery lasts nine hours."]


def test_a_sentence_without_marker_gets_the_place_that_bears_it_out() -> None:
    said = Said(["A return ticket costs 24 pounds. Elephants are grey."])
    assert said.text == "A return ticket costs 24 pounds. [1] Elephants are grey."
    assert said.quotes == ["A return ticket costs 24 pounds."]
    assert [claim.is_supported for claim in said.claims] == [True, False]


@pytest.mark.parametrize(
    "text",
    [
        "The battery lasts nine hours. [1] The ferry leaves at 08:15. [2]",
        "The battery lasts nine hours.[1] The ferry leaves at 08:15.[2]",
        "The battery lasts nine hours [1]. The ferry leaves at 08:15 [2].",
        "The battery lasts nine hours[1]. The ferry leaves at 08:15[2].",
    ],
)
def test_a_marker_belongs_to_the_sentence_before_it_on_either_side_of_the_stop(text: str) -> None:
    said = Said([text])
    assert said.quotes == ["The battery lasts nine hours.", "The ferry leaves at 08:15."]
    assert [claim.citations for claim in said.claims] == [(1,), (2,)]


@pytest.mark.parametrize("markers", ["[1][2]", "[1, 2]", "[1] [2]", "[1,2]", "[2][1][2]"])
@pytest.mark.parametrize("after_stop", [True, False])
def test_a_sentence_may_have_several_markers(markers: str, after_stop: bool) -> None:
    text = "The battery of the ferry" + (f". {markers}" if after_stop else f" {markers}.")
    said = Said([text])
    assert said.text == "The battery of the ferry. [1][2]"
    assert sorted(citation.document for citation in said.citations) == ["d1", "d2"]


def test_a_claim_has_no_marker_in_its_text() -> None:
    (claim,) = Said(["It charges in two [1]."]).claims
    assert claim.text == "It charges in two."


@pytest.mark.parametrize(
    "text",
    [
        "The battery lasts 8 hours [1].",
        "The battery lasts nine hours and 30 minutes [1].",
        "You may leave the battery in the sun [1].",
        "The battery was made in Norway by monks [1].",
    ],
)
def test_a_claim_that_its_passage_does_not_bear_out_is_not_supported(text: str) -> None:
    said = Said([text])
    (claim,) = said.claims
    assert not claim.is_supported
    assert claim.citations == (1,)  # what the model says it rests on is shown all the same


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The battery lasts nine hours [1].", ClaimVerdict.BORNE_OUT),
        ("The battery lasts nine hours.", ClaimVerdict.BORNE_OUT),
        ("The battery lasts eight hours.", ClaimVerdict.NOT_BORNE_OUT),
        ("Monks sing in Norway [1].", ClaimVerdict.NOT_BORNE_OUT),
        ("Monks sing in Norway.", ClaimVerdict.OWN),
    ],
)
def test_a_verdict_tells_what_is_not_borne_out_from_what_is_the_models_own(
    text: str, verdict: ClaimVerdict
) -> None:
    (claim,) = Said([text]).claims
    assert claim.verdict is verdict
    assert claim.is_supported == (verdict is ClaimVerdict.BORNE_OUT)


def test_without_evidence_every_sentence_is_the_models_own() -> None:
    words = CitedWords([], without_pages())
    words.feed("The battery lasts nine hours.")
    words.finish()
    assert [claim.verdict for claim in words.claims] == [ClaimVerdict.OWN]


def test_the_words_of_the_question_count_as_evidence() -> None:
    told = "The kettle's battery lasts nine hours."
    scores = []
    for question in ("", "How long does the kettle run?"):
        words = CitedWords(whole(evidence_of(BATTERY)), without_pages(), question=question)
        words.feed(told)
        words.finish()
        scores.append(words.claims[0].score)
    assert scores[0] < scores[1]


def test_with_an_embedder_other_words_are_borne_out_too(embedder: Embedder) -> None:
    citations = Citations(lambda document, span: (), embedder=embedder)
    words = CitedWords(whole(evidence_of(BATTERY, FERRY)), citations)
    words.prepare()
    words.feed("The boat sets off at 08:15. You need to pay 26 pounds for a ticket.")
    words.finish()
    assert [claim.verdict for claim in words.claims] == [
        ClaimVerdict.BORNE_OUT,
        ClaimVerdict.NOT_BORNE_OUT,
    ]


def test_the_title_and_the_headings_are_evidence_too() -> None:
    (claim,) = Said(["Notes on travel: the ferry leaves at 08:15 [2]."]).claims
    (other,) = Said(["Poems on gardens: the ferry leaves at 08:15 [2]."]).claims
    assert claim.is_supported
    assert claim.score > other.score


def test_a_sentence_that_says_nothing_is_no_claim() -> None:
    assert Said(["- - -"]).claims == []
    assert Said([""]).text == ""


# --- streaming ----------------------------------------------------------------------------------


def test_a_sentence_is_told_as_soon_as_the_next_has_begun() -> None:
    said = Said(["The battery lasts", " nine hours [1]. It", " charges in two [1]."])
    assert said.told[0] == ""
    assert said.told[2].startswith("The battery lasts nine hours. [1]")


def test_a_marker_that_comes_late_still_belongs_to_its_sentence() -> None:
    said = Said([*"The battery lasts nine hours. [", "1", "] ", "[", "2] ", "It", " charges."])
    assert said.claims[0].text == "The battery lasts nine hours."
    assert [citation.document for citation in said.citations][:2] == ["d1", "d2"]


def test_paragraphs_lists_and_code_keep_their_shape() -> None:
    text = "# Head\n\n- The battery [1]\n- The ferry [2]\n\n```python\nx = 1\n\ny = 2\n```\n\nEnd."
    assert Said([text]).text == text


def test_code_is_neither_cited_nor_changed() -> None:
    code = "```python\nshare = items[1].first\n\nThe battery lasts nine hours.\n```"
    said = Said([f"So:\n\n{code}\n\nThe ferry leaves at 08:15."])
    assert code in said.text
    assert said.quotes == ["The ferry leaves at 08:15."]
    assert [claim.text for claim in said.claims] == ["The ferry leaves at 08:15."]


PIECES = (
    *("The battery lasts nine hours", "24 pounds", "08:15", "Dr", "e.g", "U.S", "3.5", "No", "it"),
    *("[1]", " [2]", "[", "]", "[9]", "[1, 2]", "(", ")", "“", "”", "🐝", "A"),
    *(". ", ".", "? ", "! ", "... ", "; ", " ", "\n", "\n\n"),
    *("- ", "1. ", "| a | b |\n", "```\n", "# "),
)
answers = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


@settings(deadline=None)
@given(answer=answers, cuts=st.lists(st.integers(0, 80), max_size=5))
@example(answer="It lasts nine hours. [1] [2] It charges in U.S. Army. [1]", cuts=[])
@example(answer="It costs 3.5 pounds. Dr. No said so... [1]", cuts=[24])
def test_how_an_answer_is_cut_on_its_way_changes_nothing(answer: str, cuts: list[int]) -> None:
    places = sorted({0, len(answer), *(cut for cut in cuts if cut < len(answer))})
    whole = Said([answer])
    in_pieces = Said([answer[start:end] for start, end in pairwise(places)])
    by_character = Said(list(answer))
    assert whole.text == in_pieces.text == by_character.text
    assert whole.claims == in_pieces.claims == by_character.claims
    assert whole.citations == by_character.citations


def without_markers(text: str) -> str:
    """The letters and digits of a text but for those of its markers."""
    return "".join(re.findall(r"\w", re.sub(r"\[\d+(, \d+)*\]", "", text)))


@settings(deadline=None)
@given(answer=answers)
def test_all_words_of_an_answer_are_told_once_and_in_order(answer: str) -> None:
    assert without_markers(Said([answer]).text) == without_markers(answer)


@settings(deadline=None)
@given(answer=answers)
def test_each_marker_told_names_a_citation_and_each_quote_is_its_span(answer: str) -> None:
    said = Said([answer])
    numbers = {citation.n for citation in said.citations}
    assert {n for claim in said.claims for n in claim.citations} <= numbers
    for citation in said.citations:
        text = {"d1": BATTERY, "d2": FERRY}[citation.document]
        assert citation.quote == text[citation.span.start - OFFSET : citation.span.end - OFFSET]

"""From a question to ranked passages over a real library, and whether they hold an answer."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rag.catalog import Catalog
from rag.errors import BadRequest
from rag.library import Library
from rag.retrieval.evidence import Signals, evidence_of, likelihood
from rag.retrieval.retriever import Retriever
from rag.retrieval.search_notes import BROKEN, NOT_READY, foreign_language
from rag.retrieval.terms import terms_of
from rag.types import AddedFile, Kind
from rag.vectors import VectorStore

QUESTIONS = json.loads(
    (Path(__file__).parents[2] / "assets" / "sample_questions.json").read_text("utf-8")
)
SAYS = 0.5  # evidence from here on counts as some

Samples = tuple[Catalog, Retriever]
Add = Callable[..., AddedFile]


@pytest.fixture
def notes(add: Add, tmp_path: Path) -> Path:
    """Three short notes, of which one is in a collection of its own."""
    car = "The car was serviced in May; the brakes are new. Part BX-7731-Q was changed."
    for name, text, collection in (
        ("cat", "Our cat Mimi sleeps on the radiator all winter.", "Home"),
        ("car", car, "Home"),
        ("tax", "Income tax must be declared by the end of July.", "Money"),
    ):
        (tmp_path / f"{name}.txt").write_text(text)
        assert add(tmp_path / f"{name}.txt", collection).verdict.is_success
    return tmp_path


def best(retriever: Retriever, question: str, *, collection: str = "") -> str:
    """The file name of the best passage."""
    found = retriever.retrieve(question, limit=5, collection=collection)
    return Path(found.passages[0].path).stem


@pytest.mark.parametrize(
    ("question", "is_answered"),
    [("Definition Homöomorphismus", True), ("Definition Wellenwiderstand", False)],
)
def test_words_decide_over_texts_in_a_language_that_the_embedder_does_not_know(
    add: Add, retriever: Retriever, tmp_path: Path, question: str, is_answered: bool
) -> None:
    (tmp_path / "topologie.md").write_text(
        "# Topologie\n\nEs seien X und Y Räume. Die Abbildung heißt dann ein Homöomorphismus, wenn "
        "sie bijektiv ist und ihre Umkehrung auch stetig ist. Das ist die Definition.\n\n"
        "# Mengen\n\nDie Menge heißt offen, wenn sie zu jedem Punkt eine Kugel um ihn enthält.\n"
    )
    add(tmp_path / "topologie.md")
    assert (retriever.retrieve(question, limit=5).evidence >= SAYS) is is_answered


# --- ranking ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "name"),
    [
        ("Where does Mimi sleep?", "cat"),
        ("Which place does our pet like when it is cold?", "cat"),
        ("When was the vehicle repaired?", "car"),
        ("What is BX-7731-Q?", "car"),
        ("By when do I have to tell the authorities what I earned?", "tax"),
    ],
)
@pytest.mark.usefixtures("notes")
def test_the_note_that_answers_comes_first(retriever: Retriever, question: str, name: str) -> None:
    assert best(retriever, question) == name


@pytest.mark.parametrize(
    ("question", "file", "words"),
    [
        ("How long do the batteries last?", "weather-station-manual.pdf", "about 30 months"),
        ("When will the water tank be installed?", "allotment-committee-march.md", "18 April 2026"),
        ("What does a return ticket cost?", "lunnsay-weekend.md", "24 pounds"),
        ("How accurate is the Magnus formula?", "dew-point.md", "0.35 °C"),
    ],
)
def test_of_the_samples_the_passage_that_answers_comes_first(
    samples: Samples, question: str, file: str, words: str
) -> None:
    _, retriever = samples
    first = retriever.retrieve(question, limit=3).passages[0]
    assert Path(first.path).name == file
    assert words in " ".join(first.passage.text.split())


def test_passages_come_ranked_with_scores_and_the_text_at_their_span(samples: Samples) -> None:
    catalog, retriever = samples
    passages = retriever.retrieve(QUESTIONS[0], limit=8).passages
    assert [found.rank for found in passages] == list(range(1, 9))
    assert all(first.score >= second.score for first, second in pairwise(passages))
    for found in passages:
        assert 0 <= found.score <= 1
        assert found.passage.text == found.passage.span.of(catalog.documents.text(found.document))
        assert bool(found.passage.pages) == bool(found.marks) == (found.kind is Kind.PDF)


def test_no_more_passages_come_than_wanted(samples: Samples) -> None:
    _, retriever = samples
    assert len(retriever.retrieve(QUESTIONS[0], limit=2).passages) == 2


@pytest.mark.usefixtures("notes")
def test_a_search_can_be_kept_to_a_collection(retriever: Retriever) -> None:
    assert best(retriever, "Where does Mimi sleep?", collection="Money") == "tax"
    found = retriever.retrieve("Where does Mimi sleep?", limit=5, collection="Home").passages
    assert {Path(passage.path).stem for passage in found} == {"cat", "car"}
    nothing = retriever.retrieve("Where does Mimi sleep?", limit=5, collection="Nowhere")
    assert (nothing.passages, nothing.evidence) == ((), 0)


@pytest.mark.usefixtures("notes")
def test_passages_are_found_by_keyword_while_vectors_are_missing(
    retriever: Retriever, vectors: VectorStore
) -> None:
    vectors.renew()
    assert best(retriever, "Where does Mimi sleep?") == "cat"


@pytest.mark.usefixtures("notes")
def test_a_vector_whose_passage_is_gone_is_passed_over(
    retriever: Retriever, vectors: VectorStore
) -> None:
    vectors.add([999], ["gone"], retriever._embedder.embed(["Where does Mimi sleep?"]))
    found = retriever.retrieve("Where does Mimi sleep?", limit=5).passages
    assert [passage.rank for passage in found] == [1, 2, 3]


def test_an_empty_library_has_no_passages(retriever: Retriever) -> None:
    found = retriever.retrieve("Where does Mimi sleep?", limit=5)
    assert (found.passages, found.evidence) == ((), 0)


# --- questions of all kinds ---------------------------------------------------------------------


@pytest.mark.parametrize("question", ["", "  \n\t "])
def test_an_empty_question_is_refused(retriever: Retriever, question: str) -> None:
    with pytest.raises(BadRequest, match=r"^The question is empty\. Type a question\.$"):
        retriever.retrieve(question, limit=5)


@pytest.mark.parametrize(
    "question",
    [
        "the of and is it",
        "🐝🐝🐝",
        '"quoted" OR NOT (tank* NEAR/3 "water") title:x',
        "SELECT * FROM passages; --",
        "\x00\x01",
        "\ud800 half of a character",
        "water " * 3_400,
        "".join(f"w{number} " for number in range(3_500)),
        "ß" * 20_000,
    ],
    ids=lambda question: repr(question[:20]),
)
def test_no_question_is_too_odd_to_be_searched_with(samples: Samples, question: str) -> None:
    _, retriever = samples
    found = retriever.retrieve(question, limit=5)
    assert len(found.passages) == 5
    assert 0 <= found.evidence <= 1


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(question=st.text(st.characters(), min_size=1, max_size=60).filter(str.strip))
@example('"')
def test_any_question_is_answered_with_passages(samples: Samples, question: str) -> None:
    _, retriever = samples
    assert retriever.retrieve(question, limit=3).passages


# --- what could not be done ---------------------------------------------------------------------


@pytest.mark.usefixtures("notes")
def test_without_the_vectors_folder_words_alone_are_searched_and_that_is_told(
    retriever: Retriever, vectors: VectorStore, tmp_path: Path
) -> None:
    vectors.close()
    shutil.rmtree(tmp_path / "chroma")
    (tmp_path / "chroma").write_text("in the folder's place")
    found = retriever.retrieve("Where does Mimi sleep?", limit=5)
    assert Path(found.passages[0].path).stem == "cat"
    assert found.evidence > SAYS
    assert found.notes == (BROKEN,)


@pytest.mark.usefixtures("notes")
def test_before_the_vectors_are_there_that_is_told(
    retriever: Retriever, vectors: VectorStore
) -> None:
    vectors.renew()
    found = retriever.retrieve("Where does Mimi sleep?", limit=5)
    assert (found.evidence > SAYS, found.notes) == (True, (NOT_READY,))


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Wo schläft die Katze im Winter?", "German"),
        ("Où est-ce que le chat dort ?", "French"),
        ("猫はどこで寝ますか", "another language"),
        ("Где спит кошка?", "another language"),
    ],
)
@pytest.mark.usefixtures("notes")
def test_a_question_in_a_language_that_the_embedder_does_not_know_is_told_of(
    retriever: Retriever, question: str, language: str
) -> None:
    (note,) = retriever.retrieve(question, limit=5).notes
    assert note.startswith(f"The question seems to be in {language}, which the embedder does not")


@pytest.mark.parametrize("question", ["Where does the cat sleep?", "die cast", "KX-200 2019", "🐝"])
def test_english_and_what_is_in_no_language_is_not_foreign(question: str) -> None:
    assert foreign_language(question, ("en",)) == ""
    assert foreign_language("Wo schläft die Katze im Winter?", ()) == ""


@pytest.mark.usefixtures("notes")
def test_a_document_that_goes_meanwhile_is_left_out(
    retriever: Retriever, catalog: Catalog, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    (cat,) = (e.document for e in catalog.documents.list() if e.title == "cat")
    nearest = retriever._vectors.nearest

    def removing(*arguments: Any, **options: Any) -> list[tuple[int, float]]:
        found = nearest(*arguments, **options)
        if catalog.documents.entry(cat):
            library.remove(cat)
        return found

    monkeypatch.setattr(retriever._vectors, "nearest", removing)
    found = retriever.retrieve("Where does Mimi sleep?", limit=5, collection="Home").passages
    assert [Path(each.path).stem for each in found] == ["car"]


# --- evidence -----------------------------------------------------------------------------------


@pytest.mark.parametrize("question", QUESTIONS)
def test_evidence_is_high_for_a_question_that_is_answered(samples: Samples, question: str) -> None:
    _, retriever = samples
    assert retriever.retrieve(question, limit=8).evidence > SAYS


@pytest.mark.parametrize(
    "question",
    [
        "Who won the football world cup in 1998?",
        "What is the capital of Mongolia?",
        "How do I bake sourdough bread?",
        "Which enzyme unwinds the DNA helix?",
        "asdf qwer zxcv",
    ],
)
def test_evidence_is_low_for_a_question_from_elsewhere(samples: Samples, question: str) -> None:
    _, retriever = samples
    assert retriever.retrieve(question, limit=8).evidence < SAYS


signals = st.builds(
    Signals,
    cosine=st.floats(-1, 1),
    coverage=st.floats(0, 1),
    coverage_lead=st.floats(0, 1),
    score_lead=st.floats(0, 1),
    names_it=st.booleans(),
    has_vectors=st.booleans(),
)


@given(signals=signals, more=st.floats(0, 1))
def test_evidence_grows_with_closeness_and_with_words_and_stays_within_0_and_1(
    signals: Signals, more: float
) -> None:
    low = likelihood(signals)
    for name in ("cosine", "coverage", "coverage_lead", "score_lead"):
        more_of_it = replace(signals, **{name: min(1, getattr(signals, name) + more)})
        assert 0 <= low <= likelihood(more_of_it) + 1e-12 <= 1 + 1e-12


def test_a_part_number_is_evidence_however_far_its_meaning() -> None:
    far = Signals(cosine=0.0, coverage=1.0, coverage_lead=0.0, score_lead=0.0)
    assert likelihood(far) < SAYS < likelihood(replace(far, names_it=True))
    assert likelihood(replace(far, names_it=True, coverage=0.6)) < SAYS


def test_without_vectors_the_words_decide() -> None:
    words = Signals(0.0, coverage=1.0, coverage_lead=0.3, score_lead=0.1, has_vectors=False)
    assert likelihood(replace(words, coverage=0.1)) < SAYS < likelihood(words)


def test_one_passage_is_judged_by_itself(samples: Samples) -> None:
    catalog, retriever = samples
    question = "How long do the batteries of the station last?"
    found = retriever.retrieve(question, limit=10).passages
    terms = terms_of(question, catalog.passages)
    alone = [evidence_of([each], terms) for each in found]
    assert evidence_of([], terms) == 0
    assert evidence_of(found, terms) == max(alone) > SAYS > min(alone)

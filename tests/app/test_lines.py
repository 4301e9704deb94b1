"""The JSON lines are a promise: their keys, what they hold, and that their places are right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.settings import ASSETS

MANUAL = ASSETS / "samples" / "weather-station-manual.pdf"
BATTERIES = "How long do the batteries of the outdoor sensor last?"
WATER_TANK = "When will the new water tank be installed?"
MOON = "Which astronauts walked on the moon with Apollo 17?"

ADDED = ["path", "document", "state", "reason", "pages", "passages", "seconds"]
DOCUMENT = ["document", "path", "title", "state", "reason", "pages", "passages"]
DOCUMENT += ["collection", "zotero"]
FOUND = ["id", "question", "passages", "evidence", "seconds"]
PLACE = ["document", "path", "page", "page_label", "start", "end"]
PASSAGE = ["rank", "score", *PLACE, "heading", "text"]
ANSWER = [
    "id", "question", "answer", "abstained", "claims", "citations", "passages", "tokens",
    "seconds", "model",
]  # fmt: skip
CLAIM = ["text", "citations", "supported", "score"]
CITATION = ["n", *PLACE, "quote"]


@pytest.fixture(scope="module")
def answers(samples: Any, tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """A question to the PDF, one to a note and one that nothing answers, asked in one process."""
    questions = tmp_path_factory.mktemp("questions") / "questions.jsonl"
    asked = {"pdf": BATTERIES, "note": WATER_TANK, "none": MOON}
    questions.write_text(
        "\n".join(json.dumps({"id": name, "question": text}) for name, text in asked.items())
    )
    ran = samples("ask", "--questions", questions)
    assert ran.code == 0
    return {line["id"]: line for line in ran.lines}


@pytest.fixture(scope="module")
def found(samples: Any) -> dict[str, Any]:
    return samples("search", BATTERIES, "-k", "5", "--json").line


def test_add_tells_of_each_file_what_became_of_it(deskbook: Any, note: Path) -> None:
    line = deskbook("add", note, "--json").line
    assert list(line) == ADDED
    assert (line["path"], line["state"], line["reason"]) == (str(note), "ready", None)
    assert (line["pages"], line["passages"]) == (0, 1)
    assert line["seconds"] > 0


def test_documents_lists_them_under_the_ids_that_add_gave(samples: Any) -> None:
    lines = {Path(line["path"]).name: line for line in samples("documents", "--json").lines}
    assert all(list(line) == DOCUMENT for line in lines.values())
    manual = lines["weather-station-manual.pdf"]
    assert (manual["state"], manual["pages"], manual["collection"]) == ("ready", 9, "Library")
    assert lines["dew-point.md"]["pages"] == 0
    again = samples("add", MANUAL, "--json").line
    assert (again["state"], again["document"]) == ("unchanged", manual["document"])


def test_search_gives_as_many_ranked_passages_as_were_asked_for(found: dict[str, Any]) -> None:
    assert list(found) == FOUND
    assert (found["id"], found["question"]) == (None, BATTERIES)
    assert all(list(passage) == PASSAGE for passage in found["passages"])
    assert [passage["rank"] for passage in found["passages"]] == [1, 2, 3, 4, 5]
    scores = [passage["score"] for passage in found["passages"]]
    assert scores == sorted(scores, reverse=True)
    assert 0.5 < found["evidence"] <= 1


def test_a_found_passage_is_what_text_prints_at_its_place(
    samples: Any, found: dict[str, Any]
) -> None:
    for passage in found["passages"]:
        text = samples("text", passage["document"]).out
        assert text[passage["start"] : passage["end"]] == passage["text"]


def test_ask_has_the_keys_that_were_promised(answers: dict[str, dict[str, Any]]) -> None:
    answer = answers["pdf"]
    assert list(answer) == ANSWER
    assert list(answer["claims"][0]) == CLAIM
    assert list(answer["citations"][0]) == CITATION
    assert list(answer["passages"][0]) == PASSAGE
    assert list(answer["tokens"]) == ["prompt", "cached", "generated"]
    assert list(answer["seconds"]) == ["retrieve", "first_token", "generate", "total"]


def test_an_answer_is_cited_and_its_figures_make_sense(answers: dict[str, dict[str, Any]]) -> None:
    answer = answers["pdf"]
    assert "30 months" in answer["answer"]
    assert "[1]" in answer["answer"]
    assert answer["abstained"] is False
    assert answer["claims"][0]["citations"] == [1]
    assert answer["claims"][0]["supported"] is True
    assert answer["model"] == "starter"
    assert answer["tokens"]["prompt"] > 100
    seconds = answer["seconds"]
    assert 0 < seconds["retrieve"] < seconds["first_token"] <= seconds["total"]


def test_a_citation_of_the_pdf_has_its_page_and_what_is_printed_on_it(
    samples: Any, answers: dict[str, dict[str, Any]]
) -> None:
    citation = answers["pdf"]["citations"][0]
    assert (citation["n"], citation["path"]) == (1, str(MANUAL))
    assert (citation["page"], citation["page_label"]) == (7, "4")
    text = samples("text", citation["document"]).out
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert text[: citation["start"]].count("\f") == 6  # pages are parted by form feeds


def test_a_citation_of_a_note_has_no_page_and_counts_in_the_file_itself(
    samples: Any, answers: dict[str, dict[str, Any]]
) -> None:
    citation = answers["note"]["citations"][0]
    assert (citation["page"], citation["page_label"]) == (None, None)
    text = samples("text", citation["document"]).out
    assert text == Path(citation["path"]).read_bytes().decode("utf-8")
    assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_question_that_nothing_answers_is_not_answered(
    answers: dict[str, dict[str, Any]],
) -> None:
    answer = answers["none"]
    assert list(answer) == ANSWER
    assert answer["abstained"] is True
    assert (answer["claims"], answer["citations"], answer["model"]) == ([], [], None)
    assert answer["passages"]  # what is nearest, for the person to judge

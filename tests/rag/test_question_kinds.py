"""What a question asks for, by how it is put."""

from __future__ import annotations

import pytest

from rag.question_kinds import QuestionKind, Wanted, wanted_by


@pytest.mark.parametrize(
    "question",
    [
        "Summarise the manual",
        "Please summarize this report.",
        "Give me a short summary of the council minutes",
        "What is this document about?",
        "What are the main findings of the paper?",
        "tl;dr",
        "Fass das Handbuch zusammen",
        "Worum geht es in dem Bericht?",
    ],
)
def test_a_summary_is_asked_for(question: str) -> None:
    assert wanted_by(question) == Wanted(QuestionKind.SUMMARY)


@pytest.mark.parametrize(
    "question", ["Summarise my notes", "Overview of everything", "Fass alle Dokumente zusammen"]
)
def test_a_summary_of_all_is_asked_for(question: str) -> None:
    assert wanted_by(question) == Wanted(QuestionKind.SUMMARY, is_of_all=True)


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Compare the ferry with the bus.", ("the ferry", "the bus")),
        ("What is the difference between E3 and E4?", ("E3", "E4")),
        (
            "How does the indoor sensor differ from the outdoor one?",
            ("the indoor sensor", "the outdoor one"),
        ),
        ("E3 vs. E4", ("E3", "E4")),
        ("Vergleiche die Fähre mit dem Bus", ("die Fähre", "dem Bus")),
        ("Was ist der Unterschied zwischen E3 und E4?", ("E3", "E4")),
    ],
)
def test_a_comparison_is_asked_for_and_has_two_sides(question: str, sides: tuple[str, ...]) -> None:
    assert wanted_by(question) == Wanted(QuestionKind.COMPARISON, sides)


@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("List all notes that mention the ferry", "the ferry"),
        ("Which documents mention basil?", "basil?"),
        ("How many of my notes are about bees?", "bees?"),
        ("In welchen Dokumenten steht etwas über Bienen?", "Bienen?"),
        ("List every price of a ticket", "price of a ticket"),
        ("List all", "List all"),
    ],
)
def test_a_list_is_asked_for(question: str, topic: str) -> None:
    assert wanted_by(question) == Wanted(QuestionKind.LISTING, topic=topic)


@pytest.mark.parametrize(
    "question",
    [
        "How long do the batteries last?",
        "Summarise what the manual says about batteries",
        "What did the report say on bees and wasps?",
        "What is basil about to do in March?",
        "Who listed all the names?",
        "Wie alt ist die Brücke?",
        "",
    ],
)
def test_everything_else_asks_for_a_fact(question: str) -> None:
    assert wanted_by(question) == Wanted(QuestionKind.FACT)

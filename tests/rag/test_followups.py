"""Which questions lean on the conversation before them, and what they take from it."""

from __future__ import annotations

import pytest

from rag.followups import standalone
from rag.types import Turn
from rag.words import content_words


def after(question: str, *, asked: str, answer: str = "") -> str:
    return standalone(question, (Turn("prompt", answer, asked),))


@pytest.mark.parametrize(
    "question",
    [
        "How long do the batteries of the outdoor sensor last?",
        "How long do batteries last before they die?",
        "When did Marie Curie win her prize?",
        "What did the council say about the bridge, and who signed it?",
        "Which ferry leaves Oban after nine?",
        "Wie lange hält die Batterie, bis sie leer ist?",
    ],
)
def test_a_question_that_says_all_stays_as_it_is(question: str) -> None:
    assert after(question, asked="What does the tide table show for Oban?") == question


def test_a_first_question_stays_as_it_is() -> None:
    assert standalone("And what does it cost?", ()) == "And what does it cost?"
    assert standalone("What does it cost?", (Turn("Hello", "Hi."),)) == "What does it cost?"


@pytest.mark.parametrize(
    ("question", "asked", "expected"),
    [
        (
            "And in 2019?",
            "What was the revenue of Acme in 2018?",
            "What was the revenue of Acme in 2019?",
        ),
        ("Und 2019?", "Wie hoch war der Umsatz 2018?", "Wie hoch war der Umsatz 2019?"),
        ("What about 2019?", "What was Acme's revenue?", "What was Acme's revenue 2019?"),
    ],
)
def test_another_year_takes_the_place_of_the_first(
    question: str, asked: str, expected: str
) -> None:
    assert after(question, asked=asked) == expected


@pytest.mark.parametrize(
    ("question", "asked", "wanted"),
    [
        ("What does it cost?", "Which ferry leaves Oban after nine?", {"ferry", "oban"}),
        ("Why?", "Did the council close the bridge?", {"council", "bridge"}),
        ("And the indoor one?", "How long does the outdoor sensor last?", {"sensor", "last"}),
        ("What about children?", "What does a ferry ticket cost?", {"ferry", "ticket", "cost"}),
        ("How old is this bridge?", "Who closed the Graz crossing?", {"graz", "crossing"}),
        ("Was kostet das?", "Welche Fähre fährt nach Oban?", {"fähre", "oban"}),
    ],
)
def test_a_question_that_points_back_takes_what_was_asked(
    question: str, asked: str, wanted: set[str]
) -> None:
    searched = after(question, asked=asked)
    assert searched.startswith(question)
    assert wanted <= set(content_words(searched))


def test_a_pronoun_may_mean_a_name_in_the_answer() -> None:
    searched = after(
        "When did she die?",
        asked="Who discovered radium?",
        answer="It was discovered by Marie Curie in Paris [1].",
    )
    assert "Marie Curie" in searched


def test_a_changed_year_leaves_the_old_one_behind() -> None:
    searched = after("And the profit in 2019?", asked="What was Acme's revenue in 2018?")
    assert "acme" in searched
    assert "2018" not in searched


def test_a_follow_up_of_a_follow_up_still_knows_the_first() -> None:
    first = Turn("p", "24 pounds [1].", "What does a ferry ticket to Oban cost?")
    second = Turn("p", "12 pounds [1].", standalone("And for children?", (first,)))
    assert "oban" in standalone("And in winter?", (first, second)).lower()

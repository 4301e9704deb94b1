"""`deskbook ask` in the terminal: what a person reads, in which order."""

from __future__ import annotations

from typing import Any

import pytest

LABEL = "In the words of starter, a small model for demonstration, often wrong:"
TANK = "When will the new water tank be installed?"
MOON = "Which astronauts walked on the moon with Apollo 17?"


@pytest.fixture(scope="module")
def answered(samples: Any) -> Any:
    return samples("ask", "How long do the batteries of the outdoor sensor last?")


def test_the_quotation_leads_then_labelled_words_then_the_sources(answered: Any) -> None:
    assert (answered.code, answered.err) == (0, "")
    quotation, _, rest = answered.out.partition(f"\n\n{LABEL}\n")
    words, _, sources = rest.partition("\n\nSources:\n")
    assert "about 30 months" in quotation
    assert "[1]" in quotation
    assert words.strip()
    assert sources.startswith("[1] ")


def test_a_source_has_title_headings_page_path_and_quote(answered: Any) -> None:
    place, path, quote = answered.out.partition("\nSources:\n")[2].splitlines()[:3]
    assert "Owner's Manual > 5 Care > 5.3 Changing the batteries, p. 4 (page 7 of the f" in place
    assert path.endswith("weather-station-manual.pdf")
    assert "about 30 months" in quote


def test_what_is_not_there_is_said_with_the_nearest_passages(samples: Any) -> None:
    ran = samples("ask", MOON)
    assert ran.code == 0
    said, _, nearest = ran.out.partition("\n\nThe nearest passages:\n")
    assert said == "Your documents do not seem to hold an answer to this."
    assert nearest.count("  - ") == 3
    assert LABEL not in ran.out


def test_the_assistant_s_words_are_labelled_too(samples: Any) -> None:
    ran = samples("ask", "Say hello.", "--mode", "assistant")
    assert ran.code == 0
    label, _, words = ran.out.partition("\n")
    assert label == LABEL
    assert words.strip()
    assert "Sources:" not in ran.out


def test_a_collection_that_holds_nothing_answers_nothing(samples: Any) -> None:
    ran = samples("ask", TANK, "--collection", "Elsewhere")
    assert (ran.code, ran.out) == (
        0,
        "There are no documents in the part of your library that was asked.\n",
    )
    assert ran.err.endswith("to ask all of it.\n")


def test_a_thorough_answer_is_asked_for_by_an_option(samples: Any) -> None:
    ran = samples("ask", MOON, "--thorough")
    assert ran.code == 0
    assert ran.out.startswith("Your documents do not seem to hold an answer to this.")

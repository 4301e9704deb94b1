"""What bears a claim out, and what does not, by words, numbers and negations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verification import SUPPORTED, overlap, support

TANK = "The new water tank will be installed on Saturday, 18 April 2026."
CRACK = "Tomas found the crack in the old tank; it cannot be patched."


@pytest.mark.parametrize(
    "claim",
    [
        TANK,
        "The water tank will be installed on 18 April 2026.",
        "Installing the new tank: 18 April.",
        "On Saturday they install the water tank.",
    ],
)
def test_what_the_sentence_says_is_borne_out(claim: str) -> None:
    assert support(claim, TANK) >= SUPPORTED


@pytest.mark.parametrize(
    "claim",
    [
        "The new water tank will be installed on Saturday, 19 April 2026.",
        "The new water tank will be installed on Saturday, 18 April 2027.",
        "3 water tanks will be installed on Saturday, 18 April 2026.",
    ],
)
def test_a_number_that_is_not_there_bears_nothing_out(claim: str) -> None:
    assert support(claim, TANK) == 0


def test_a_number_is_the_same_however_it_is_grouped() -> None:
    assert support("It holds 1500 litres.", "It holds 1,500 litres.") == 1


def test_other_words_bear_nothing_out() -> None:
    assert support("Bees make honey in the orchard.", TANK) == 0


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("The old tank can be patched.", CRACK),
        ("The tank will not be installed on 18 April 2026.", TANK),
        ("The light isn't open on Saturdays.", "The light is open on Saturdays."),
        ("Die Batterie hält acht Stunden.", "Die Batterie hält keine acht Stunden."),
    ],
)
def test_a_claim_and_a_sentence_that_deny_each_other_do_not_agree(
    claim: str, sentence: str
) -> None:
    assert support(claim, sentence) < SUPPORTED


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("The old tank cannot be patched.", CRACK),
        ("The crack can\u2019t be patched.", CRACK),
        ("The cottages were never booked.", "The cottages were not booked."),
    ],
)
def test_a_claim_and_a_sentence_that_both_deny_agree(claim: str, sentence: str) -> None:
    assert support(claim, sentence) >= SUPPORTED


def test_words_and_numbers_around_the_sentence_count_too() -> None:
    sentence, around = (
        "It costs 24 pounds.",
        "Three days on Lunnsay\nThe ferry\nIt leaves at 08:15.",
    )
    claim = "The ferry to Lunnsay at 08:15 costs 24 pounds."
    assert support(claim, sentence) == 0
    assert support(claim, sentence, around=around) == 1


def test_a_negation_around_the_sentence_does_not_count() -> None:
    around = "The bakery opens early. Do not take the car."
    assert support("The bakery opens early.", "The bakery opens early.", around=around) == 1


def test_a_claim_without_words_is_not_borne_out() -> None:
    assert support("", TANK) == support("…", TANK) == support("It is.", TANK) == 0


@given(claim=st.text(), sentence=st.text(), around=st.text())
def test_support_stays_between_0_and_1_and_within_the_overlap(
    claim: str, sentence: str, around: str
) -> None:
    score = support(claim, sentence, around=around)
    assert 0 <= score <= overlap(claim, f"{around}\n{sentence}") <= 1

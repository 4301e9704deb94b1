"""What bears a claim out, and what does not, by words alone and with the real embedder."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.embedding import Embedder
from rag.grounding import Check, Ground, Wording, check

TANK = "The new water tank will be installed on Saturday, 18 April 2026."
CRACK = "Tomas found the crack in the old tank; it cannot be patched."


def checked(claim: str, *sentences: str, around: tuple[str, ...] = ()) -> Check:
    return check(Wording.of(claim), Ground.of(" ".join(sentences), around=around))


def checked_with(embedder: Embedder, claim: str, *sentences: str) -> Check:
    ground = Ground.of(" ".join(sentences), embedder=embedder)
    return check(Wording.of(claim), ground, embedder.embed([claim])[0])


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
    assert checked(claim, TANK).is_borne_out


@pytest.mark.parametrize(
    "claim",
    [
        "The new water tank will be installed on Saturday, 19 April 2026.",
        "The new water tank will be installed on Saturday, 18 April 2027.",
        "3 water tanks will be installed on Saturday, 18 April 2026.",
        "The new water tank will be installed in Bergen on 18 April 2026.",
        "The new water tank will be installed after 18 April 2026 by Ragnhild.",
    ],
)
def test_a_number_or_a_name_that_is_not_there_bears_nothing_out(claim: str) -> None:
    assert not checked(claim, TANK).is_borne_out


def test_a_number_is_the_same_however_it_is_grouped() -> None:
    assert checked("It holds 1500 litres.", "It holds 1,500 litres.").is_borne_out


def test_other_words_bear_nothing_out_and_are_not_close() -> None:
    result = checked("Bees make honey in the orchard.", TANK)
    assert not result.is_borne_out
    assert not result.is_close


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("The old tank can be patched.", CRACK),
        ("The tank will not be installed on 18 April 2026.", TANK),
        ("The light isn't open on Saturdays.", "The light is open on Saturdays."),
        ("Die Batterie hält acht Stunden.", "Die Batterie hält keine acht Stunden."),
        ("Sales rose in May.", "Sales fell in May."),
        ("Over 40 guests came.", "Fewer than 40 guests came."),
        ("The boat was sold by Lund.", "The boat was sold to Lund."),
        ("Rent went up from 32 to 8 euros.", "Rent went up from 8 to 32 euros."),
        ("It cost 40 in 2011 and 30 in 2012.", "It cost 30 in 2011 and 40 in 2012."),
    ],
)
def test_a_claim_that_turns_the_sentence_round_is_close_and_not_borne_out(
    claim: str, sentence: str
) -> None:
    result = checked(claim, sentence)
    assert result.is_close
    assert not result.is_borne_out
    assert checked(sentence, sentence).is_borne_out


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ("The old tank cannot be patched.", CRACK),
        ("The crack can\u2019t be patched.", CRACK),
        ("The cottages were never booked.", "The cottages were not booked."),
    ],
)
def test_a_claim_and_a_sentence_that_both_deny_agree(claim: str, sentence: str) -> None:
    assert checked(claim, sentence).is_borne_out


def test_words_and_numbers_around_the_sentence_count_too() -> None:
    claim = "The ferry to Lunnsay at 08:15 costs 24 pounds."
    sentences = "It leaves at 08:15.", "It costs 24 pounds."
    assert not checked(claim, *sentences).is_borne_out
    assert checked(claim, *sentences, around=("The ferry to Lunnsay",)).is_borne_out


def test_a_negation_around_the_sentence_does_not_count() -> None:
    bakery = "The bakery opens early."
    assert checked(bakery, bakery, "Do not take the car.").is_borne_out


def test_the_span_is_that_of_the_nearest_sentence() -> None:
    text = f"{CRACK} {TANK}"
    assert checked("A tank will be installed in April.", CRACK, TANK).span.of(text) == TANK


@pytest.mark.parametrize("claim", ["", "…", "It is."])
def test_a_claim_without_words_is_not_borne_out(claim: str) -> None:
    assert not checked(claim, TANK).is_borne_out


@given(claim=st.text(), passage=st.text(), around=st.text())
def test_every_text_can_be_checked_and_scores_from_0_to_1(
    claim: str, passage: str, around: str
) -> None:
    result = checked(claim, passage, around=(around,))
    assert 0 <= result.score <= 1
    assert 0 <= result.span.start <= result.span.end <= len(passage)


def test_meaning_bears_out_what_is_said_in_other_words(embedder: Embedder) -> None:
    said = "They will put in a water reservoir on 18 April."
    assert checked_with(embedder, said, TANK, CRACK).is_borne_out
    assert not checked_with(embedder, "The army's tank was hit on 18 April.", TANK).is_borne_out


def test_meaning_does_not_make_up_for_another_number(embedder: Embedder) -> None:
    assert not checked_with(embedder, TANK.replace("18", "19"), TANK, CRACK).is_borne_out


def test_a_sentence_about_something_else_is_far_by_meaning(embedder: Embedder) -> None:
    assert not checked_with(embedder, "Bees make honey in the orchard.", TANK).is_close

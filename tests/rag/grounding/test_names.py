"""Which words of a claim are names, and how a text may write them otherwise."""

from __future__ import annotations

import pytest

from rag.grounding.names import names_in, opening_of, stands_in
from rag.grounding.tokens import tokens_of


def names(text: str, *, is_german: bool = False) -> list[str]:
    return [token.written for token in names_in(tokens_of(text), is_german=is_german)]


def has(name: str, text: str) -> bool:
    (token,) = tokens_of(name)
    return stands_in(token, tokens_of(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Rain fell on the roof of Oslo.", ["Oslo"]),
        ("Howard Ochman read it.", ["Howard", "Ochman"]),
        ("The pump KX-200 meets ISO rules.", ["KX-200", "ISO"]),
        ("It rains. Water rises.", []),
    ],
)
def test_a_capital_inside_a_sentence_or_in_a_run_is_a_name(text: str, found: list[str]) -> None:
    assert names(text) == found


def test_german_nouns_are_no_names() -> None:
    assert names("Das Boot fuhr mit der Mannschaft.", is_german=True) == []
    assert names("Das Boot der NATO fuhr.", is_german=True) == ["NATO"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Russians", "Russia said so."),
        ("Houthis", "the Houthi capability"),
        ("NSF", "paid by the National Science Foundation"),
        ("UPS", "united parcel service of America"),
        ("America", "the u.s. market"),
        ("CME", "a cme trading right"),
    ],
)
def test_a_name_stands_there_in_another_form(name: str, text: str) -> None:
    assert has(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Medicaid", "Medicare pays."),
        ("FP-3", "FP-2 and falcilysin"),
        ("Java", "Borneo's elephants"),
    ],
)
def test_a_name_like_it_is_another(name: str, text: str) -> None:
    assert not has(name, text)


def test_the_first_word_may_be_a_name_unless_it_is_a_stop_word() -> None:
    opening = opening_of(tokens_of("Madonna sings."))
    assert opening is not None
    assert opening.lower == "madonna"
    assert opening_of(tokens_of("The rain falls.")) is None
    assert opening_of(()) is None

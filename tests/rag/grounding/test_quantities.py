"""Numbers in their many ways of writing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.grounding.quantities import Quantity, quantities_of


def agree(one: str, other: str) -> bool:
    """Whether each number of the one is in the other."""
    first, second = quantities_of(one), quantities_of(other)
    assert first
    assert second
    return all(any(q.agrees_with(o) for o in second) for q in first)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1,500 agents", "1500 agents"),
        ("eight days", "8 days"),
        ("twenty-five ships", "25 ships"),
        ("$1.2 million", "1,200,000 dollars"),
        ("eight hundred thousand jobs", "800,000 jobs"),
        ("a dozen eggs", "12 eggs"),
        ("two dozen eggs", "24 eggs"),
        ("three decades", "30 years"),
        ("half a century", "50 years"),
        ("25 percent", "25%"),
        ("a quarter of them", "25 % of them"),
        ("one in four", "a quarter"),
        ("68 cents", "$0.68"),
        ("another trillion dollars", "$1 trillion"),
        ("in 2002", "on 12/31/02"),
        ("in 1998", "on 12/31/98"),
        ("in 2002", "31.12.2002"),
        ("$385,373 thousand", "in thousands: $385373"),
        ("acht Stunden", "8 Stunden"),
        ("the 21st day", "day 21"),
    ],
)
def test_two_ways_to_write_a_number_agree(one: str, other: str) -> None:
    assert agree(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("$20 million", "$20 billion"),
        ("$20", "€20"),
        ("20 %", "$20"),
        ("the third day", "3 days"),
        ("the third day", "the first day"),
        ("0.25", "0.35"),
        ("68 cents", "$68"),
        ("six months", "60 months"),
    ],
)
def test_other_numbers_do_not_agree(one: str, other: str) -> None:
    assert not agree(one, other)


def test_an_identifier_is_no_number() -> None:
    assert quantities_of("KX-200, bli-3, 293T and Q4") == ()


def test_a_score_and_a_range_are_two_numbers() -> None:
    assert [q.value for q in quantities_of("They won 6\u20133 in 1578-1580.")] == [6, 3, 1578, 1580]


@given(st.integers(0, 10**9))
def test_a_number_agrees_with_itself_grouped_or_not(number: int) -> None:
    (plain,), (grouped,) = quantities_of(str(number)), quantities_of(f"{number:,}")
    assert plain.agrees_with(grouped)
    assert plain.value == number


@given(st.text())
def test_every_text_has_its_quantities_in_order(text: str) -> None:
    found: tuple[Quantity, ...] = quantities_of(text)
    assert [q.start for q in found] == sorted(q.start for q in found)

"""Statements that are turned round: by a negation, an opposite, a comparison or an order."""

from __future__ import annotations

import pytest

from rag.grounding.antonyms import turned
from rag.grounding.comparing import compared_otherwise
from rag.grounding.ground import Wording
from rag.grounding.negation import Denial, denial
from rag.grounding.order import counted_otherwise, misplaced, reversed_range, turned_round
from rag.grounding.tokens import tokens_of

IN_TURN = "Dividends were 446, 423 and 404 in 2017, 2016 and 2015, respectively."


@pytest.mark.parametrize(
    ("claim", "evidence", "found"),
    [
        ("He did not sign.", "He signed.", Denial.ONLY_CLAIM),
        ("He signed.", "He did not sign.", Denial.ONLY_EVIDENCE),
        ("He never signed it.", "He didn't sign.", Denial.AGREES),
        ("He did not agree.", "He refused to sign.", Denial.UNSURE),
        ("He signed.", "He signed.", Denial.AGREES),
        ("Er schläft nicht.", "Er schläft.", Denial.ONLY_CLAIM),
        (
            "It did not end before the summer months, and did not help.",
            "It did not end before the summer months, but helped.",
            Denial.ONLY_CLAIM,
        ),
    ],
)
def test_negations_are_compared_where_they_deny_the_same(
    claim: str, evidence: str, found: Denial
) -> None:
    assert denial(tokens_of(claim), tokens_of(evidence)) is found


@pytest.mark.parametrize(
    ("claim", "evidence", "count"),
    [
        ("Prices rose.", "Prices fell.", 1),
        ("He came after the war.", "He came before the war.", 1),
        ("They were confirmed.", "They were unconfirmed.", 1),
        ("Prices rose.", "Prices increased.", 0),
        ("Prices rose and then fell.", "Prices increased, then declined.", 0),
        ("To the point.", "Into the point.", 0),
    ],
)
def test_an_opposite_counts_unless_the_same_is_said_too(
    claim: str, evidence: str, count: int
) -> None:
    assert turned(tokens_of(claim), tokens_of(evidence)) == count


@pytest.mark.parametrize(
    ("claim", "evidence", "is_other"),
    [
        ("Over 100 came.", "Fewer than 100 came.", True),
        ("No more than 100 came.", "At least 100 came.", True),
        ("No less than 100 came.", "More than 100 came.", False),
        ("At most 100 came.", "100 came.", False),
        ("Over 100 came.", "Under 90 and over 100 came.", False),
    ],
)
def test_a_number_is_compared_the_other_way(claim: str, evidence: str, is_other: bool) -> None:
    one, other = Wording.of(claim), Wording.of(evidence)
    assert compared_otherwise(claim, one.quantities, evidence, other.quantities) is is_other


def test_what_comes_from_where_it_goes_is_turned_round() -> None:
    assert turned_round(tokens_of("It was sold by Haiti."), tokens_of("It was sold to Haiti."))
    assert not turned_round(tokens_of("It went to Haiti."), tokens_of("It was sold to Haiti."))


@pytest.mark.parametrize(
    ("claim", "share"),
    [
        ("446 in 2017 and 423 in 2016.", 0),
        ("In 2016 it was 423, in 2017 446.", 0),
        ("423 in 2017 and 446 in 2016.", 1),
        ("They were 404, then 446.", 0.5),
        ("From 2015 to 2017.", 0),
    ],
)
def test_amounts_belong_to_years_in_the_same_order(claim: str, share: float) -> None:
    assert misplaced(Wording.of(claim).quantities, Wording.of(IN_TURN).quantities) == share


def test_a_range_may_be_reversed() -> None:
    there = Wording.of("between 8 % and 32 %").quantities
    up, down = "from 8 % to 32 %", "from 32 % to 8 %"
    assert reversed_range(down, Wording.of(down).quantities, there)
    assert not reversed_range(up, Wording.of(up).quantities, there)


def test_a_number_counts_what_another_counts_there() -> None:
    evidence = "Twenty elephants and 317 sequences were compared."
    shared = Wording.of(evidence).keys
    assert counted_otherwise("317 elephants were compared.", evidence, shared)
    assert not counted_otherwise("20 elephants and 317 sequences.", evidence, shared)

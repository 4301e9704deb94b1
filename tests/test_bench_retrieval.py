"""The metrics of the retrieval benchmark, on cases small enough to count by hand."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import Span

BENCH = Path(__file__).parent / "bench"
Part = Callable[[str], ModuleType]


@pytest.fixture(scope="module")
def part() -> Iterator[Part]:
    """Imports a module of the benchmark by its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(BENCH), *sys.path])

        def imported(name: str) -> ModuleType:
            return importlib.import_module(f"retrieval_evaluation.{name}")

        yield imported


@pytest.fixture(scope="module")
def metrics(part: Part) -> ModuleType:
    return part("metrics")


def test_evidence_is_cut_where_its_tokens_end(metrics: ModuleType) -> None:
    pieces = [metrics.Piece("a", Span(0, 9), (3, 6, 9)), metrics.Piece("b", Span(5, 9), (7, 9))]
    assert metrics.within(pieces, 2) == [("a", Span(0, 6))]
    assert metrics.within(pieces, 5) == [("a", Span(0, 9)), ("b", Span(5, 7))]
    assert metrics.within(pieces, 99) == [("a", Span(0, 9)), ("b", Span(5, 9))]


def test_the_blank_line_between_two_pieces_costs_a_token(metrics: ModuleType) -> None:
    pieces = [metrics.Piece("a", Span(0, 2), (1, 2)), metrics.Piece("a", Span(5, 6), (6,))]
    assert metrics.within(pieces, 3) == [("a", Span(0, 2))]
    assert metrics.within(pieces, 4) == [("a", Span(0, 2)), ("a", Span(5, 6))]


@pytest.mark.parametrize(
    ("found", "share"),
    [
        ([], 0.0),
        ([("a", Span(0, 100))], 1.0),
        ([("b", Span(0, 100))], 0.0),
        ([("a", Span(5, 20))], 0.25),
        ([("a", Span(2, 6)), ("a", Span(4, 8))], 0.3),
    ],
)
def test_the_share_of_gold_counts_each_character_once(
    metrics: ModuleType, found: list[tuple[str, Span]], share: float
) -> None:
    assert metrics.gold_share("a", [Span(0, 10), Span(50, 60)], found) == pytest.approx(share)


@given(budgets=st.tuples(st.integers(0, 60), st.integers(0, 60)))
def test_a_larger_budget_never_finds_less(metrics: ModuleType, budgets: tuple[int, int]) -> None:
    pieces = [metrics.Piece("a", Span(at, at + 8), tuple(range(at + 1, at + 9))) for at in (40, 0)]
    small, large = (
        metrics.gold_share("a", [Span(3, 45)], metrics.within(pieces, budget))
        for budget in sorted(budgets)
    )
    assert small <= large


def test_the_first_place_that_touches_an_answer_gives_the_rank(metrics: ModuleType) -> None:
    found = [("b", Span(0, 9)), ("a", Span(9, 12)), ("a", Span(3, 5))]
    assert metrics.reciprocal_rank("a", [Span(0, 4)], found) == 1 / 3
    assert metrics.reciprocal_rank("a", [Span(11, 14)], found) == 1 / 2
    assert metrics.reciprocal_rank("a", [Span(20, 30)], found) == 0


def test_spans_that_only_meet_do_not_touch(metrics: ModuleType) -> None:
    assert not metrics.touches(Span(0, 5), Span(5, 9))
    assert metrics.touches(Span(0, 6), Span(5, 9))


@pytest.mark.parametrize(
    ("positive", "negative", "area"),
    [([0.9, 0.8], [0.1], 1.0), ([0.5], [0.5], 0.5), ([0.1, 0.9], [0.5], 0.5), ([0.0], [1.0], 0.0)],
)
def test_the_area_is_how_often_the_right_one_is_higher(
    metrics: ModuleType, positive: list[float], negative: list[float], area: float
) -> None:
    assert metrics.auroc(positive, negative) == area


def test_a_quantile_is_a_value_that_was_measured(metrics: ModuleType) -> None:
    assert metrics.quantile([4.0, 1.0, 3.0, 2.0], 0.5) == 2.0
    assert metrics.quantile(range(1, 101), 0.95) == 95
    assert metrics.quantile([7.0], 0.95) == 7.0


def test_the_halves_of_the_questions_are_about_even_and_never_change(part: Part) -> None:
    gold = part("gold")
    halves = [gold.half_of(f"question {number}") for number in range(400)]
    assert 160 < halves.count(gold.Half.REPORTING) < 240
    assert gold.half_of("question 0") is gold.Half.TUNING


def test_words_are_shared_by_how_they_begin(part: Part) -> None:
    gold = part("gold")
    assert gold.shared_words("When was it registered?", "registers When") == 1.0
    assert gold.shared_words("Who founded Microsoft?", "Gates and Allen founded it") == 0.5
    assert gold.shared_words("Who is it?", "A king") == 1.0


def test_a_word_is_joined_by_the_lowest_rank_first(part: Part) -> None:
    ranks = {b"a": 0, b"b": 1, b"c": 2, b"bc": 3, b"ab": 4, b"abc": 5}
    assert part("tokens").merged_ends(b"abc", ranks) == [3]
    del ranks[b"abc"]
    assert part("tokens").merged_ends(b"abc", ranks) == [1, 3]

"""Laws of the fusion: bounds, order, symmetry, and that magnitudes are kept."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.catalog import Scored
from rag.retrieval.fusion import LEAST, MOST, fuse, keyword_weight

ids = st.integers(1, 30)
weights = st.floats(0, 1)
cosines = st.integers(-1000, 1000).map(lambda thousandths: thousandths / 1000)


def leg(scores: dict[int, float]) -> list[tuple[int, float]]:
    """Best first, as a leg comes."""
    return sorted(scores.items(), key=lambda pair: -pair[1])


dense_legs = st.dictionaries(ids, cosines).map(leg)
keyword_legs = st.dictionaries(ids, st.floats(1e-6, 50)).map(leg)
unit_legs = st.dictionaries(ids, st.floats(0.01, 1), min_size=1)


def scores(fused: list[Scored]) -> dict[int, float]:
    return {scored.passage_id: scored.score for scored in fused}


@given(dense=dense_legs, keyword=keyword_legs, weight=weights)
def test_scores_stay_between_0_and_1_and_come_best_first(
    dense: list[tuple[int, float]], keyword: list[tuple[int, float]], weight: float
) -> None:
    fused = [scored.score for scored in fuse(dense, keyword, keyword_weight=weight)]
    assert all(0 <= score <= 1 + 1e-9 for score in fused)
    assert fused == sorted(fused, reverse=True)


@given(dense=dense_legs, keyword=keyword_legs, weight=weights)
def test_each_passage_of_a_leg_is_there_once_with_its_own_scores(
    dense: list[tuple[int, float]], keyword: list[tuple[int, float]], weight: float
) -> None:
    fused = fuse(dense, keyword, keyword_weight=weight)
    assert sorted(scored.passage_id for scored in fused) == sorted({*dict(dense), *dict(keyword)})
    for scored in fused:
        assert scored.dense_score == dict(dense).get(scored.passage_id, 0)
        assert (scored.keyword_score > 0) == (scored.passage_id in dict(keyword))
        assert scored.keyword_score <= 1


@given(dense=dense_legs, keyword=keyword_legs, weight=st.floats(0.01, 0.99))
def test_a_passage_that_is_first_in_both_legs_is_first(
    dense: list[tuple[int, float]], keyword: list[tuple[int, float]], weight: float
) -> None:
    dense, keyword = [(99, 1.5), *dense], [(99, 60.0), *keyword]
    first = fuse(dense, keyword, keyword_weight=weight)[0]
    assert (first.passage_id, first.score) == (99, pytest.approx(1))


@given(dense=dense_legs, keyword=keyword_legs)
def test_a_weight_at_its_end_leaves_the_order_of_one_leg(
    dense: list[tuple[int, float]], keyword: list[tuple[int, float]]
) -> None:
    by_keyword = [s for s in fuse(dense, keyword, keyword_weight=1) if s.keyword_score]
    assert [dict(keyword)[s.passage_id] for s in by_keyword] == [score for _, score in keyword]
    by_meaning = [s for s in fuse(dense, keyword, keyword_weight=0) if s.dense_score > 0]
    assert all(better.dense_score >= worse.dense_score for better, worse in pairwise(by_meaning))


@given(dense=dense_legs, keyword=keyword_legs)
def test_what_the_dense_leg_did_not_find_counts_as_its_last(
    dense: list[tuple[int, float]], keyword: list[tuple[int, float]]
) -> None:
    fused = scores(fuse(dense, [(99, 1.0), *keyword], keyword_weight=0))
    assert fused[99] == min((fused[passage_id] for passage_id, _ in dense), default=0)


@given(coverage=st.floats(0, 1))
def test_the_more_words_a_passage_covers_the_more_the_keyword_leg_weighs(coverage: float) -> None:
    assert LEAST == keyword_weight(0) <= keyword_weight(coverage) <= keyword_weight(1) == MOST


@given(first=unit_legs, second=unit_legs)
def test_at_equal_weights_the_legs_may_change_places(
    first: dict[int, float], second: dict[int, float]
) -> None:
    # Scaled alike: a best of 1 and a worst of 0, which the keyword leg never has.
    first, second = ({**scores, 98: 1.0, 99: 0.0} for scores in (first, second))
    one = scores(fuse(leg(first), leg(second), keyword_weight=0.5))
    other = scores(fuse(leg(second), leg(first), keyword_weight=0.5))
    assert one == pytest.approx(other)


@given(keyword=keyword_legs, dense=dense_legs, factor=st.floats(0.01, 100))
def test_the_unit_of_the_keyword_scores_does_not_matter(
    dense: list[tuple[int, float]], keyword: list[tuple[int, float]], factor: float
) -> None:
    scaled = [(passage_id, score * factor) for passage_id, score in keyword]
    assert scores(fuse(dense, scaled)) == pytest.approx(scores(fuse(dense, keyword)))


def test_a_passage_far_ahead_in_one_leg_stays_ahead() -> None:
    dense = [(1, 0.52), (2, 0.50), (3, 0.0)]
    keyword = [(2, 20.0), (1, 2.0)]
    assert fuse(dense, keyword)[0].passage_id == 2


def test_equals_come_in_the_order_of_their_ids() -> None:
    assert [s.passage_id for s in fuse([(7, 0.5), (3, 0.5)], [])] == [3, 7]


def test_no_candidates_make_no_ranking() -> None:
    assert fuse([], []) == []

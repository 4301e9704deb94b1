"""How much evidence is read: by speed, by choice, within bounds and context."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.budgeting import evidence_tokens, reading_s
from rag.generation.speed import Speed


def budget(reading: float, *, is_thorough: bool = False, context_tokens: int = 16_384) -> int:
    speed = Speed(reading=reading, writing=5.0, draft_cost=3.0)
    return evidence_tokens(speed, is_thorough=is_thorough, context_tokens=context_tokens)


@pytest.mark.parametrize(
    ("reading", "quick", "thorough"),
    [(10, 600, 1_200), (120, 1_200, 3_600), (267, 2_670, 6_000), (2_000, 6_000, 6_000)],
)
def test_ten_seconds_are_read_or_thirty(reading: float, quick: int, thorough: int) -> None:
    assert (budget(reading), budget(reading, is_thorough=True)) == (quick, thorough)


@pytest.mark.parametrize(("is_thorough", "tokens"), [(False, 1_200), (True, 2_400)])
def test_without_a_measurement_there_is_a_default(is_thorough: bool, tokens: int) -> None:
    assert evidence_tokens(None, is_thorough=is_thorough, context_tokens=16_384) == tokens


@given(st.floats(0, 1e6), st.booleans(), st.integers(512, 200_000))
def test_it_is_within_its_bounds_and_half_the_context(
    reading: float, is_thorough: bool, context: int
) -> None:
    tokens = budget(reading, is_thorough=is_thorough, context_tokens=context)
    assert min(600, context // 2) <= tokens <= min(6_000, context // 2)


@pytest.mark.parametrize(("reading", "quick_s", "thorough_s"), [(10, 60, 120), (2_000, 3, 3)])
def test_the_seconds_follow_from_the_speed(
    reading: float, quick_s: float, thorough_s: float
) -> None:
    speed = Speed(reading=reading, writing=5.0, draft_cost=3.0)
    told = [reading_s(speed, is_thorough=way, context_tokens=16_384) for way in (False, True)]
    assert told == [quick_s, thorough_s]


def test_the_seconds_are_not_told_without_a_measurement() -> None:
    assert reading_s(None, is_thorough=False, context_tokens=16_384) == 0.0

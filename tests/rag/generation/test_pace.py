"""Batches as large as a stop allows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.generation.pace import LEAST_TOKENS, Pace


@pytest.mark.parametrize(
    ("tokens_per_s", "longest_s", "batch"),
    [(10, 10.0, 96), (10, 2.0, 32), (100, 2.0, 192), (5000, 2.0, 512), (0.1, 2.0, 32)],
)
def test_a_batch_takes_no_longer_than_it_may(
    tokens_per_s: float, longest_s: float, batch: int
) -> None:
    pace = Pace(512)
    pace.note(64, 64 / tokens_per_s)
    assert pace.batch_tokens(longest_s) == batch


def test_the_first_batch_is_small() -> None:
    assert Pace(512).batch_tokens(10.0) == LEAST_TOKENS


def test_single_tokens_tell_nothing() -> None:
    pace = Pace(512)
    pace.note(1, 10.0)
    pace.note(512, 1.0)
    pace.note(1, 10.0)
    assert pace.batch_tokens(10.0) == 512


@given(st.integers(1, 600), st.integers(1, 10_000), st.floats(0, 100), st.floats(0, 100))
def test_a_batch_is_never_empty_nor_too_large(
    most: int, count: int, seconds: float, longest_s: float
) -> None:
    pace = Pace(most)
    pace.note(count, seconds)
    assert 1 <= pace.batch_tokens(longest_s) <= most

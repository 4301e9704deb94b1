"""The benchmark's measure of recall counts each character of the answers once."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import Span

BENCH = Path(__file__).parent / "bench"
Recall = Callable[[Iterable[Span], Iterable[Span]], float]

spans = st.builds(
    lambda start, length: Span(start, start + length), st.integers(0, 50), st.integers(1, 20)
)


@pytest.fixture(scope="module")
def recall() -> Recall:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(BENCH), *sys.path])
        spec = importlib.util.spec_from_file_location("bench_embedding", BENCH / "embedding.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        patch.setitem(sys.modules, "bench_embedding", module)
        spec.loader.exec_module(module)
    measure: Recall = module.recall
    return measure


@pytest.mark.parametrize(
    ("answers", "found", "share"),
    [
        ([Span(0, 10)], [], 0.0),
        ([Span(0, 10)], [Span(0, 10)], 1.0),
        ([Span(0, 10)], [Span(5, 50)], 0.5),
        ([Span(0, 10)], [Span(5, 8), Span(6, 10)], 0.5),
        ([Span(0, 10), Span(90, 100)], [Span(0, 10)], 0.5),
    ],
)
def test_the_share_of_the_answers_that_was_found(
    recall: Recall, answers: list[Span], found: list[Span], share: float
) -> None:
    assert recall(answers, found) == share


@given(answers=st.lists(spans, min_size=1), found=st.lists(spans), more=spans)
def test_finding_more_never_lowers_it(
    recall: Recall, answers: list[Span], found: list[Span], more: Span
) -> None:
    assert 0 <= recall(answers, found) <= recall(answers, [*found, more]) <= 1

"""The benchmark of reading ahead counts what is in the cache, and what is left to read."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.evidence import Excerpt
from rag.reading_ahead import ReadingAhead
from rag.types import FoundPassage, Kind, Passage, Span

BENCH = Path(__file__).parent / "bench"


@pytest.fixture(scope="module")
def bench() -> Iterator[Any]:
    before = set(sys.modules)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(BENCH), *sys.path])
        yield importlib.import_module("reading_ahead")
    for name in set(sys.modules) - before:
        if str(BENCH) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def words(text: str) -> int:
    return len(text.split())


def excerpt(text: str) -> Excerpt:
    """Its prompt has the words of the text and two more: the number and the title."""
    passage = Passage(Span(0, len(text)), text, (), ())
    found = FoundPassage(1, 1, 1, 1, len(text), text, "/m.md", "Notes", Kind.MARKDOWN, passage, ())
    return Excerpt((found,), (Span(0, len(text)),))


@pytest.mark.parametrize(
    ("one", "other", "both"), [("abc", "abd", "ab"), ("ab", "abc", "ab"), ("", "a", "")]
)
def test_what_two_texts_share_is_their_beginning(
    bench: Any, one: str, other: str, both: str
) -> None:
    assert bench.shared(one, other) == both


@pytest.mark.parametrize(("room", "begun"), [(3, [1]), (6, [2]), (9, [])])
def test_in_the_time_there_is_so_many_tokens_are_read(
    bench: Any, room: int, begun: list[int]
) -> None:
    ahead = ReadingAhead()
    evidence = (excerpt("one two three"), excerpt("four five"))  # 5 and 4 tokens with their labels
    tokens, cached = bench.read_in_time(ahead, evidence[:1], "", 0, words)
    assert (tokens, cached) == (0, "")
    tokens, cached = bench.read_in_time(ahead, evidence, "", room, words)
    assert tokens == min(room, 9)
    assert list(ahead.steps(evidence))[:1] == begun


def test_what_is_left_is_told_as_a_share_of_what_is_wanted(bench: Any) -> None:
    outcomes = [
        bench.Outcome(wanted=100, left=50, in_prompt=110, read=80, has_settled=True),
        bench.Outcome(wanted=300, left=50, in_prompt=290, read=320, has_settled=False),
    ]
    told = bench.summary(outcomes)
    assert (told["left at Enter"], told["in the prompt"], told["read ahead"]) == (0.25, 1.0, 1.0)
    assert told["settled a word before"] == 0.5

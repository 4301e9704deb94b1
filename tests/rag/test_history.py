"""Which turns a model still sees: laws of the dropping, and what is told of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.history import dropped_count, dropped_notes

sizes = st.lists(st.integers(1, 120), max_size=30)


@given(sizes=sizes, room=st.integers(-10, 300))
def test_what_is_kept_has_room(sizes: list[int], room: int) -> None:
    kept = sizes[dropped_count(sizes, room) :]
    assert not kept or sum(kept) <= room


@given(sizes=sizes, room=st.integers(120, 300))
def test_the_newest_turn_is_kept_where_it_has_room(sizes: list[int], room: int) -> None:
    assert not sizes or dropped_count(sizes, room) < len(sizes)


@given(sizes=sizes, more=st.integers(1, 120), room=st.integers(120, 300))
def test_turns_are_dropped_only_when_one_overflows_the_room(
    sizes: list[int], more: int, room: int
) -> None:
    before, after = dropped_count(sizes, room), dropped_count([*sizes, more], room)
    assert before <= after
    if sum(sizes[before:]) + more <= room:
        assert before == after


@given(size=st.integers(10, 50), count=st.integers(1, 60))
def test_after_turns_were_dropped_as_many_have_room_again(size: int, count: int) -> None:
    room = 10 * size
    drops = [dropped_count([size] * n, room) for n in range(count)]
    assert set(drops) <= set(range(0, 60, 6))


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (0, ()),
        (1, ("The model no longer sees the first question of this conversation.",)),
        (3, ("The model no longer sees the first 3 questions of this conversation.",)),
    ],
)
def test_dropped_turns_are_told(count: int, told: tuple[str, ...]) -> None:
    assert dropped_notes(count) == told

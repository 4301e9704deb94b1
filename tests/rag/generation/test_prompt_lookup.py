"""What may come next, guessed from what came before."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.generation.prompt_lookup import PromptLookup

TOKENS = st.lists(st.integers(0, 3), max_size=40)


def test_what_followed_three_tokens_is_drafted() -> None:
    assert PromptLookup([1, 2, 3, 4, 5, 6, 9, 1, 2, 3]).draft(2) == [4, 5]


def test_two_tokens_do_where_three_never_stood_together() -> None:
    assert PromptLookup([1, 2, 3, 4, 9, 2, 3]).draft(1) == [4]


def test_the_last_place_counts() -> None:
    assert PromptLookup([1, 2, 3, 1, 2, 4, 1, 2]).draft(1) == [4]


def test_nothing_is_drafted_behind_tokens_that_are_new() -> None:
    assert PromptLookup([1, 2, 3, 4]).draft(5) == []
    assert PromptLookup([]).draft(5) == []


def test_what_repeats_itself_is_drafted_again() -> None:
    assert PromptLookup([7, 8, 9, 8, 9]).draft(5) == [8, 9, 8, 9, 8]


def test_no_more_is_drafted_than_asked_for() -> None:
    lookup = PromptLookup([1, 2, 1, 2])
    assert lookup.draft(0) == []
    assert lookup.draft(-1) == []


def drafted_by_search(tokens: list[int], max_tokens: int) -> list[int]:
    """The same by looking through all the tokens."""
    for length in (3, 2):
        for end in range(len(tokens) - 1, length - 1, -1):
            if len(tokens) >= length and tokens[end - length : end] == tokens[-length:]:
                return (tokens[end:] * max_tokens)[:max_tokens]
    return []


@given(TOKENS, TOKENS, st.integers(0, 8))
def test_drafts_are_those_of_a_search(
    prompt: list[int], answer: list[int], max_tokens: int
) -> None:
    lookup = PromptLookup(prompt)
    for token in answer:
        lookup.add(token)
    assert lookup.draft(max_tokens) == drafted_by_search(prompt + answer, max_tokens)

"""A scope in words: what a chip, a line under a question and the question box say."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import EVERYWHERE, Kind, Scope
from ui.conversation.scope_words import KIND_NAMES, place_in_words, scope_line, scope_parts

TITLES = {"a": "Manual", "b": "Minutes"}
SCOPES = st.builds(
    Scope,
    collection=st.sampled_from(["", "Insects"]),
    documents=st.lists(st.sampled_from(["a", "b", "gone"]), unique=True).map(tuple),
    kinds=st.lists(st.sampled_from(list(Kind)), unique=True).map(tuple),
    folder=st.sampled_from(["", "/", "/home/ada/papers"]),
    modified_from=st.sampled_from(["", "2024-01-31"]),
    modified_until=st.sampled_from(["", "2024-01-31", "2024-02-01"]),
)


@given(SCOPES)
def test_taking_every_part_away_leaves_everything(scope: Scope) -> None:
    while parts := scope_parts(scope, TITLES):
        assert all(part.words and part.whole for part in parts)
        scope = parts[0].rest
    assert scope == EVERYWHERE


def test_every_kind_has_a_name_of_its_own() -> None:
    assert len(set(KIND_NAMES.values())) == len(Kind)


@pytest.mark.parametrize(
    ("scope", "said"),
    [
        (EVERYWHERE, ""),
        (Scope(documents=("a",)), "Manual"),
        (Scope(documents=("a", "b")), "2 documents"),
        (Scope(documents=("c",)), "a document that is gone"),
        (Scope(kinds=(Kind.PDF, Kind.EMAIL)), "PDF, E-mail"),
        (Scope(folder="/home/ada/papers"), f"in papers{os.sep}"),
        (Scope(modified_from="2024-01-31"), "changed since 2024-01-31"),
        (Scope(modified_until="2024-01-31"), "changed until 2024-01-31"),
        (Scope("Insects", kinds=(Kind.PDF,)), "in Insects · PDF"),
    ],
)
def test_the_line_under_a_question_names_each_part(scope: Scope, said: str) -> None:
    assert scope_line(scope, TITLES) == (f"Asked only: {said}" if said else "")


def test_the_box_names_what_it_asks() -> None:
    assert place_in_words(EVERYWHERE, TITLES) == "your documents"
    assert place_in_words(Scope(documents=("a",)), TITLES) == "“Manual”"
    assert place_in_words(Scope("Insects"), TITLES) == "“Insects”"
    assert place_in_words(Scope(kinds=(Kind.PDF,)), TITLES) == "this part of your documents"

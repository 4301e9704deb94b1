"""A claim's sentence is found in the answer as it is shown."""

from __future__ import annotations

from rag.types import Span
from ui.conversation.claims import locate


def test_a_claim_is_found_through_markdown_and_spaces() -> None:
    shown = "First. The seal is\npart seven. Last."
    span = locate("The **seal** is part `seven`.", shown)
    assert span is not None
    assert span.of(shown) == "The seal is\npart seven"


def test_chips_inside_a_claim_are_skipped() -> None:
    shown = "Water \u00a012\u00a0 them daily."
    span = locate("Water them daily.", shown, [Span(6, 10)])
    assert span is not None
    assert span.of(shown).endswith("daily")
    assert locate("Water them daily.", shown) is None


def test_a_claim_that_is_not_there_has_no_place() -> None:
    assert locate("Something else.", "The seal.") is None
    assert locate("…", "The seal.") is None


def test_letters_that_fold_into_two_keep_their_place() -> None:
    shown = "Die Straße ist lang."
    span = locate("STRASSE ist", shown)
    assert span is not None
    assert span.of(shown) == "Straße ist"

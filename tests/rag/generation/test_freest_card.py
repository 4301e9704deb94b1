"""The one graphics card that a model is loaded onto."""

from __future__ import annotations

from rag.generation.freest_card import freest_card
from rag.hardware.graphics import find_backends


def test_there_is_a_card_where_the_machine_is_said_to_have_one() -> None:
    assert (freest_card() is not None) == bool(find_backends().gpus)

"""Tokens that may come next, guessed from where the last ones stood before.

Prompt lookup decoding (Saxena 2023; Yang et al., "Inference with Reference", 2023): an answer that
quotes its evidence goes on as the evidence does. There is no model here: what is guessed must be
compared with what the model says.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import cycle, islice

RUNS = (3, 2)  # tokens that must have stood together before, the longer run first


class PromptLookup:
    """The prompt and the answer so far, by their runs of tokens; a token costs the same always."""

    def __init__(self, tokens: Iterable[int]) -> None:
        self._tokens: list[int] = []
        self._places: dict[tuple[int, ...], int] = {}  # where what followed a run last begins
        for token in tokens:
            self.add(token)

    def add(self, token: int) -> None:
        """Take in the next token of the answer."""
        here = len(self._tokens)
        for length in RUNS:
            if length <= here:
                self._places[tuple(self._tokens[-length:])] = here
        self._tokens.append(token)

    def draft(self, max_tokens: int) -> list[int]:
        """What followed the last tokens when they stood together before; empty if they did not.

        Where too few followed, what repeated itself is taken to do so again.
        """
        for length in RUNS:
            place = self._places.get(tuple(self._tokens[-length:]))
            if place is not None:
                count = max(0, max_tokens)
                return list(islice(cycle(self._tokens[place : place + count]), count))
        return []

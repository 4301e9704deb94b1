"""How many tokens a model reads at once, from how fast it has read so far.

Large batches are read a little faster. But on a processor one that is stopped is lost, and a step
of it, during which no stop is heard, takes the longer: of Phi-4's 12 s the longest is 0.16 s.
"""

from __future__ import annotations

LEAST_TOKENS = 32  # fewer cost more each: Phi-4's layers a tenth more at 32, a quarter at 16
STEP_TOKENS = 16
LONGEST_S = 12.0


class Pace:
    """The speed of one model, as batches tell it."""

    def __init__(self, most_tokens: int) -> None:
        """Batches have at most so many tokens."""
        self._most_tokens = most_tokens
        self._tokens_per_s = 0.0  # not known yet

    def batch_tokens(self, longest_s: float) -> int:
        """How many tokens to read at once so that it takes no longer than this, if it can be."""
        wanted = int(longest_s * self._tokens_per_s) // STEP_TOKENS * STEP_TOKENS
        return min(max(wanted, LEAST_TOKENS), self._most_tokens)

    def note(self, token_count: int, seconds: float) -> None:
        """A batch of so many tokens took so long. Small ones tell nothing of large ones."""
        if token_count >= min(LEAST_TOKENS, self._most_tokens):
            self._tokens_per_s = token_count / max(seconds, 1e-6)

"""Evidence for a question that is still being typed: in which order it is read, and since when.

The cache keeps what a prompt shares with the prompt before it from its beginning on. So excerpts
that were read before and are wanted again come first, in the order in which they were read.
"""

from __future__ import annotations

from itertools import takewhile

from rag.prompting import Evidence


class ReadingAhead:
    """What of the evidence was read for the question as far as it went; of one conversation."""

    def __init__(self) -> None:
        self._read: Evidence = ()
        self._seen: Evidence = ()

    def in_order(self, evidence: Evidence) -> Evidence:
        """The same excerpts, first those that were read already, as they were read."""
        again = tuple(takewhile(evidence.__contains__, self._read))
        return (*again, *(excerpt for excerpt in evidence if excerpt not in again))

    def has_settled(self, evidence: Evidence) -> bool:
        """Whether it is the same evidence as when this was last asked."""
        seen, self._seen = self._seen, evidence
        return frozenset(seen) == frozenset(evidence)

    def note_read(self, evidence: Evidence) -> None:
        """It is being read, in this order."""
        self._read = evidence

    def forget(self) -> None:
        """The question was asked: what is typed next begins anew."""
        self._read = self._seen = ()

"""An embedder that is told by words in front of a text whether this is a question or a passage."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

from rag.embedding.embedder import Embedder, Vectors


class PrefixedEmbedder:
    """Another embedder, with words in front of what it reads (see Embedder)."""

    def __init__(self, plain: Embedder, *, question: str, passage: str) -> None:
        """`question` and `passage` are put in front as they are, a blank at their end included."""
        self.plain = plain
        self.name = plain.name
        self._question = question
        self._passage = passage
        # What was embedded with other words in front cannot be compared.
        mark = f"-{zlib.crc32(passage.encode()):08x}" if passage else ""
        self.fingerprint = plain.fingerprint + mark

    @property
    def longest_passage(self) -> int:
        """How many tokens of a passage are read, besides the words in front."""
        return self.plain.longest_passage - self.plain.count(self._passage)

    def count(self, text: str) -> int:
        """How many tokens a text has, start, end and the words in front left aside."""
        return self.plain.count(text)

    def load(self) -> None:
        """Load the model now. Raises ModelUnusable."""
        self.plain.load()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of passages, in their order."""
        return self.plain.embed([self._passage + text for text in texts])

    def question(self, text: str) -> Vectors:
        """The vector of a question, as one row."""
        return self.plain.embed([self._question + text])

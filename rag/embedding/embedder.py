"""What an embedder is, whichever library computes its vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]  # shape (texts, dimensions), each row of length 1


class Embedder(Protocol):
    """An embedding model in a folder.

    Counting needs the tokenizer alone and is there at once; the model is loaded with the first
    text, or by `load`.
    """

    @property
    def name(self) -> str:
        """Its name in the catalogue of models."""

    @property
    def fingerprint(self) -> str:
        """Names the weights and how they are computed with, in letters, digits and hyphens.

        Two embedders with one fingerprint give the same vectors: cosine at least 0.9999. Vectors
        of different fingerprints are never compared.
        """

    @property
    def longest_passage(self) -> int:
        """How many tokens of a passage are read, its title and heading path among them."""

    def count(self, text: str) -> int:
        """How many tokens a text has, start and end tokens left aside."""

    def load(self) -> None:
        """Load the model now. Raises ModelUnusable."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The vectors of passages, in their order.

        What goes beyond the model's longest input is not read. Raises ModelUnusable where the
        model cannot be loaded.
        """

    def question(self, text: str) -> Vectors:
        """The vector of a question, as one row: some models read it in another way than passages.

        Raises ModelUnusable where the model cannot be loaded.
        """

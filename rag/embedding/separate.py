"""The reference embedder, computing in torch's own process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.embedding.embedder import Vectors
from rag.embedding.reference import SentenceTransformersEmbedder
from rag.torch_process import TorchProcess


@dataclass(frozen=True, slots=True)
class EmbedderFolder:
    """A folder in sentence-transformers' form, and how its model is to be run."""

    folder: Path
    name: str
    threads: int

    def open(self) -> SentenceTransformersEmbedder:
        """The embedder, not loaded yet. Raises ModelMissing, ModelUnusable."""
        return SentenceTransformersEmbedder(self.folder, name=self.name, threads=self.threads)


class SeparateEmbedder:
    """What `SentenceTransformersEmbedder` is, without torch in this process (see Embedder)."""

    def __init__(self, source: EmbedderFolder, torch: TorchProcess) -> None:
        """Raises ModelMissing, ModelUnusable."""
        self._source = source
        self._torch = torch
        self._counting = source.open()  # here for its tokenizer alone
        self.name = source.name
        self.fingerprint = self._counting.fingerprint

    @property
    def longest_passage(self) -> int:
        """How many tokens of a passage are read."""
        return self._counting.longest_passage

    def count(self, text: str) -> int:
        """How many tokens a text has, start and end tokens left aside."""
        return self._counting.count(text)

    def load(self) -> None:
        """Load the model now: some seconds, most of them torch's import. Raises ModelUnusable."""
        self._torch.run(self._source, SentenceTransformersEmbedder.load)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors, in their order. What goes beyond the longest input is not read."""
        return self._torch.run(self._source, SentenceTransformersEmbedder.embed, list(texts))

    def question(self, text: str) -> Vectors:
        """The vector of a question, as one row."""
        return self.embed([text])

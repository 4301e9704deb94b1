"""A cross-encoder, computing in torch's own process."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.retrieval.cross_encoder import CrossEncoderReranker
from rag.torch_process import TorchProcess


@dataclass(frozen=True, slots=True)
class RerankerFolder:
    """A folder with a cross-encoder."""

    folder: Path

    def open(self) -> CrossEncoderReranker:
        """The reranker, not loaded yet."""
        return CrossEncoderReranker(self.folder)


class SeparateReranker:
    """What `CrossEncoderReranker` is, without torch in this process (see Reranker)."""

    def __init__(self, folder: Path, torch: TorchProcess) -> None:
        self._source = RerankerFolder(folder)
        self._torch = torch

    def load(self) -> None:
        """Load the model now: some seconds, most of them torch's import. Raises ModelUnusable."""
        self._torch.run(self._source, CrossEncoderReranker.load)

    def score(self, question: str, texts: Sequence[str], *, budget_s: float) -> list[float]:
        """Scores from 0 to 1 of the first texts, as many as are done in this time."""
        return self._torch.run(
            self._source, CrossEncoderReranker.score, question, list(texts), budget_s=budget_s
        )

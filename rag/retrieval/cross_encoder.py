"""A cross-encoder in a folder, by sentence-transformers: question and passage read together."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import ModelUnusable

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

BATCH = 4  # texts: after each the time is looked at


class CrossEncoderReranker:
    """A model such as ms-marco-MiniLM-L6-v2 (see Reranker), loaded with the first question."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loading = threading.Lock()
        self._model: CrossEncoder | None = None

    def load(self) -> None:
        """Load the model now: some seconds, most of them torch's import. Raises ModelUnusable."""
        with self._loading:
            if self._model is None:
                self._model = self._open()

    def score(self, question: str, texts: Sequence[str], *, budget_s: float) -> list[float]:
        """Scores from 0 to 1 of the first texts: a batch is begun while it will end in time, going
        by the slowest so far, and the first in any case.
        """
        self.load()
        scores: list[float] = []
        slowest_s, end = 0.0, time.monotonic() + budget_s
        while len(scores) < len(texts) and (not scores or time.monotonic() + slowest_s <= end):
            started = time.monotonic()
            scores += self._scores(question, texts[len(scores) : len(scores) + BATCH])
            slowest_s = max(slowest_s, time.monotonic() - started)
        return scores

    def _scores(self, question: str, texts: Sequence[str]) -> list[float]:
        import torch

        assert self._model is not None
        scores = self._model.predict(
            [(question, text) for text in texts],
            batch_size=BATCH,
            show_progress_bar=False,
            activation_fn=torch.nn.Sigmoid(),
        )
        return [float(score) for score in scores]

    def _open(self) -> CrossEncoder:
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            return CrossEncoder(
                str(self._folder), device="cpu", local_files_only=True, num_labels=1
            )
        except (OSError, ValueError, RuntimeError) as error:  # by what is wrong with the folder
            raise ModelUnusable(
                f"The reranker in {self._folder} cannot be loaded.",
                remedy="Remove the folder, or get the model again.",
            ) from error

"""Passages and questions into vectors, by any sentence-transformers model."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from rag.errors import ModelMissing

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

log = logging.getLogger(__name__)

Vectors = NDArray[np.float32]  # shape (texts, dimensions), each row of length 1


class Embedder:
    """An embedding model in a folder.

    Counting needs the tokenizer alone and is there at once; the model is loaded with the first
    text, or by `load`.
    """

    def __init__(self, folder: Path, *, name: str, threads: int) -> None:
        """`folder` is in sentence-transformers' form. Raises ModelMissing."""
        if not (folder / "tokenizer.json").is_file():
            raise ModelMissing(
                f"There is no embedding model in {folder}.",
                remedy=f"Get it with `deskbook models get {name}`.",
            )
        self.name = name
        self._folder = folder
        self._threads = threads
        self._loading = threading.Lock()
        self._model: SentenceTransformer | None = None
        self._tokenizer: Tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def count(self, text: str) -> int:
        """How many tokens a text has, start and end tokens left aside."""
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    def load(self) -> None:
        """Load the model now: some seconds, most of them torch's import."""
        with self._loading:
            if self._model is not None:
                return
            import torch
            from sentence_transformers import SentenceTransformer
            from tqdm import tqdm
            from transformers.utils import logging as transformers_logging

            transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            # tqdm's own lock is one between processes, and nobody would clear it away.
            tqdm.set_lock(threading.RLock())
            torch.set_num_threads(self._threads)
            self._model = SentenceTransformer(
                str(self._folder), device="cpu", local_files_only=True
            )

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors. What goes beyond the model's longest input is not read."""
        self.load()
        assert self._model is not None
        vectors = self._model.encode(
            list(texts), normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(vectors, dtype=np.float32)

"""Any sentence-transformers model: the reference that the faster way is held to."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError

from rag.embedding.embedder import Vectors
from rag.embedding.tokens import Tokens
from rag.embedding.weights import mark_of, unusable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# What torch, transformers and tokenizers raise, by what is wrong with a model's folder.
FAULTS_OF_A_FOLDER = (OSError, ValueError, RuntimeError, LookupError, ImportError, SafetensorError)

BATCH = 8  # texts padded to one length; the 32 of sentence-transformers cost a third more


class SentenceTransformersEmbedder:
    """A model in a folder, computed by sentence-transformers and torch (see Embedder)."""

    def __init__(self, folder: Path, *, name: str, threads: int) -> None:
        """`folder` is in sentence-transformers' form. Raises ModelMissing, ModelUnusable."""
        self.name = name
        self._folder = folder
        self._threads = threads
        self._tokens = Tokens(folder, name=name)
        self._loading = threading.Lock()
        self._model: SentenceTransformer | None = None
        self.fingerprint = f"{name}-{mark_of(folder)}"

    @property
    def longest_passage(self) -> int:
        """How many tokens of a passage are read."""
        return self._tokens.longest_text

    def count(self, text: str) -> int:
        """How many tokens a text has, start and end tokens left aside."""
        return self._tokens.count(text)

    def load(self) -> None:
        """Load the model now: some seconds, most of them torch's import. Raises ModelUnusable."""
        with self._loading:
            if self._model is None:
                self._model = self._open()

    def embed(self, texts: Sequence[str]) -> Vectors:
        """The texts' vectors, in their order. What goes beyond the longest input is not read."""
        self.load()
        assert self._model is not None
        vectors = self._model.encode(
            list(texts),
            prompt="",  # a folder may name one for all texts, and ours are in front already
            batch_size=BATCH,
            normalize_embeddings=True,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return np.asarray(vectors, dtype=np.float32)

    def question(self, text: str) -> Vectors:
        """The vector of a question, as one row; it is read as a passage is."""
        return self.embed([text])

    def _open(self) -> SentenceTransformer:
        import torch
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        torch.set_num_threads(self._threads)
        try:
            return SentenceTransformer(
                str(self._folder),
                device="cpu",
                local_files_only=True,
                trust_remote_code=False,  # code in a model's folder is never run
                model_kwargs={"dtype": torch.float32},  # some are published in half precision
            )
        except FAULTS_OF_A_FOLDER as error:
            raise unusable(self._folder, error) from error

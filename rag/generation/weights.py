"""A model's weights and vocabulary in memory: loading them, and what tells them from others.

What is read with them lies in a `LiveSequence`.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from rag.generation.llama import library
from rag.generation.loading import load_model
from rag.generation.plan import Plan
from rag.models.gguf import read_header

HEAD_BYTES = 65_536  # of a file are hashed: its metadata, and with it the model's name


class Weights:
    """A model's weights and vocabulary in memory, without a sequence of tokens."""

    def __init__(
        self,
        path: Path,
        plan: Plan,
        *,
        is_stopped: Callable[[], bool] = lambda: False,
        on_progress: Callable[[float], None] = lambda _done: None,
    ) -> None:
        """Open the file at `path`. Raises Stopped, ModelTooLarge and ModelUnusable.

        They lie in memory once. Mapped, they are as in the file, and the system may drop and read
        them again; mapped and repacked they would be there twice (15.7 GB for Phi-4's 8.9 GB).
        Read and repacked, they cannot be dropped, and loading takes several times as long.
        """
        self.path = path
        self.fingerprint = _fingerprint(path)
        self.handle = load_model(path, plan, is_stopped=is_stopped, on_progress=on_progress)

    @property
    def context_tokens(self) -> int:
        """The length of context that the model was trained for."""
        return int(library().llama_model_n_ctx_train(self.handle))

    @property
    def vocabulary_size(self) -> int:
        """How many tokens there are."""
        api = library()
        return int(api.llama_vocab_n_tokens(api.llama_model_get_vocab(self.handle)))

    @property
    def head_width(self) -> int:
        """The width of one attention head: mostly the model's, shared out among its heads."""
        api = library()
        heads = max(1, int(api.llama_model_n_head(self.handle)))
        shared = int(api.llama_model_n_embd(self.handle)) // heads
        return read_header(self.path).number("attention.key_length", shared)

    def chat_template(self) -> str:
        """The file's own chat template; empty where it has none."""
        template: bytes | None = library().llama_model_chat_template(self.handle, None)
        return (template or b"").decode("utf-8", "replace")

    def close(self) -> None:
        """Give the memory back. A sequence over these weights must be closed before."""
        if self.handle:
            library().llama_model_free(self.handle)
            self.handle = None


def _fingerprint(path: Path) -> str:
    """What tells this file, as this llama.cpp reads it, from any other: a short hash."""
    stat = path.stat()
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    told = f"{library().__version__} {stat.st_size} {stat.st_mtime_ns}".encode()
    return sha256(told + head).hexdigest()[:32]

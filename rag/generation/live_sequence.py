"""The tokens that a model has read and not forgotten: its KV cache, in memory and on disk.

It works on token numbers alone: text and conversations are its neighbours'.
"""

from __future__ import annotations

import ctypes
import os
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelUnusable, Stopped
from rag.generation.llama import library
from rag.generation.pace import LONGEST_S, Pace
from rag.generation.plan import Plan
from rag.generation.refusals import failed_reading
from rag.generation.reserving import reserve
from rag.generation.seals import is_sealed, seal
from rag.generation.stopping import StopFlag
from rag.generation.weights import Weights

NEAR = 0.02  # of the way from the mean to the best score: what rounding may turn round
ABORTED = 2  # what llama_decode returns when the abort callback ended it
SEQUENCE = 0  # the only one there is, as llama.cpp numbers them


class LiveSequence:
    """The tokens that a model has read and not forgotten: its KV cache, and what follows them.

    `tokens` is what the cache holds. It stays true when the reading of a prompt is stopped.
    `fingerprint` is the same for two sequences where what one saved the other can restore.
    """

    def __init__(self, weights: Weights, plan: Plan) -> None:
        """Reserve the cache. Raises ModelTooLarge where the memory does not suffice."""
        self._api = library()
        self._weights = weights
        self.stop_flag = StopFlag()
        self.tokens: list[int] = []
        self._pace = Pace(min(plan.batch_tokens, plan.context_tokens))
        self._handle, cache_type = reserve(weights, plan, self.stop_flag)
        self._memory = self._api.llama_get_memory(self._handle)
        if not self._memory:
            self.close()
            raise ModelUnusable(
                f"“{weights.path.name}” is no model that writes text.",
                remedy="Choose a language model; this may be one that only embeds or reranks.",
            )
        # Some models turn their keys by angles that depend on the length of the context.
        told = f"{weights.fingerprint} {cache_type} {self.context_tokens}"
        self.fingerprint = sha256(told.encode()).hexdigest()[:32]

    @property
    def can_draft(self) -> bool:
        """Whether a part can be forgotten: not by models that keep a state instead of a cache."""
        model = self._weights.handle
        keeps_state = self._api.llama_model_is_recurrent, self._api.llama_model_is_hybrid
        return not any(asked(model) for asked in keeps_state)

    @property
    def context_tokens(self) -> int:
        """How many tokens fit."""
        return int(self._api.llama_n_ctx(self._handle))

    def keep_prefix_of(self, tokens: Sequence[int]) -> int:
        """Forget all but the longest common prefix with `tokens`; returns its length.

        The last token is always forgotten, since what follows it is known from reading it alone.
        """
        pairs = zip(self.tokens, tokens[:-1], strict=False)
        kept = next((n for n, (old, new) in enumerate(pairs) if old != new), None)
        if kept is None:
            kept = min(len(self.tokens), len(tokens) - 1)
        return self.keep(kept)

    def keep(self, token_count: int) -> int:
        """Forget all but the first tokens; returns how many were kept.

        Models that keep a state instead of a cache cannot forget a part, and forget all.
        """
        if not self._api.llama_memory_seq_rm(self._memory, SEQUENCE, token_count, -1):
            self.forget()
            return 0
        del self.tokens[token_count:]
        return token_count

    def forget(self) -> None:
        """Forget all tokens."""
        self._api.llama_memory_clear(self._memory, True)
        self.tokens.clear()

    def read(self, tokens: Sequence[int], *, longest_s: float = LONGEST_S) -> None:
        """Read tokens behind those already read, in batches that take no longer than this.

        Raises Stopped when the stop flag is set; then the batch in hand is not read.
        """
        start = 0
        while start < len(tokens):
            begun = time.perf_counter()
            batch = list(tokens[start : start + self._pace.batch_tokens(longest_s)])
            start += len(batch)
            self._decode(batch, scored=1 if start >= len(tokens) else 0)
            self._pace.note(len(batch), time.perf_counter() - begun)

    def read_draft(self, tokens: Sequence[int]) -> None:
        """Read a few tokens at once, so that it is known what follows each of them.

        They are at most 1 + DRAFT_TOKENS. Raises Stopped when the stop flag is set.
        """
        self._decode(list(tokens), scored=len(tokens))

    def _decode(self, batch: list[int], *, scored: int) -> None:
        """Read a batch, so that it is known what follows the last `scored` tokens of it."""
        if self.stop_flag.is_set:
            raise Stopped
        numbers = (self._api.llama_token * len(batch))(*batch)
        read = self._api.llama_batch_get_one(numbers, len(batch))
        marks = (ctypes.c_int8 * len(batch))(*[0] * (len(batch) - scored), *[1] * scored)
        read.logits = ctypes.cast(marks, type(read.logits))
        code = self._api.llama_decode(self._handle, read)
        if code == ABORTED:
            raise Stopped
        if code != 0:
            raise failed_reading(self._weights.path, code)
        self.tokens += batch

    def likeliest(self) -> int:
        """The token that most likely follows those read."""
        return int(self._scores(-1).argmax())

    def likeliest_in_draft(self, place: int) -> int | None:
        """What most likely follows a token of the draft just read, counted from 0.

        None where another token is nearly as likely, so that reading alone may tell another.
        """
        scores = self._scores(place)
        best = int(scores.argmax())
        highest, mean = float(scores[best]), float(scores.mean())
        scores[best] = -np.inf
        second = float(scores.max())
        scores[best] = highest
        return best if highest - second > NEAR * (highest - mean) else None

    def _scores(self, place: int) -> NDArray[np.float32]:
        """The scores of all tokens behind one that was read, in llama.cpp's own memory."""
        scores = self._api.llama_get_logits_ith(self._handle, place)
        return np.ctypeslib.as_array(scores, shape=(self._weights.vocabulary_size,))

    def next_token(self, sampler: Any) -> int:
        """The token that the sampler picks to follow those read."""
        return int(self._api.llama_sampler_sample(sampler, self._handle, -1))

    def save(self, path: Path) -> None:
        """Write what was read to a file, tokens and cache. Raises OSError where it is not whole."""
        numbers = (self._api.llama_token * len(self.tokens))(*self.tokens)
        size_bytes = self._api.llama_state_seq_save_file(
            self._handle, os.fsencode(path), SEQUENCE, numbers, len(numbers)
        )
        if not size_bytes or path.stat().st_size != size_bytes:
            raise OSError(f"what was read could not be written to {path}")
        seal(path)

    def restore(self, path: Path) -> bool:
        """Have read what another sequence with this fingerprint saved, and nothing else.

        Where the file is none of ours, is not whole or holds too much, it says False, and the
        sequence is empty.
        """
        self.forget()
        if not is_sealed(path):
            return False
        room, count = self.context_tokens, ctypes.c_size_t()
        numbers = (self._api.llama_token * room)()
        has_loaded = self._api.llama_state_seq_load_file(
            self._handle, os.fsencode(path), SEQUENCE, numbers, room, ctypes.byref(count)
        )
        last = self._api.llama_memory_seq_pos_max(self._memory, SEQUENCE)
        if not has_loaded or last + 1 != count.value:
            self.forget()
            return False
        self.tokens = list(numbers[: count.value])
        return True

    def close(self) -> None:
        """Give the cache back."""
        if self._handle:
            self._api.llama_free(self._handle)
            self._handle = None

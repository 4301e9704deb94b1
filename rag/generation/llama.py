"""llama.cpp as far as Deskbook uses it: weights, one live sequence of tokens, and sampling.

It works on token numbers alone: text and conversations are its neighbours'. It stands on the C interface rather than on the binding's `Llama` class, which cannot map weights
without repacking them, keeps a row of scores for each token of a batch (205 MB for Phi-4), and
compiles every chat template that it finds.
"""

from __future__ import annotations

import ctypes
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from rag.errors import ModelUnusable, Stopped
from rag.generation.plan import CacheType, Plan
from rag.generation.stopping import StopFlag

log = logging.getLogger(__name__)

# A stop while the prompt is read loses at most one batch of work, so small batches; on a processor
# 128 tokens are read as fast as 512 (SmolLM2 on 2 cores, 157 tokens/s). Graphics cards want more.
CPU_BATCH_TOKENS = 128
GPU_BATCH_TOKENS = 512
QUANTIZED_BLOCK = 32  # a q8_0 cache needs heads of a multiple of this width
ABORTED = 2  # what llama_decode returns when the abort callback ended it


@cache
def library() -> Any:
    """The binding, imported when first needed, with llama.cpp's messages sent to our log."""
    import llama_cpp

    llama_cpp.llama_log_set(_log_hook(), None)
    llama_cpp.llama_backend_init()
    return llama_cpp


@cache  # llama.cpp holds a bare pointer to the hook: the cache keeps the hook itself alive
def _log_hook() -> Any:
    import llama_cpp

    return llama_cpp.llama_log_callback(_write_log)


def _write_log(_level: int, text: bytes, _data: object) -> None:
    log.debug("%s", text.decode("utf-8", "replace").rstrip())


class Weights:
    """A model's weights and vocabulary in memory, without a sequence of tokens."""

    def __init__(self, path: Path, plan: Plan) -> None:
        """Open the file at `path`. Raises ModelUnusable where llama.cpp does not take it.

        Mapped and not repacked there is one copy, which the system may drop and read again;
        repacked, the weights lie in memory twice (15.7 GB for Phi-4's 8.9 GB). The price is a
        tenth of the decoding speed; the prompt, the longer part, is read no slower.
        """
        api = library()
        parameters = api.llama_model_default_params()
        parameters.n_gpu_layers = plan.gpu_layers
        parameters.load_mode = (
            api.LLAMA_LOAD_MODE_MMAP if plan.is_mapped else api.LLAMA_LOAD_MODE_NONE
        )
        parameters.use_extra_bufts = not plan.is_mapped
        self.path = path
        self.handle = api.llama_model_load_from_file(os.fsencode(path), parameters)
        if not self.handle:
            raise ModelUnusable(
                f"“{path.name}” cannot be loaded by llama.cpp.",
                remedy="It may be damaged or of a kind too new: download it again, or choose "
                "another model.",
            )

    @property
    def context_tokens(self) -> int:
        """The length of context that the model was trained for."""
        return int(library().llama_model_n_ctx_train(self.handle))

    @property
    def head_width(self) -> int:
        """The width of one attention head."""
        api = library()
        heads = max(1, int(api.llama_model_n_head(self.handle)))
        return int(api.llama_model_n_embd(self.handle) // heads)

    def chat_template(self) -> str:
        """The file's own chat template; empty where it has none."""
        template: bytes | None = library().llama_model_chat_template(self.handle, None)
        return (template or b"").decode("utf-8", "replace")

    def close(self) -> None:
        """Give the memory back. A sequence over these weights must be closed before."""
        if self.handle:
            library().llama_model_free(self.handle)
            self.handle = None


class LiveSequence:
    """The tokens that a model has read and not forgotten: its KV cache, and what follows them.

    `tokens` is what the cache holds. It stays true when the reading of a prompt is stopped.
    """

    def __init__(self, weights: Weights, plan: Plan) -> None:
        """Reserve the cache. Raises ModelUnusable where the memory does not suffice."""
        self._api = library()
        self._weights = weights
        self.stop_flag = StopFlag()
        self.tokens: list[int] = []
        self._batch_tokens = plan.batch_tokens
        self._handle = self._reserve(plan)
        self._memory = self._api.llama_get_memory(self._handle)
        if not self._memory:
            self.close()
            raise ModelUnusable(
                f"“{weights.path.name}” is no model that writes text.",
                remedy="Choose a language model; this may be one that only embeds or reranks.",
            )

    def _reserve(self, plan: Plan) -> Any:
        """A context with a cache of the plan's type, or, where that cannot be, at 16 bits."""
        api = self._api
        context_tokens = min(plan.context_tokens, self._weights.context_tokens)
        is_quantized = (
            plan.cache_type is not CacheType.F16 and self._weights.head_width % QUANTIZED_BLOCK == 0
        )
        small_type = getattr(api, f"GGML_TYPE_{plan.cache_type.name}")
        for is_small in (True, False) if is_quantized else (False,):
            parameters = api.llama_context_default_params()
            parameters.n_ctx = context_tokens
            parameters.n_batch = parameters.n_ubatch = min(self._batch_tokens, context_tokens)
            parameters.n_threads = parameters.n_threads_batch = plan.threads
            parameters.flash_attn_type = api.LLAMA_FLASH_ATTN_TYPE_AUTO
            if is_small:  # a quantised cache works with flash attention alone
                parameters.flash_attn_type = api.LLAMA_FLASH_ATTN_TYPE_ENABLED
                parameters.type_k = parameters.type_v = small_type
            parameters.abort_callback = ctypes.cast(
                self.stop_flag.callback, api.ggml_abort_callback
            )
            parameters.abort_callback_data = self.stop_flag.address
            if handle := api.llama_init_from_model(self._weights.handle, parameters):
                return handle
        raise ModelUnusable(
            f"A context of {context_tokens} tokens for “{self._weights.path.name}” does not fit "
            "into memory.",
            remedy="Close other programs, or choose a smaller context or a smaller model.",
        )

    @property
    def context_tokens(self) -> int:
        """How many tokens fit."""
        return int(self._api.llama_n_ctx(self._handle))

    def keep_prefix_of(self, tokens: Sequence[int]) -> int:
        """Forget all but the longest common prefix with `tokens`; returns its length.

        The last token is always forgotten, since what follows it is known from reading it alone.
        Models that keep a state instead of a cache cannot forget a part, and forget it all.
        """
        pairs = zip(self.tokens, tokens[:-1], strict=False)
        kept = next((n for n, (old, new) in enumerate(pairs) if old != new), None)
        if kept is None:
            kept = min(len(self.tokens), len(tokens) - 1)
        if not self._api.llama_memory_seq_rm(self._memory, 0, kept, -1):
            self._api.llama_memory_clear(self._memory, True)
            kept = 0
        del self.tokens[kept:]
        return kept

    def read(self, tokens: Sequence[int]) -> None:
        """Read tokens behind those already read. Raises Stopped when the stop flag is set."""
        for start in range(0, len(tokens), self._batch_tokens):
            batch = list(tokens[start : start + self._batch_tokens])
            self._decode(batch)
            self.tokens += batch

    def _decode(self, batch: list[int]) -> None:
        if self.stop_flag.is_set:
            raise Stopped
        numbers = (self._api.llama_token * len(batch))(*batch)
        code = self._api.llama_decode(
            self._handle, self._api.llama_batch_get_one(numbers, len(batch))
        )
        if code == ABORTED:
            raise Stopped
        if code != 0:
            raise ModelUnusable(
                f"“{self._weights.path.name}” failed while it computed (llama.cpp says {code}).",
                remedy="Ask again; if it fails again, choose a smaller context or another model.",
            )

    def next_token(self, sampler: Any) -> int:
        """The token that the sampler picks to follow those read."""
        return int(self._api.llama_sampler_sample(sampler, self._handle, -1))

    def close(self) -> None:
        """Give the cache back."""
        if self._handle:
            self._api.llama_free(self._handle)
            self._handle = None


@contextmanager
def sampler(temperature: float) -> Iterator[Any]:
    """A chain that picks tokens: the likeliest at temperature 0, else by chance among the likely.

    The values are llama.cpp's own defaults; the seed is drawn anew each time.
    """
    api = library()
    chain = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
    for part in _sampling_steps(api, temperature):
        api.llama_sampler_chain_add(chain, part)
    try:
        yield chain
    finally:
        api.llama_sampler_free(chain)


def _sampling_steps(api: Any, temperature: float) -> list[Any]:
    if temperature <= 0:
        return [api.llama_sampler_init_greedy()]
    return [
        api.llama_sampler_init_top_k(40),
        api.llama_sampler_init_top_p(0.95, 1),
        api.llama_sampler_init_min_p(0.05, 1),
        api.llama_sampler_init_temp(temperature),
        api.llama_sampler_init_dist(api.LLAMA_DEFAULT_SEED),
    ]

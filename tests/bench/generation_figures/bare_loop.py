"""llama.cpp with nothing of ours around it: read a prompt in batches, then pick and read on.

The same library, weights and settings; no stop flag, no text, no bookkeeping.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rag.generation import CacheType, Plan
from rag.generation.llama import library
from rag.generation.plan import QUANTIZED_BLOCK
from rag.generation.weights import Weights


class BareLoop:
    """A context of its own over weights that are there already."""

    def __init__(self, weights: Weights, plan: Plan) -> None:
        api = self._api = library()
        parameters = api.llama_context_default_params()
        parameters.n_ctx = min(plan.context_tokens, weights.context_tokens)
        parameters.n_batch = parameters.n_ubatch = plan.batch_tokens
        parameters.n_threads = parameters.n_threads_batch = plan.threads
        if plan.cache_type is not CacheType.F16 and weights.head_width % QUANTIZED_BLOCK == 0:
            parameters.flash_attn_type = api.LLAMA_FLASH_ATTN_TYPE_ENABLED
            kind = getattr(api, f"GGML_TYPE_{plan.cache_type.name}")
            parameters.type_k = parameters.type_v = kind
        self._batch_tokens = plan.batch_tokens
        self._context: Any = api.llama_init_from_model(weights.handle, parameters)
        assert self._context, "no context"
        self._sampler = api.llama_sampler_chain_init(api.llama_sampler_chain_default_params())
        api.llama_sampler_chain_add(self._sampler, api.llama_sampler_init_greedy())

    def forget(self) -> None:
        """As new."""
        self._api.llama_memory_clear(self._api.llama_get_memory(self._context), True)

    def read(self, tokens: Sequence[int]) -> int:
        """Read a prompt; the token that follows."""
        for start in range(0, len(tokens), self._batch_tokens):
            batch = tokens[start : start + self._batch_tokens]
            numbers = (self._api.llama_token * len(batch))(*batch)
            code = self._api.llama_decode(
                self._context, self._api.llama_batch_get_one(numbers, len(batch))
            )
            assert code == 0, f"llama.cpp says {code}"
        return int(self._api.llama_sampler_sample(self._sampler, self._context, -1))

    def write(self, token: int, count: int) -> None:
        """So many tokens more."""
        for _ in range(count):
            token = self.read([token])

    def close(self) -> None:
        """Give the memory back."""
        self._api.llama_sampler_free(self._sampler)
        self._api.llama_free(self._context)

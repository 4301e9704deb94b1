"""Room for what a model reads: llama.cpp's context, with its KV cache and its buffers."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

from rag.generation.llama import library
from rag.generation.plan import QUANTIZED_BLOCK, CacheType, Plan
from rag.generation.refusals import refused_cache
from rag.generation.stopping import StopFlag
from rag.generation.weights import Weights

DRAFT_TOKENS = 6  # at most, for which there is room; 7 rows are still computed as one is


def reserve(weights: Weights, plan: Plan, stop_flag: StopFlag) -> tuple[Any, CacheType]:
    """llama.cpp's handle of a context, and the type of its cache.

    That is the plan's, or, where that cannot be, 16 bits. Raises ModelTooLarge.
    """
    api = library()
    context_tokens = min(plan.context_tokens, weights.context_tokens)
    for cache_type in _cache_types(weights, plan):
        parameters = api.llama_context_default_params()
        parameters.n_ctx = context_tokens
        parameters.n_batch = parameters.n_ubatch = min(plan.batch_tokens, context_tokens)
        # Else there is a row of scores for each token of a batch: 51 MB at 128, for Phi-4
        parameters.n_outputs_max = min(1 + DRAFT_TOKENS, parameters.n_batch)
        parameters.n_threads = parameters.n_threads_batch = plan.threads
        parameters.flash_attn_type = api.LLAMA_FLASH_ATTN_TYPE_AUTO
        if cache_type is not CacheType.F16:  # it works with flash attention alone
            parameters.flash_attn_type = api.LLAMA_FLASH_ATTN_TYPE_ENABLED
        parameters.type_k = parameters.type_v = getattr(api, f"GGML_TYPE_{cache_type.name}")
        parameters.abort_callback = ctypes.cast(stop_flag.callback, api.ggml_abort_callback)
        parameters.abort_callback_data = stop_flag.address
        parameters.op_offload = plan.gpu_layers > 0
        if handle := api.llama_init_from_model(weights.handle, parameters):
            return handle, cache_type
    raise refused_cache(weights.path, context_tokens)


def _cache_types(weights: Weights, plan: Plan) -> Iterator[CacheType]:
    if plan.cache_type is not CacheType.F16 and weights.head_width % QUANTIZED_BLOCK == 0:
        yield plan.cache_type
    yield CacheType.F16

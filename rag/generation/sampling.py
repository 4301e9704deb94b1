"""How the next token is picked from the scores that a model gives to all of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rag.generation.llama import library


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

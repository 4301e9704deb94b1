"""This machine measured, and Phi-4 fitted into machines of several sizes."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest

from rag.generation import LocalModel, Plan
from rag.generation.fit import Fit, cache_bytes_of_token, fit
from rag.hardware import Gpu, Machine, Processor
from rag.models.gguf import Header, Tensor, read_header

GB = 10**9
CONTEXT = 16_384
PHI4 = Header(
    metadata={
        "general.architecture": "phi3",
        "phi3.block_count": 40,
        "phi3.embedding_length": 5120,
        "phi3.feed_forward_length": 17_920,
        "phi3.attention.head_count": 40,
        "phi3.attention.head_count_kv": 10,
    },
    lengths={"tokenizer.ggml.tokens": 100_352},
    tensors=(
        Tensor("token_embd.weight", 289 * 10**6),
        *(Tensor(f"blk.{layer}.weight", 209 * 10**6) for layer in range(40)),
        Tensor("output.weight", 421 * 10**6),
    ),
)


def machine(memory_gb: int, *gpu_gb: int) -> Machine:
    gpus = tuple(Gpu("card", size * GB, size * GB) for size in gpu_gb)
    return Machine(Processor("chip", 8, 8), memory_gb * GB, memory_gb * GB, gpus, "")


def phi4_on(memory_gb: int, *gpu_gb: int) -> Fit:
    return fit(PHI4, machine(memory_gb, *gpu_gb), CONTEXT)


def test_a_token_of_phi4_takes_106_kib_of_cache() -> None:
    assert cache_bytes_of_token(PHI4) == 106.25 * 1024


def test_a_cache_that_cannot_be_quantized_takes_16_bits() -> None:
    odd = Header(PHI4.metadata | {"phi3.embedding_length": 40 * 40}, {}, ())
    assert cache_bytes_of_token(odd) == 40 * 10 * (40 + 40) * 2


def test_phi4_fits_16_gb_but_not_8() -> None:
    assert phi4_on(16).is_fitting
    assert not phi4_on(8).is_fitting


@pytest.mark.parametrize(("gpu_gb", "layers"), [(1, 0), (8, range(20, 35)), (24, 41)])
def test_a_card_takes_as_many_layers_as_fit(gpu_gb: int, layers: int | range) -> None:
    taken = phi4_on(16, gpu_gb).gpu_layers
    assert taken in layers if isinstance(layers, range) else taken == layers


def test_what_the_card_takes_the_memory_need_not_hold() -> None:
    assert phi4_on(8, 24).is_fitting


@pytest.mark.parametrize(
    ("fitted", "sentence"),
    [
        (phi4_on(16), "16.0 GB of 16.0 GB are free: it runs on the processor."),
        (phi4_on(8), "only 8.0 GB of 8.0 GB are free: it would be very slow or fail."),
        (phi4_on(16, 24), "it runs with 41 of its 41 layers on the graphics card."),
    ],
)
def test_the_fit_is_told_in_a_sentence(fitted: Fit, sentence: str) -> None:
    assert sentence in fitted.sentence


def test_more_context_takes_more_cache() -> None:
    short, long = (fit(PHI4, machine(16), tokens).cache_bytes for tokens in (1024, 4096))
    assert long == 4 * short


def test_a_real_model_takes_about_what_was_foretold(starter_path: Path) -> None:
    header = read_header(starter_path)
    foretold = fit(header, Machine.measure(), 8192)
    before = psutil.Process().memory_info().rss
    model = LocalModel.load(starter_path, Plan(8192, threads=1), name="starter")
    taken = psutil.Process().memory_info().rss - before
    model.close()
    needed = foretold.weights_bytes + foretold.cache_bytes + foretold.buffer_bytes
    assert taken < 1.5 * needed

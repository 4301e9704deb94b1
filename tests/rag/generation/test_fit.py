"""Phi-4 fitted into machines of several sizes, with and without graphics cards."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.generation.fit import SHORTEST_CONTEXT, Fit, fit, fit_shape, smaller
from rag.generation.plan import CacheType
from rag.generation.shape import Shape
from rag.hardware import Gpu, Machine, Processor
from rag.models.gguf import Header, Tensor

ROOT = Path(__file__).parents[3]
GB = 10**9
# A machine with memory enough, of which the system then gives room for half of the cache.
MEMORY_TAKEN_AWAY = """
import resource, sys
from dataclasses import replace
from pathlib import Path
import psutil
from rag.errors import ModelTooLarge
from rag.generation import LocalModel
from rag.generation.fit import fit, smaller
from rag.generation.plan import CacheType
from rag.hardware import Machine
from rag.models.gguf import read_header

path = Path(sys.argv[1])
machine = replace(Machine.measure(), available_bytes=64 * 10**9)
planned = fit(read_header(path), machine, threads=1)
plan = replace(planned.plan, cache_type=CacheType.F16)  # 94 MB more at 8K than at 4K
fitted = replace(planned, plan=plan)
half = LocalModel.load(path, replace(plan, context_tokens=4_096), name="half")
room = psutil.Process().memory_info().vms + 30_000_000
half.close()
resource.setrlimit(resource.RLIMIT_AS, (room, room))
model = None
while model is None:
    try:
        model = LocalModel.load(path, fitted.plan, name="starter")
    except ModelTooLarge:
        fitted = smaller(fitted)
print(planned.plan.context_tokens, model.context_tokens)
model.close()
"""
PHI4 = Header(
    metadata={
        "general.architecture": "phi3",
        "phi3.block_count": 40,
        "phi3.context_length": 16_384,
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


def card(gigabytes: float, *, is_shared: bool = False) -> Gpu:
    return Gpu("the card", int(gigabytes * GB), int(gigabytes * GB), "Vulkan", is_shared)


def machine(memory_gb: float, free_gb: float, *gpus: Gpu) -> Machine:
    memory, free = int(memory_gb * GB), int(free_gb * GB)
    return Machine(Processor("chip", 8, 6, is_arm=False), memory, free, gpus, "")


def phi4_on(memory_gb: float, free_gb: float, *gpus: Gpu) -> Fit:
    return fit(PHI4, machine(memory_gb, free_gb, *gpus))


@pytest.mark.parametrize(
    ("memory_gb", "free_gb", "context_tokens"),
    [
        (16, 12.2, 16_384),
        (16, 11.2, 8_192),
        (16, 10.8, 4_096),
        (16, 10.4, 2_048),
        (24, 18, 16_384),
        (32, 26, 16_384),
    ],
)
def test_phi4_has_the_longest_context_for_which_there_is_room(
    memory_gb: float, free_gb: float, context_tokens: int
) -> None:
    fitted = phi4_on(memory_gb, free_gb)
    assert fitted.is_fitting
    assert fitted.plan.context_tokens == context_tokens
    assert (fitted.plan.is_mapped, fitted.plan.gpu_layers) == (True, 0)


@pytest.mark.parametrize(("free_gb", "is_mapped"), [(26, False), (17, True)])
def test_weights_are_repacked_for_an_arm_with_ample_memory(free_gb: float, is_mapped: bool) -> None:
    arm = Processor("chip", 8, 8, is_arm=True)
    fitted = fit(PHI4, replace(machine(32, free_gb), processor=arm))
    assert fitted.plan.is_mapped is is_mapped
    step = smaller(fitted)
    assert step is not None
    assert step.plan.is_mapped


@pytest.mark.parametrize(("memory_gb", "free_gb"), [(8, 6), (8, 8), (16, 9)])
def test_where_phi4_has_no_room_the_smallest_plan_is_told(memory_gb: float, free_gb: float) -> None:
    fitted = phi4_on(memory_gb, free_gb)
    assert not fitted.is_fitting
    assert (fitted.plan.context_tokens, fitted.plan.is_mapped) == (SHORTEST_CONTEXT, True)


@pytest.mark.parametrize(
    ("card_gb", "gpu_layers", "context_tokens"),
    [
        (2, 0, 16_384),
        (4, range(6, 14), 16_384),
        (6, range(14, 24), 16_384),
        (8, range(22, 31), 16_384),
        (11, 41, 8_192),
        (12, 41, 16_384),
        (24, 41, 16_384),
    ],
)
def test_a_card_takes_as_many_layers_as_have_room(
    card_gb: float, gpu_layers: int | range, context_tokens: int
) -> None:
    plan = phi4_on(16, 13, card(card_gb)).plan
    assert plan.gpu_layers in (gpu_layers if isinstance(gpu_layers, range) else [gpu_layers])
    assert plan.context_tokens == context_tokens


def test_what_a_card_takes_the_memory_need_not_hold() -> None:
    assert phi4_on(8, 5, card(24)).is_fitting
    assert not phi4_on(8, 5, card(24, is_shared=True)).is_fitting


def test_memory_that_is_shared_is_counted_once() -> None:
    alone, shared = phi4_on(32, 24), phi4_on(32, 24, card(24, is_shared=True))
    assert shared.plan.gpu_layers == 41
    assert shared.resident_bytes == pytest.approx(alone.resident_bytes, rel=0.08)


def test_of_two_cards_the_one_with_more_free_memory_is_used() -> None:
    larger = replace(card(8), name="the larger card")
    both = phi4_on(16, 13, card(4), larger)
    assert both.plan == phi4_on(16, 13, larger).plan
    assert "the larger card" in both.reason


def test_the_performance_cores_compute_unless_a_person_says_otherwise() -> None:
    assert phi4_on(16, 13).plan.threads == 6
    assert fit(PHI4, machine(16, 13), threads=3).plan.threads == 3


def test_a_person_decides_on_layers_and_on_a_shorter_context() -> None:
    fitted = fit(PHI4, machine(16, 13, card(24)), 3_000, gpu_layers=5)
    assert (fitted.plan.gpu_layers, fitted.plan.context_tokens) == (5, 3_000)
    assert fit(PHI4, machine(16, 13, card(24)), gpu_layers=99).plan.gpu_layers == 41
    assert fit(PHI4, machine(16, 13, card(24)), gpu_layers=0).plan.gpu_layers == 0
    assert fit(PHI4, machine(16, 13), gpu_layers=5).plan.gpu_layers == 0  # there is no card


def test_no_context_is_longer_than_the_model_was_trained_for() -> None:
    assert fit(PHI4, machine(64, 60), 100_000).plan.context_tokens == 16_384


def test_heads_that_no_block_divides_have_a_cache_of_16_bits() -> None:
    odd = replace(Shape.of_header(PHI4), head_width=40)
    assert fit_shape(odd, machine(32, 26)).plan.cache_type is CacheType.F16


@pytest.mark.parametrize(
    ("fitted", "sentence"),
    [
        (
            phi4_on(16, 11.2),
            (
                "It needs 10.1 GB of memory with a context of 8,192 tokens, "
                "and 11.2 GB of 16.0 GB are free."
            ),
        ),
        (
            phi4_on(8, 5.5),
            (
                "It needs 9.4 GB of memory even with a context of 2,048 tokens and 1.0 GB must be "
                "left to other programs, but only 5.5 GB of 8.0 GB are free: it would be very slow "
                "or fail. Close other programs, or choose a smaller model."
            ),
        ),
        (phi4_on(16, 13, card(24)), " All of it goes to the card."),
        (phi4_on(16, 13, card(8)), " of its 41 layers go to the card."),
        (
            phi4_on(16, 13, card(2)),
            " the card is not used: 2.0 GB are free there, and the smallest useful part needs ",
        ),
        (
            fit(PHI4, machine(16, 13, card(24)), gpu_layers=0),
            " the card is not used, as the settings say.",
        ),
        (
            phi4_on(16, 10.5, card(8, is_shared=True)),
            " the card is not used: it would take more of the memory, which it shares.",
        ),
    ],
)
def test_the_fit_is_told_in_a_sentence(fitted: Fit, sentence: str) -> None:
    assert sentence in fitted.reason


def test_step_by_step_a_model_becomes_smaller_until_there_is_no_step_left() -> None:
    fitted: Fit | None = phi4_on(64, 60, card(8))
    steps = []
    while fitted is not None:
        plan = fitted.plan
        steps.append((plan.gpu_layers > 0, plan.context_tokens, plan.batch_tokens))
        fitted = smaller(fitted)
    assert steps[0] == (True, 16_384, 512)
    assert steps[-4:] == [
        (False, 16_384, 128),
        (False, 8_192, 128),
        (False, 4_096, 128),
        (False, 2_048, 128),
    ]


@given(
    free_gb=st.floats(1, 60),
    card_gb=st.floats(0.1, 40),
    context_tokens=st.integers(512, 40_000),
    has_card=st.booleans(),
)
def test_what_fits_leaves_room_and_every_step_takes_less(
    free_gb: float, card_gb: float, context_tokens: int, has_card: bool
) -> None:
    gpus = (card(card_gb),) if has_card else ()
    fitted = fit(PHI4, machine(64, free_gb, *gpus), context_tokens)
    assert fitted.is_fitting == (fitted.resident_bytes + GB <= free_gb * GB)
    assert fitted.gpu_bytes <= card_gb * GB
    step = smaller(fitted)
    if step is not None:
        plans = fitted.plan, step.plan
        assert plans[1] != plans[0]
        assert step.gpu_bytes < fitted.gpu_bytes or step.resident_bytes <= fitted.resident_bytes


def test_where_memory_was_taken_away_a_smaller_step_is_loaded(starter_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", MEMORY_TAKEN_AWAY, starter_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    planned, loaded = map(int, ran.stdout.split())
    assert planned == 8_192
    assert loaded == 4_096

"""How a model is to be loaded on this machine, so that it has room and is fast: chosen by figures.

Nothing is loaded here. What a plan takes is `needs`' to say, and how fast it is `estimate`'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from rag.generation.needs import GPU_RESERVE_BYTES, Need, need_of, takes_small_cache
from rag.generation.plan import CPU_BATCH_TOKENS, GPU_BATCH_TOKENS, CacheType, Plan
from rag.generation.shape import Shape
from rag.hardware import Gpu, Machine
from rag.models.gguf import Header

LONGEST_CONTEXT, SHORTEST_CONTEXT = 16_384, 2_048  # the shortest holds evidence and an answer
# With all layers on a card, half the context is better than a few layers left to the processor.
WORTH_A_CARD = 8_192
LEAST_SHARE = 0.1  # of a model's layers: with less on a card, passing to and fro eats the gain
AIR_BYTES = 10**9  # left to other programs where the weights can be dropped and read again
# Weights that are repacked for the processor cannot be dropped: then so much of all memory is left.
# On Arm's they are read much faster (llama.cpp's pull requests 9921 and 10446). On others they are
# not: Phi-4's shape reads no faster (AVX2) or slower (AVX-512, 0.88 times) and writes 1.1 times as
# fast, and loading it takes 57 s where mapping it takes 3.
AMPLE_SHARE = 0.25


@dataclass(frozen=True, slots=True)
class Fit:
    """How a model would lie in a machine's memory, and whether it has room."""

    plan: Plan
    need: Need
    is_fitting: bool
    reason: str  # a sentence for a person
    shape: Shape
    machine: Machine

    @property
    def gpu_layers(self) -> int:
        """The layers that go to cards, the output counted as one."""
        return self.plan.gpu_layers

    @property
    def weights_bytes(self) -> int:
        """The model's weights, wherever they lie."""
        return self.need.weights_bytes

    @property
    def cache_bytes(self) -> int:
        """The KV cache, wherever it lies."""
        return self.need.cache_bytes

    @property
    def buffer_bytes(self) -> int:
        """What it computes in, in the computer's memory."""
        return self.need.buffer_bytes

    @property
    def resident_bytes(self) -> int:
        """What it takes of the computer's memory in all."""
        return self.need.resident_bytes

    @property
    def gpu_bytes(self) -> int:
        """What it takes of graphics cards' memory."""
        return self.need.gpu_bytes


def fit(
    header: Header,
    machine: Machine,
    context_tokens: int = LONGEST_CONTEXT,
    *,
    threads: int = 0,
    gpu_layers: int = -1,
) -> Fit:
    """How the model with this header is best loaded: see `fit_shape`."""
    shape = Shape.of_header(header)
    return fit_shape(shape, machine, context_tokens, threads=threads, gpu_layers=gpu_layers)


def fit_shape(
    shape: Shape,
    machine: Machine,
    context_tokens: int = LONGEST_CONTEXT,
    *,
    threads: int = 0,
    gpu_layers: int = -1,
) -> Fit:
    """How a model of this shape is best loaded.

    The context is no longer than `context_tokens`, and shorter where it does not fit; `threads`
    of 0 are the performance cores, `gpu_layers` of -1 as many as the graphics card takes. Where
    nothing fits, the plan is the smallest there is, and `is_fitting` is false.
    """
    first = Plan(
        context_tokens=min(context_tokens, shape.context_tokens or context_tokens),
        threads=threads or machine.processor.performance_cores,
        cache_type=CacheType.Q8_0 if takes_small_cache(shape) else CacheType.F16,
    )
    plans = [replace(first, context_tokens=tokens) for tokens in _contexts(first.context_tokens)]
    on_card = [_placed(shape, machine, plan, gpu_layers) for plan in plans]
    # A card that shares the computer's memory takes some more of it than the processor alone.
    alone = [_placed(shape, machine, plan, 0) for plan in plans] if gpu_layers < 0 else []
    fitting = [plan for plan in on_card if _fits(shape, machine, plan)]
    fitting = fitting or [plan for plan in alone if _fits(shape, machine, plan)]
    chosen = _best(shape, fitting) if fitting else on_card[-1]
    return _told(shape, machine, chosen)


def smaller(fitted: Fit) -> Fit | None:
    """One step smaller, for when loading fails all the same; None where there is none.

    The card is relieved first, then the weights are mapped, then the context is halved.
    """
    plan = fitted.plan
    if plan.gpu_layers:
        layers = plan.gpu_layers // 2
        if layers < _least_layers(fitted.shape):
            layers = 0
        batch = plan.batch_tokens if layers else CPU_BATCH_TOKENS
        next_plan = replace(plan, gpu_layers=layers, batch_tokens=batch)
    elif not plan.is_mapped:
        next_plan = replace(plan, is_mapped=True)
    elif plan.context_tokens > SHORTEST_CONTEXT:
        tokens = max(SHORTEST_CONTEXT, plan.context_tokens // 2)
        next_plan = replace(plan, context_tokens=tokens)
    else:
        return None
    return _told(fitted.shape, fitted.machine, next_plan)


# --- plans --------------------------------------------------------------------------------------


def _contexts(longest: int) -> Iterator[int]:
    """The longest, then its halves down to the shortest that makes sense."""
    tokens = longest
    yield tokens
    while tokens > SHORTEST_CONTEXT:
        tokens = max(SHORTEST_CONTEXT, tokens // 2)
        yield tokens


def _placed(shape: Shape, machine: Machine, plan: Plan, gpu_layers: int) -> Plan:
    """The plan with its layers on the card, or its weights mapped unless repacking them pays."""
    layers = _layers_on_card(shape, machine, plan) if gpu_layers < 0 else gpu_layers
    if machine.card and layers:
        layers = min(layers, shape.layers + 1)
        return replace(plan, gpu_layers=layers, batch_tokens=GPU_BATCH_TOKENS)
    return replace(plan, is_mapped=not _is_repacked(shape, machine, plan))


def _is_repacked(shape: Shape, machine: Machine, plan: Plan) -> bool:
    need = need_of(shape, replace(plan, is_mapped=False))
    left = machine.available_bytes - need.resident_bytes
    return machine.processor.is_arm and left >= AMPLE_SHARE * machine.memory_bytes


def _fits(shape: Shape, machine: Machine, plan: Plan) -> bool:
    need = need_of(shape, plan, is_shared=_is_shared(machine))
    return need.resident_bytes + AIR_BYTES <= machine.available_bytes


def _best(shape: Shape, fitting: list[Plan]) -> Plan:
    """The longest context, or a shorter one with which the whole model goes to a card."""
    whole = (
        plan
        for plan in fitting
        if plan.gpu_layers > shape.layers and plan.context_tokens >= WORTH_A_CARD
    )
    return next(whole, fitting[0])


# --- the card -----------------------------------------------------------------------------------


def _layers_on_card(shape: Shape, machine: Machine, plan: Plan) -> int:
    """How many layers the card takes, the output counted as one; 0 where too few to gain by it."""
    if machine.card is None:
        return 0
    room = machine.card.free_bytes - GPU_RESERVE_BYTES
    plans = (
        replace(plan, gpu_layers=layers, batch_tokens=GPU_BATCH_TOKENS)
        for layers in range(shape.layers + 1, _least_layers(shape) - 1, -1)
    )
    return next((plan.gpu_layers for plan in plans if need_of(shape, plan).gpu_bytes <= room), 0)


def _least_layers(shape: Shape) -> int:
    return 1 + max(1, round(LEAST_SHARE * shape.layers))


def _is_shared(machine: Machine) -> bool:
    return machine.card is not None and machine.card.is_shared


# --- sentences ----------------------------------------------------------------------------------


def _told(shape: Shape, machine: Machine, plan: Plan) -> Fit:
    """The plan with what it takes, and a sentence."""
    need = need_of(shape, plan, is_shared=_is_shared(machine))
    is_fitting = _fits(shape, machine, plan)
    told = [_on_memory(machine, plan, need) if is_fitting else _too_large(machine, plan, need)]
    if is_fitting and machine.card is not None:
        told.append(_on_card(shape, machine.card, plan))
    return Fit(plan, need, is_fitting, " ".join(told), shape, machine)


def _on_memory(machine: Machine, plan: Plan, need: Need) -> str:
    return (
        f"It needs {_gigabytes(need.resident_bytes)} of memory with a context of "
        f"{plan.context_tokens:,} tokens, and {_free(machine)} are free."
    )


def _too_large(machine: Machine, plan: Plan, need: Need) -> str:
    return (
        f"It needs {_gigabytes(need.resident_bytes)} of memory even with a context of "
        f"{plan.context_tokens:,} tokens and {_gigabytes(AIR_BYTES)} must be left to other "
        f"programs, but only {_free(machine)} are free: it would be very slow or fail. "
        "Close other programs, or choose a smaller model."
    )


def _on_card(shape: Shape, card: Gpu, plan: Plan) -> str:
    if plan.gpu_layers > shape.layers:
        return f"All of it goes to {card.name}."
    if plan.gpu_layers:
        return f"{plan.gpu_layers} of its {shape.layers + 1} layers go to {card.name}."
    return _unused(shape, card, plan)


def _unused(shape: Shape, card: Gpu, plan: Plan) -> str:
    """Why a card that is there takes no layer of this model."""
    least = replace(plan, gpu_layers=_least_layers(shape), batch_tokens=GPU_BATCH_TOKENS)
    needed = need_of(shape, least).gpu_bytes + GPU_RESERVE_BYTES
    if card.free_bytes < needed:
        return (
            f"{card.name} is not used: {_gigabytes(card.free_bytes)} are free there, and the "
            f"smallest useful part needs {_gigabytes(needed)}."
        )
    if card.is_shared:
        return f"{card.name} is not used: it would take more of the memory, which it shares."
    return f"{card.name} is not used, as the settings say."


def _free(machine: Machine) -> str:
    return f"{_gigabytes(machine.available_bytes)} of {_gigabytes(machine.memory_bytes)}"


def _gigabytes(size_bytes: float) -> str:
    return f"{size_bytes / 1e9:.1f} GB"

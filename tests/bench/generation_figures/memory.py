"""What a model takes of the memory, against its file and against what was foretold.

Each is measured in a process of its own. Foretold is what `rag.generation.needs` says.
"""

from __future__ import annotations

from collections.abc import Iterator

from generation_figures.figure import Figure
from generation_figures.subject import Subject, told_by

from rag.generation.needs import Need, need_of
from rag.generation.shape import Shape
from rag.models.gguf import read_header

CONTEXTS = (4_096, 8_192, 16_384)
WAYS = ("mapped", "repacked")


def measure(subject: Subject) -> Iterator[Figure]:
    """Mapped at three contexts, as far as the model has them, repacked at one."""
    longest = Shape.of_header(read_header(subject.path)).context_tokens
    for context_tokens in CONTEXTS:
        if context_tokens <= longest:
            yield from measure_one(subject, context_tokens, "mapped")
    yield from measure_one(subject, CONTEXTS[0], "repacked")


def measure_one(subject: Subject, context_tokens: int, way: str) -> Iterator[Figure]:
    """How many times the file is resident, the KV cache aside, and what share was foretold.

    Of what was foretold no more than all is to be resident, and no less than nine tenths.
    """
    taken, foretold = resident(subject, context_tokens, way), need(subject, context_tokens, way)
    cache, whole = foretold.cache_bytes, foretold.resident_bytes
    size = subject.path.stat().st_size
    name = f"memory, {way}, {context_tokens:,} tokens"
    yield Figure(f"{name}: foretold", whole / 1e6, "MB")
    yield Figure(f"{name}: resident", taken / 1e6, "MB")
    yield Figure(f"{name}: of that the KV cache", cache / 1e6, "MB")
    yield Figure(f"{name}: all but that, times the file", (taken - cache) / size, "times", 1.15)
    yield Figure(f"{name}: of what was foretold", taken / whole, "times", 1.0)
    yield Figure(f"{name}: and no less", taken / whole, "times", 0.9, is_floor=True)


def need(subject: Subject, context_tokens: int, way: str) -> Need:
    """What the fit counts with."""
    plan = subject.plan(context_tokens, is_mapped=way == "mapped")
    return need_of(Shape.of_header(read_header(subject.path)), plan)


def resident(subject: Subject, context_tokens: int, way: str) -> int:
    """Bytes in memory."""
    told = told_by("resident.py", subject.path, context_tokens, way, subject.threads)
    return int(told["taken"])

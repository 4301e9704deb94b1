"""What a model takes of the memory, against its file and against what was foretold.

Each is measured in a process of its own. Foretold is what `rag.generation.fit` says.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from generation_figures.figure import Figure
from generation_figures.subject import Subject
from spine import ROOT

from rag.generation.fit import cache_bytes_of_token, fit
from rag.hardware import Machine
from rag.models.gguf import Header, read_header

RESIDENT = Path(__file__).with_name("resident.py")
CONTEXTS = (4_096, 8_192, 16_384)
WAYS = ("mapped", "repacked")


def measure(subject: Subject) -> Iterator[Figure]:
    """Both ways of loading at the shortest context, and the mapped one at all."""
    header = read_header(subject.path)
    for way in WAYS:
        yield from against_file(subject, header, way)
    for context_tokens in CONTEXTS:
        yield from against_foretold(subject, header, context_tokens)


def against_file(subject: Subject, header: Header, way: str) -> Iterator[Figure]:
    """How many times the file's size is resident, the KV cache aside."""
    taken, context_tokens = resident(subject, CONTEXTS[0], way)
    cache = cache_bytes_of_token(header) * context_tokens
    size = subject.path.stat().st_size
    yield Figure(f"memory, {way}: resident at {context_tokens:,} tokens", taken / 1e6, "MB")
    yield Figure(f"memory, {way}: of that the KV cache", cache / 1e6, "MB")
    yield Figure(f"memory, {way}: the rest, times the file", (taken - cache) / size, "times", 1.15)


def against_foretold(subject: Subject, header: Header, context_tokens: int) -> Iterator[Figure]:
    """The foretold share of what is resident: never less than 1, and at most 1.1."""
    taken, context_tokens = resident(subject, context_tokens, "mapped")
    foretold = foretold_bytes(header, context_tokens)
    name = f"memory foretold at {context_tokens:,} tokens"
    yield Figure(f"{name}: foretold", foretold / 1e6, "MB")
    yield Figure(f"{name}: resident", taken / 1e6, "MB")
    yield Figure(f"{name}: resident of foretold, no more", taken / foretold, "times", 1.0)
    yield Figure(f"{name}: and no less", taken / foretold, "times", 0.9, is_floor=True)


def foretold_bytes(header: Header, context_tokens: int) -> int:
    """All that the fit says the processor's memory must hold."""
    fitted = fit(header, Machine.measure(), context_tokens)
    return fitted.weights_bytes + fitted.cache_bytes + fitted.buffer_bytes


def resident(subject: Subject, context_tokens: int, way: str) -> tuple[int, int]:
    """Bytes in memory, and the context there was."""
    command = [sys.executable, str(RESIDENT), str(subject.path), str(context_tokens), way]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    shown = subprocess.run(
        [*command, str(subject.threads)],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    told = json.loads(shown.stdout)
    return told["taken"], told["context_tokens"]

"""The set `latency`: from a question to ranked evidence in libraries of growing size.

The libraries hold generated text under generated vectors, which costs a search what real ones
cost; the questions are real, and their embedding counts in the time. In a process of its own: how
long the engine takes from its start to the first vector of a question.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from unittest import mock

from retrieval_evaluation.corpora import files_and_questions
from retrieval_evaluation.filler import FillerVectors, write_filler
from retrieval_evaluation.libraries import Embed, opened
from retrieval_evaluation.metrics import quantile
from retrieval_evaluation.run import Run
from retrieval_evaluation.tables import Table
from spine import ROOT, median

from app.engine import Engine

SIZES = (10_000, 100_000)  # passages, about
PASSAGES = 8  # asked for
ROUNDS = 3  # starts of the engine
FIRST_VECTOR = """
import sys, time
started = time.perf_counter()
from pathlib import Path
from app.engine import Engine
from app.settings import Paths, Settings
with Engine(Settings(Paths.of(Path(sys.argv[1])))) as engine:
    opened = time.perf_counter()
    engine.embedder.embed(["What is the first vector?"])
    print(f"[{opened - started}, {time.perf_counter() - opened}]")
"""


def measure(run: Run) -> dict[str, Table]:
    """The waits at each size, and those of the start."""
    corpora, questions = files_and_questions(run.folder / "retrieval")
    asked = [question.text for question in questions if question.half is run.half]
    tables: dict[str, Table] = {}
    first = {}
    for size in SIZES:
        files = write_filler(corpora, run.kept / f"filler-text-{size}", size)
        with opened(f"filler-{size}", files, run.kept, making=with_generated_vectors) as engine:
            title = f"latency: {size:,} passages ({engine.catalog.passages.count():,})"
            tables[title] = {"Deskbook": waits(engine, asked)}
            data = engine.settings.paths.data
            engine.close()
            first[f"{size}"] = first_vector(data)
    return tables | {"latency: first vector": first}


@contextmanager
def with_generated_vectors(engine: Engine, remembered: Embed) -> Iterator[None]:
    """Inside, nothing is embedded: the vectors lie around some centres."""
    made = FillerVectors(engine.embedder.embed(["how many dimensions"]).shape[1])
    with mock.patch.object(engine.embedder, "embed", lambda texts: made.next(len(texts))):
        yield


def waits(engine: Engine, questions: Sequence[str]) -> dict[str, float]:
    """Milliseconds on the clock and on the processor, which other programs disturb less."""
    for question in questions[:5]:
        engine.retriever.retrieve(question, limit=PASSAGES)
    clock, core = [], []
    for question in questions:
        started, started_core = time.perf_counter(), time.process_time()
        engine.retriever.retrieve(question, limit=PASSAGES)
        clock.append(1000 * (time.perf_counter() - started))
        core.append(1000 * (time.process_time() - started_core))
    return {
        "ms": quantile(clock, 0.5),
        "ms p95": quantile(clock, 0.95),
        "core ms": quantile(core, 0.5),
        "core ms p95": quantile(core, 0.95),
    }


def first_vector(data: Path) -> dict[str, float]:
    """Seconds of a new process, Python's own start aside: imports and opening, then the vector."""
    starts = []
    for _ in range(ROUNDS):
        command = [sys.executable, "-c", FIRST_VECTOR, str(data)]
        ran = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        starts.append(json.loads(ran.stdout))
    opening, vector = ([each[part] for each in starts] for part in (0, 1))
    together = [sum(each) for each in starts]
    return {
        "engine open, s": median(opening),
        "vector, s": median(vector),
        "together, s": median(together),
    }

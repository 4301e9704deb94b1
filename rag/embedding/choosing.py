"""Which way an embedder runs on this machine: measured once, and kept beside the models.

An embedder whose graph was exported runs through onnxruntime, any other through
sentence-transformers. Whether a graph with eight-bit numbers may be shipped at all is a question
of recall, which a benchmark answers (tests/bench/embedding.py); here it is only one of speed.
"""

from __future__ import annotations

import json
import logging
import os
import platform
import time
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path

import numpy as np

from rag.embedding.embedder import Embedder
from rag.embedding.onnx import OnnxEmbedder, Precision
from rag.embedding.prefixed import PrefixedEmbedder
from rag.embedding.scale import PASSAGES
from rag.embedding.separate import EmbedderFolder, SeparateEmbedder
from rag.embedding.tokens import Tokens
from rag.torch_process import TorchProcess

log = logging.getLogger(__name__)

# Eight bits cost a little accuracy, and a change of mind costs embedding everything again: so they
# must be this much faster to be taken up, and are kept as long as they are no slower.
WORTH_IT, STILL_WORTH_IT = 1.3, 1.0
LIKE_ENOUGH = 0.98  # MiniLM's, over 1,919 passages: 0.993 on average
ROUNDS, PROBE_TOKENS, PROBE_IDS = 6, 160, (1_000, 20_000)


def open_embedder(
    folder: Path,
    *,
    name: str,
    threads: int,
    graphs: Path,
    notes: Path,
    question_prefix: str = "",
    passage_prefix: str = "",
    torch: TorchProcess | None = None,
) -> Embedder:
    """The embedder in `folder`, the way that is fastest on this machine.

    `graphs` holds the exported graphs, `notes` what was measured; the prefixes are what it wants
    to have in front of questions and passages. Where torch is needed it runs in the process
    `torch`, or else in this one. The first time, and again when the processor or
    onnxruntime has changed, a second is spent on measuring. Raises ModelMissing, ModelUnusable.
    """
    plain = _open_by_graph(folder, name=name, threads=threads, graphs=graphs, notes=notes)
    plain = plain or _open_by_torch(EmbedderFolder(folder, name, threads), torch)
    if question_prefix or passage_prefix:
        return PrefixedEmbedder(plain, question=question_prefix, passage=passage_prefix)
    return plain


def _open_by_torch(source: EmbedderFolder, torch: TorchProcess | None) -> Embedder:
    return SeparateEmbedder(source, torch) if torch else source.open()


def _open_by_graph(
    folder: Path, *, name: str, threads: int, graphs: Path, notes: Path
) -> Embedder | None:
    precisions = [each for each in Precision if each.graph(graphs, name).is_file()]
    if not precisions:
        return None
    tokens = Tokens(folder, name=name)
    ways = {
        precision: OnnxEmbedder(
            folder, name=name, threads=threads, graphs=graphs, precision=precision, tokens=tokens
        )
        for precision in precisions
    }
    if len(ways) == 1:
        return ways[precisions[0]]
    return ways[_precision(ways, notes / f"{name}.json")]


def _precision(ways: Mapping[Precision, OnnxEmbedder], note: Path) -> Precision:
    known = _read(note)
    here = _machine()
    if known.get("machine") == here and "cosine" in known:
        return Precision(known["precision"])
    seconds = measure(ways)
    was = Precision(known.get("precision", Precision.FLOAT32))
    cosine = round(likeness(ways), 4)
    chosen = choose(seconds, was) if cosine >= LIKE_ENOUGH else Precision.FLOAT32
    log.info("embedding with %s: %s, cosine %.4f", chosen, seconds, cosine)
    measured = {precision.value: round(value, 5) for precision, value in seconds.items()}
    _write(
        note,
        {"machine": here, "precision": chosen.value, "seconds": measured, "cosine": cosine},
    )
    return chosen


def choose(seconds: Mapping[Precision, float], was: Precision) -> Precision:
    """The precision to embed with, from the seconds each takes and the one that `was` in use."""
    gain = seconds[Precision.FLOAT32] / seconds[Precision.INT8]
    enough = STILL_WORTH_IT if was is Precision.INT8 else WORTH_IT
    return Precision.INT8 if gain >= enough else Precision.FLOAT32


def measure(ways: Mapping[Precision, OnnxEmbedder]) -> dict[Precision, float]:
    """The seconds of one processor that each takes for a text of middling length.

    Time on the processor, not on the clock, and in turns, so that other programs disturb little.
    """
    ids = np.random.default_rng(0).integers(PROBE_IDS[0], PROBE_IDS[1], PROBE_TOKENS)
    for way in ways.values():
        way.load()
        way.vector(ids)
    seconds = dict.fromkeys(ways, 0.0)
    for _ in range(ROUNDS):
        for precision, way in ways.items():
            started = time.thread_time()
            way.vector(ids)
            seconds[precision] += (time.thread_time() - started) / ROUNDS
    return seconds


def likeness(ways: Mapping[Precision, OnnxEmbedder]) -> float:
    """The mean cosine of eight bits' vectors to those of float32, over a few sentences."""
    full, reduced = (ways[each].embed(PASSAGES) for each in (Precision.FLOAT32, Precision.INT8))
    return float((full * reduced).sum(axis=1).mean())


def _machine() -> str:
    """What the measurement depends on: the processor and the library."""
    return f"{_processor()}, onnxruntime {version('onnxruntime')}"


def _processor() -> str:
    """Its name; on Linux, where Python does not know it, from /proc/cpuinfo."""
    try:
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:  # another system
        pass
    return platform.processor() or platform.machine()


def _read(note: Path) -> dict[str, str]:
    """What was noted; nothing where the note is missing or damaged."""
    try:
        known = json.loads(note.read_text("utf-8"))
        Precision(known["precision"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    assert isinstance(known, dict)
    return known


def _write(note: Path, content: Mapping[str, object]) -> None:
    """Whole or not at all; a folder that cannot be written to costs a second at each start."""
    new = note.with_suffix(".new")
    try:
        note.parent.mkdir(parents=True, exist_ok=True)
        new.write_text(json.dumps(content, indent=2), "utf-8")
        os.replace(new, note)
    except OSError:
        log.warning("what was measured of the embedder cannot be kept", exc_info=True)

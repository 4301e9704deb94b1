"""Searching by meaning in a large library, the embedding of the question apart.

Generated vectors in clusters, as those of passages are: half of all belong to one collection, and
each document has 500. Told are the waits for the nearest 50 in milliseconds, plain and kept to the
collection or to one document, with Chroma's own `where` beside them in the same run; the size on
disk; memory and time of opening in a process of its own; and how long removing takes. It says
nothing of recall but how many of the exact nearest are found. With `--chroma` Chroma gets only the
first so many, for she takes hours for a million, and what is told of all is the matrix's part.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import psutil
from spine import commit, machine

from rag.embedding import Vectors
from rag.vectors import VectorStore
from rag.vectors.chroma import DOCUMENT
from rag.vectors.matrix import VectorMatrix

WIDTH, CLUSTERS, SPREAD = 384, 1_000, 0.8
A_DOCUMENT = 500  # vectors
BATCH = 5_000
NEAREST, QUERIES = 50, 60

Figures = dict[str, float]


def main() -> int:
    """Measure and print, a JSON line at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--chroma", type=int, help="how many of them Chroma gets; all without it")
    parser.add_argument("--server", default="", metavar="HOST:PORT", help="Chroma's own server")
    parser.add_argument("--filled", type=Path, help=argparse.SUPPRESS)  # the process measured
    arguments = parser.parse_args()
    count, in_chroma = arguments.passages, min(arguments.chroma or sys.maxsize, arguments.passages)
    if arguments.filled:
        searching = search_store if count == in_chroma else search_matrix
        print(json.dumps(searching(arguments.filled, count, arguments.server)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        figures = measure_store(Path(folder) / "chroma", in_chroma, arguments.server)
    if in_chroma < count:
        with tempfile.TemporaryDirectory() as folder:
            figures |= measure_matrix(Path(folder), count, in_chroma)
    for name, value in figures.items():
        print(f"{name:64}{value:12.2f}")
    print(json.dumps(figures | {"machine": machine(), "commit": commit()}))
    return 0


# --- filling, in this process -------------------------------------------------------------------


def measure_store(folder: Path, count: int, server: str) -> Figures:
    """All figures for a store of `count` vectors."""
    store = VectorStore(folder, embedder="generated", server=server)
    started = time.process_time()
    adding = seconds_of(lambda: fill(store.add, count))
    core = time.process_time() - started
    store.close()
    figures = {
        "vectors": float(count),
        "added a second": count / adding,
        "added a core second": count / core,
        "on disk, KB a vector": size_of(folder) / count / 1000,
        "on disk, of that the matrix": sum(map(size, folder.glob("passages-*"))) / count / 1000,
    }
    figures |= in_another_process(folder, ["--passages", str(count), "--server", server])
    store = VectorStore(folder, embedder="generated", server=server)
    store.ids()
    a_document = list(range(A_DOCUMENT))
    figures["removing a document, s"] = seconds_of(lambda: store.remove(a_document))
    store.close()
    return figures


def measure_matrix(folder: Path, count: int, in_chroma: int) -> Figures:
    """The matrix's part of a search in `count` vectors."""
    matrix = VectorMatrix(folder, name="passages-generated")
    adding = seconds_of(lambda: fill(matrix.add, count))
    figures = {
        "matrix alone: vectors": float(count),
        "matrix alone: added a second": count / adding,
        "matrix alone: on disk, KB a vector": size_of(folder) / count / 1000,
    }
    return figures | in_another_process(
        folder, ["--passages", str(count), "--chroma", str(in_chroma)]
    )


def in_another_process(folder: Path, settings: list[str]) -> Figures:
    """What a process tells that opens the filled folder and searches it."""
    command = [sys.executable, __file__, "--filled", str(folder), *settings]
    shown = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told: Figures = json.loads(shown.stdout.splitlines()[-1])
    return told


# --- searching, in a process of its own ---------------------------------------------------------


def search_store(folder: Path, count: int, server: str) -> Figures:
    """Opening, all waits, and the memory that they take."""
    asked = Generated(seed=5).vectors(QUERIES)
    before = resident()
    store = VectorStore(folder, embedder="generated", server=server)
    figures = {"opening and the first search, s": seconds_of(lambda: nearest(store, asked[:1]))}
    figures["memory after the first search, MB"] = resident() - before
    figures["all ids, s"] = seconds_of(store.ids)
    figures |= waits("plain", asked, lambda q: nearest(store, q))
    half = [f"document {number}" for number in range(count // A_DOCUMENT // 2)]
    everything = half + [f"document {n}" for n in range(len(half), count // A_DOCUMENT + 1)]
    figures["plain: % of the exact nearest"] = 100 * share_found(store, asked, everything)
    figures |= compare(store, asked, "one collection", half)
    scattered = everything[::2]
    figures |= waits("a scattered collection", asked, lambda q: nearest(store, q, scattered))
    figures |= compare(store, asked, "one document", half[:1])
    figures["memory in the end, MB"] = resident() - before
    store.close()
    return figures


def search_matrix(folder: Path, count: int, server: str) -> Figures:
    """The same over the matrix alone."""
    asked = Generated(seed=5).vectors(QUERIES)
    before, half = resident(), [f"document {n}" for n in range(count // A_DOCUMENT // 2)]
    started = time.perf_counter()
    matrix = VectorMatrix(folder, name="passages-generated")
    figures = {"opening, s": time.perf_counter() - started}
    figures["memory when opened, MB"] = resident() - before

    def search(documents: list[str] | None) -> Callable[[Vectors], object]:
        return lambda question: matrix.nearest(question, limit=NEAREST, documents=documents)

    for name, documents in (("one document", half[:1]), ("one collection", half), ("all", None)):
        figures |= waits(name, asked, search(documents))
    figures["memory in the end, mapped files among it, MB"] = resident() - before
    return {f"matrix alone: {name}": value for name, value in figures.items()}


def nearest(
    store: VectorStore, question: Vectors, documents: list[str] | None = None
) -> list[tuple[int, float]]:
    """A search as the retriever asks for it."""
    return store.nearest(question, limit=NEAREST, documents=documents)


def share_found(store: VectorStore, asked: Vectors, everything: list[str]) -> float:
    """How much of what an exact search finds is found by Chroma's index."""
    shares = []
    for question in asked:
        exact = {number for number, _ in nearest(store, question[None], everything)}
        shares.append(len(exact & dict(nearest(store, question[None])).keys()) / len(exact))
    return sum(shares) / len(shares)


def resident() -> float:
    """Megabytes of this process in memory."""
    return float(psutil.Process().memory_info().rss) / 1e6


def compare(store: VectorStore, asked: Vectors, name: str, documents: list[str]) -> Figures:
    """A search kept to documents, and the same by Chroma's `where`."""
    theirs = f"{name}, Chroma's where"
    figures = waits(name, asked, lambda q: nearest(store, q, documents))
    figures |= waits(theirs, asked, lambda q: filtered_by_chroma(store, q, documents))
    ratio = figures[f"{theirs}: p95, ms"] / figures[f"{name}: p95, ms"]
    return figures | {f"{name}: times as fast at p95": ratio}


class Generated:
    """Vectors of length one around some centres; the centres are always the same."""

    def __init__(self, *, seed: int) -> None:
        self._random = np.random.default_rng(4)
        self._centres = self._unit(CLUSTERS)
        self._random = np.random.default_rng(seed)

    def vectors(self, count: int) -> Vectors:
        """The next ones."""
        near = self._centres[self._random.integers(CLUSTERS, size=count)]
        return of_length_one(near + SPREAD * self._unit(count))

    def _unit(self, count: int) -> Vectors:
        drawn = self._random.standard_normal((count, WIDTH), dtype=np.float32)
        return of_length_one(drawn)


def of_length_one(vectors: Vectors) -> Vectors:
    """The same directions."""
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def fill(add: Callable[[list[int], list[str], Vectors], None], count: int) -> None:
    """Add so many vectors, in batches, with a sign of life."""
    made = Generated(seed=4)
    for first in range(0, count, BATCH):
        passage_ids = list(range(first, min(first + BATCH, count)))
        documents = [f"document {passage_id // A_DOCUMENT}" for passage_id in passage_ids]
        add(passage_ids, documents, made.vectors(len(passage_ids)))
        print(f"\r{first + len(passage_ids)} of {count}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def filtered_by_chroma(store: VectorStore, question: Vectors, documents: list[str]) -> object:
    """The same search by Chroma's own index and metadata."""
    return store._chroma._collection.query(
        query_embeddings=list(question),
        n_results=NEAREST,
        where={DOCUMENT: {"$in": list(documents)}},  # type: ignore[dict-item]
        include=["distances"],
    )


def waits(name: str, asked: Vectors, search: Callable[[Vectors], object]) -> Figures:
    """Milliseconds on the clock, and of this thread on a core, which others disturb less."""
    for question in asked[:5]:
        search(question[None])
    clock, core = [], []
    for question in asked:
        started, started_core = time.perf_counter(), time.thread_time()
        search(question[None])
        clock.append(1000 * (time.perf_counter() - started))
        core.append(1000 * (time.thread_time() - started_core))
    return {
        f"{name}: median, ms": sorted(clock)[len(clock) // 2],
        f"{name}: p95, ms": sorted(clock)[int(len(clock) * 0.95)],
        f"{name}: core, p95, ms": sorted(core)[int(len(core) * 0.95)],
    }


def seconds_of(run: Callable[[], object]) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    run()
    return time.perf_counter() - started


def size_of(folder: Path) -> int:
    """The bytes of all files in a folder."""
    return sum(size(path) for path in folder.rglob("*") if path.is_file())


def size(path: Path) -> int:
    """The bytes of a file."""
    return path.stat().st_size


if __name__ == "__main__":
    sys.exit(main())

"""Searching by meaning in a large library, the embedding of the question apart.

Generated vectors in clusters, as those of passages are: half of all belong to one collection, and
each document has 500. Told are the waits for the nearest 50 in milliseconds, plain and kept to the
collection or to one document, with Chroma's own `where` beside them in the same run; the size on
disk and in memory; and how long opening and removing take. It says nothing of recall.
"""

from __future__ import annotations

import argparse
import json
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

WIDTH, CLUSTERS, SPREAD = 384, 1_000, 0.8
A_DOCUMENT = 500  # vectors
BATCH = 5_000
NEAREST, QUERIES = 50, 60


def main() -> int:
    """Measure and print, a JSON line at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=int, default=100_000)
    parser.add_argument("--server", default="", metavar="HOST:PORT", help="Chroma's own server")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder) / "chroma", arguments.vectors, arguments.server)
    for name, value in figures.items():
        print(f"{name:48}{value:10.2f}")
    print(json.dumps(figures | {"machine": machine(), "commit": commit()}))
    return 0


def measure(folder: Path, count: int, server: str) -> dict[str, float]:
    """All figures for a store of `count` vectors."""
    store = VectorStore(folder, embedder="generated", server=server)
    made = Generated()
    adding = seconds_of(lambda: fill(store, made, count))
    asked = made.vectors(QUERIES)
    figures = {
        "vectors": float(count),
        "added a second": count / adding,
        "on disk, KB a vector": size_of(folder) / count / 1000,
    }
    store = VectorStore(folder, embedder="generated", server=server)
    figures["opening, s"] = seconds_of(lambda: store.ids())
    figures |= waits("plain", asked, lambda q: store.nearest(q, limit=NEAREST))
    half = [f"document {number}" for number in range(count // A_DOCUMENT // 2)]
    figures |= compare(store, asked, "one collection", half)
    figures |= compare(store, asked, "one document", half[:1])
    figures["memory, MB"] = psutil.Process().memory_info().rss / 1e6
    a_document = list(range(A_DOCUMENT))
    figures["removing a document, s"] = seconds_of(lambda: store.remove(a_document))
    return figures


def compare(
    store: VectorStore, asked: Vectors, name: str, documents: list[str]
) -> dict[str, float]:
    """A search kept to documents, and the same by Chroma's `where`."""
    theirs = f"{name}, Chroma's where"
    figures = waits(name, asked, lambda q: store.nearest(q, limit=NEAREST, documents=documents))
    figures |= waits(theirs, asked, lambda q: filtered_by_chroma(store, q, documents))
    ratio = figures[f"{theirs}: p95, ms"] / figures[f"{name}: p95, ms"]
    return figures | {f"{name}: times as fast at p95": ratio}


class Generated:
    """Vectors of length one around some centres, always the same ones."""

    def __init__(self) -> None:
        self._random = np.random.default_rng(4)
        self._centres = self._unit(CLUSTERS)

    def vectors(self, count: int) -> Vectors:
        """The next ones."""
        near = self._centres[self._random.integers(CLUSTERS, size=count)]
        drawn = near + SPREAD * self._unit(count)
        return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)

    def _unit(self, count: int) -> Vectors:
        drawn = self._random.standard_normal((count, WIDTH), dtype=np.float32)
        return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def fill(store: VectorStore, made: Generated, count: int) -> None:
    """Add so many vectors, in batches, with a sign of life."""
    for first in range(0, count, BATCH):
        passage_ids = list(range(first, min(first + BATCH, count)))
        documents = [f"document {passage_id // A_DOCUMENT}" for passage_id in passage_ids]
        store.add(passage_ids, documents, made.vectors(len(passage_ids)))
        print(f"\r{first + len(passage_ids)} of {count}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


def filtered_by_chroma(store: VectorStore, question: Vectors, documents: list[str]) -> object:
    """The same search by Chroma's own index and metadata."""
    return store._chroma._collection.query(
        query_embeddings=list(question),
        n_results=NEAREST,
        where={"document": {"$in": list(documents)}},  # type: ignore[dict-item]
        include=["distances"],
    )


def waits(name: str, asked: Vectors, search: Callable[[Vectors], object]) -> dict[str, float]:
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
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


if __name__ == "__main__":
    sys.exit(main())

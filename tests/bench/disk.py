"""Where the bytes of a library are, part by part, for each byte of the text that it holds.

PDFs of a folder and notes cut from the corpora, as `ingest` takes them, read by the engine and
stored under drawn vectors: what a vector says changes nothing of its size. Tables and indices are
counted by SQLite's own `dbstat`, in the catalog and in Chroma's database. Then the longest document
is removed and all is counted again. It says nothing of time.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

import numpy as np
from ingest import SHARED, files_in, lay_out, pieces_of
from spine import commit, machine

from app.engine import Engine
from app.settings import DEFAULT_COLLECTION, Paths, Settings
from rag.documents import find_files
from rag.embedding import Vectors
from rag.scheduler import Work
from rag.types import AddedFile

WIDTH = 384


def main() -> int:
    """Measure and print, a JSON line at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED / "reports")
    parser.add_argument("--corpora", type=Path, default=SHARED / "retrieval" / "corpora")
    parser.add_argument("--reports", type=int, help="how many of the PDFs; all without it")
    parser.add_argument("--notes", type=int, default=200)
    parser.add_argument("--keep", type=Path, help="a folder for the library, to look at it")
    arguments = parser.parse_args()
    reports = files_in(arguments.folder, "*.pdf", arguments.reports)
    notes = pieces_of(files_in(arguments.corpora, "*.md", None), arguments.notes)
    with tempfile.TemporaryDirectory() as folder:
        source, _ = lay_out(Path(folder), reports, notes, [])
        figures = measure(source, arguments.keep or Path(folder) / "data")
    print_table(figures)
    print(json.dumps(figures | {"machine": machine(), "commit": commit()}))
    return 0


def measure(source: Path, data: Path) -> dict[str, dict[str, float]]:
    """Bytes by part before and after a removal, and how much text and how many passages."""
    settings = Settings(Paths.of(data))
    with Engine(settings) as engine:
        fill(engine, source)
    with Engine(settings) as engine:
        about = about_text(engine)
    figures: dict[str, dict[str, float]] = {"library": about, "whole": parts_of(data)}
    with Engine(settings) as engine:
        longest = max(engine.catalog.documents.list(), key=lambda entry: entry.passage_count)
        engine.library.remove(longest.document)
        engine.vectors.tidy(Work(engine.scheduler).checkpoint)  # as the engine does when it starts
        figures["library after removal"] = about_text(engine)
    figures["after removal"] = parts_of(data)
    return figures


def fill(engine: Engine, source: Path) -> None:
    """Bring the folder in; a file that is not taken in ends the benchmark."""
    drawing = np.random.default_rng(4)

    def embed(texts: list[str]) -> Vectors:
        drawn = drawing.standard_normal((len(texts), WIDTH), dtype=np.float32)
        unit: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return unit

    engine.embedder.embed = embed  # type: ignore[method-assign, assignment]
    work = Work(engine.scheduler)
    added = engine.library.add(find_files([source]), collection=DEFAULT_COLLECTION, work=work)
    for step in added.run():
        if isinstance(step, AddedFile) and not step.verdict.is_success:
            sys.exit(f"{step.path} was not taken in: {step.reason}")


def about_text(engine: Engine) -> dict[str, float]:
    """How much text there is, and in how many passages."""
    documents = engine.catalog.documents
    size = sum(len(documents.text(entry.document).encode()) for entry in documents.list())
    return {"text": size, "passages": engine.catalog.passages.count()}


def parts_of(data: Path) -> dict[str, float]:
    """The bytes of every part; their sum is the bytes of all files."""
    parts: Counter[str] = Counter()
    for path in data.rglob("*"):
        if path.is_file() and path.suffix == ".sqlite3":
            parts.update(tables_of(path))
        elif path.is_file():
            parts[path.suffix.lstrip(".") or path.name] += path.stat().st_size
    return dict(parts)


def tables_of(database: Path) -> Counter[str]:
    """The bytes of every table and index of an SQLite database, and of its free pages."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as db:
        sizes = db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall()
        (free,) = db.execute("PRAGMA freelist_count").fetchone()
        (page,) = db.execute("PRAGMA page_size").fetchone()
    parts = Counter({f"{database.stem}: {name}": size for name, size in sizes})
    parts[f"{database.stem}: free pages"] = free * page
    parts[f"{database.stem}: anything else"] = database.stat().st_size - parts.total()
    return parts


def print_table(figures: dict[str, dict[str, float]]) -> None:
    """Every part that takes more than a hundredth of the text's bytes, the largest first."""
    text, after = figures["library"]["text"], figures["library after removal"]["text"]
    print(f"{'bytes for each byte of text':48}{'whole':>10}{'removed':>10}")
    for name, size in sorted(figures["whole"].items(), key=lambda part: -part[1]):
        left = figures["after removal"].get(name, 0)
        if max(size / text, left / after) >= 0.01:
            print(f"{name:48}{size / text:10.3f}{left / after:10.3f}")
    whole, left = sum(figures["whole"].values()), sum(figures["after removal"].values())
    print(f"{'all':48}{whole / text:10.2f}{left / after:10.2f}")
    print(f"{'a passage of text, bytes':48}{text / figures['library']['passages']:10.0f}")


if __name__ == "__main__":
    sys.exit(main())

"""Searching by keyword in a large library, and removing a long document from one.

Texts are windows of the corpora's words, drawn at random, 500 passages a document: their words are
as common as in real text, but there are no new ones in the last that were not in the first. Asked
are the questions of Chroma's evaluation, and questions of nothing but the commonest words. Then a
document of 500 pages is removed from the catalog and from a vector store. Told are milliseconds on
the clock and of a core, and bytes on disk. Nothing is said of what is found.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from disk import tables_of
from ingest import SHARED, files_in
from spine import commit, machine
from store import Figures, Generated, fill, seconds_of

from rag.catalog import Catalog, FileStamp
from rag.library.intake import Intake
from rag.retrieval.keyword import keyword_leg
from rag.retrieval.terms import terms_of
from rag.types import Document, Kind, Page, Passage, Run, Span, State
from rag.vectors import VectorStore
from rag.words import content_words

A_DOCUMENT, A_PASSAGE = 500, 110  # passages, words
PAGES, A_PAGE, A_RUN = 500, 6, 90  # of the long document: pages, passages a page, characters a line
COMMON, QUESTIONS, NEAREST = 12, 60, 50
SEED = 4


def main() -> int:
    """Measure and print, a JSON line at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--passages", type=int, default=100_000)
    parser.add_argument("--vectors", type=int, default=20_000, help="beside the long document's")
    parser.add_argument("--texts", type=Path, default=SHARED / "retrieval")
    arguments = parser.parse_args()
    files = files_in(arguments.texts / "corpora", "*.md", None)
    words = " ".join(path.read_text("utf-8") for path in files).split()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "catalog.sqlite3"
        figures = measure_filling(path, words, arguments.passages)
        figures |= measure_searching(path, words, questions_in(arguments.texts))
        figures |= measure_removing(Path(folder), words, arguments.vectors)
    for name, value in figures.items():
        print(f"{name:48}{value:12.3f}")
    print(json.dumps(figures | {"machine": machine(), "commit": commit()}))
    return 0


def measure_filling(path: Path, words: list[str], count: int) -> Figures:
    """Passages a second, and bytes on disk for each byte of text."""
    drawing, size = random.Random(SEED), 0
    started = time.process_time()
    with closing(Catalog(path)) as catalog:
        for number in range(count // A_DOCUMENT):
            content, passages = drawn_document(words, drawing, A_DOCUMENT)
            write(catalog, f"{number:012x}", content, passages)
            size += len(content.text.encode())
            print(f"\r{(number + 1) * A_DOCUMENT} of {count}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    core = time.process_time() - started
    index = sum(bytes_ for name, bytes_ in tables_of(path).items() if "passage_index" in name)
    return {
        "passages": float(count),
        "a passage of text, bytes": size / count,
        "written a core second": count / core,
        "bytes on disk for a byte of text": path.stat().st_size / size,
        "of that the full-text index": index / size,
    }


def measure_searching(path: Path, words: list[str], questions: list[str]) -> Figures:
    """Opening, and the keyword leg as the retriever asks for it."""
    counts = Counter(content_words(" ".join(words).lower()[:2_000_000]))
    common = [word for word, _ in counts.most_common(COMMON)]
    drawing = random.Random(SEED)
    of_common = [" ".join(drawing.sample(common, 4)) for _ in range(QUESTIONS)]
    started = time.perf_counter()
    with closing(Catalog(path)) as catalog:
        opening = time.perf_counter() - started
        return (
            {"opening, s": opening}
            | waits("questions", questions[:QUESTIONS], lambda q: search(catalog, q))
            | waits("common words", of_common, lambda q: search(catalog, q))
        )


def measure_removing(folder: Path, words: list[str], count: int) -> Figures:
    """Seconds to remove the long document, and what the files are smaller by then."""
    path = folder / "catalog.sqlite3"
    content, passages = long_document(words)
    with closing(Catalog(path)) as catalog, closing(store_in(folder)) as vectors:
        fill(
            lambda ids, documents, rows: vectors.add([-1 - i for i in ids], documents, rows), count
        )
        write(catalog, "long", content, passages)
        ids = catalog.passages.ids_of("long")
        vectors.add(ids, ["long"] * len(ids), Generated(seed=6).vectors(len(ids)))
    before = path.stat().st_size
    with closing(Catalog(path)) as catalog, closing(store_in(folder)) as vectors:
        vectors.ids()
        intake = Intake(
            catalog,
            vectors,
            passage_tokens=200,
            longest_passage=10_000,
            count=len,
            recognizes_scans=False,
        )
        core = time.process_time()
        clock = seconds_of(lambda: intake.remove("long"))
        core = time.process_time() - core
    return {
        "500 pages: passages": float(len(ids)),
        "500 pages: removed, s": clock,
        "500 pages: removed, core s": core,
        "500 pages: the catalog's file smaller by, MB": (before - path.stat().st_size) / 1e6,
    }


def search(catalog: Catalog, question: str) -> object:
    """The keyword leg of a question."""
    return keyword_leg(terms_of(question, catalog.passages), catalog.passages, limit=NEAREST)


def waits(name: str, questions: list[str], search: Callable[[str], object]) -> Figures:
    """Milliseconds on the clock and of a core, each question once after some to warm up."""
    for question in questions[:5]:
        search(question)
    clock, core = [], []
    for question in questions:
        started, started_core = time.perf_counter(), time.thread_time()
        search(question)
        clock.append(1000 * (time.perf_counter() - started))
        core.append(1000 * (time.thread_time() - started_core))
    return {
        f"{name}: median, ms": sorted(clock)[len(clock) // 2],
        f"{name}: p95, ms": sorted(clock)[int(len(clock) * 0.95)],
        f"{name}: core, p95, ms": sorted(core)[int(len(core) * 0.95)],
    }


def drawn_document(
    words: list[str], drawing: random.Random, count: int
) -> tuple[Document, list[Passage]]:
    """A text of so many windows of the words, each a passage."""
    starts = [drawing.randrange(len(words) - A_PASSAGE) for _ in range(count)]
    texts = [" ".join(words[start : start + A_PASSAGE]) for start in starts]
    passages = list(passages_of(texts))
    title = " ".join(drawing.sample(words, 4))
    return Document(Kind.TEXT, title, "\n\n".join(texts), pages=(), headings=()), passages


def passages_of(texts: list[str]) -> Iterator[Passage]:
    """The texts as passages of their document, ten under one heading."""
    start = 0
    for number, text in enumerate(texts):
        headings = (f"Part {number // 100}", " ".join(texts[number - number % 10].split()[:4]))
        yield Passage(Span(start, start + len(text)), text, headings, pages=())
        start += len(text) + 2


def long_document(words: list[str]) -> tuple[Document, list[Passage]]:
    """500 pages of six passages."""
    content, passages = drawn_document(words, random.Random(SEED + 1), PAGES * A_PAGE)
    pages = []
    for number in range(PAGES):
        first, last = passages[number * A_PAGE], passages[number * A_PAGE + A_PAGE - 1]
        span = Span(first.span.start, last.span.end)
        runs = tuple(
            Run(at, at - span.start, A_RUN - 1) for at in range(span.start, span.end, A_RUN)
        )
        pages.append(Page(number + 1, str(number + 1), span, runs))
    return Document(Kind.PDF, content.title, content.text, tuple(pages), headings=()), passages


def write(catalog: Catalog, document: str, content: Document, passages: list[Passage]) -> None:
    """Bring a document in, as the library does once it is read."""
    catalog.documents.queue(document, f"/{document}", content.kind, "Library")
    stamp = FileStamp(size_bytes=1, modified_ns=1, content_hash=document)
    catalog.documents.write(document, stamp, content, passages, state=State.READY)


def store_in(folder: Path) -> VectorStore:
    """The vector store beside the catalog."""
    return VectorStore(folder / "chroma", embedder="generated")


def questions_in(folder: Path) -> list[str]:
    """The evaluation's questions."""
    with (folder / "questions.csv").open(encoding="utf-8", newline="") as file:
        return [row["question"] for row in csv.DictReader(file)]


if __name__ == "__main__":
    sys.exit(main())

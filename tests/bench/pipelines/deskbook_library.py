"""Deskbook's part of `ingest`: the engine over a folder, as `deskbook add` uses it.

Two ways, each for a process of its own: `meaning` is the whole way in, then a second run, a
changed page, a copy and a removal; `keyword` is reading alone, up to where all can be searched by
keyword.
"""

from __future__ import annotations

import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from phase import children_seconds, phase, size_of

from app.engine import Engine
from app.settings import DEFAULT_COLLECTION, Paths, Settings
from rag.documents import find_files
from rag.documents.sandbox import ReaderProcess
from rag.embedding.onnx import OnnxEmbedder
from rag.library import intake
from rag.scheduler import Work
from rag.types import AddedFile


class Meter:
    """Seconds of the processor by part of the work, counted thread by thread; one an engine."""

    def __init__(self, engine: Engine) -> None:
        """From now on the places where the work is done are metered, whichever thread does it."""
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.written_at = 0.0  # when the catalog was last written to, on `perf_counter`
        self._adding = threading.Lock()
        self._put_on("chunking", intake, "chunk")
        self._put_on("catalog", engine.catalog.documents, "write")
        self._put_on("vectors", engine.vectors, "add")
        self._put_on("embedding", engine.embedder, "embed")
        if isinstance(engine.embedder, OnnxEmbedder):
            self._put_on("embedding", engine.embedder, "vector")  # in threads of the embedder's

    def _put_on(self, part: str, holder: object, name: str) -> None:
        function: Callable[..., object] = getattr(holder, name)

        def metered(*args: object, **options: object) -> object:
            started = time.thread_time()
            try:
                return function(*args, **options)
            finally:
                self._count(part, time.thread_time() - started)

        setattr(holder, name, metered)

    def _count(self, part: str, seconds: float) -> None:
        with self._adding:
            self.seconds[part] += seconds
            if part == "catalog":
                self.written_at = time.perf_counter()


def main() -> None:
    """Go one of the ways, as the arguments say.

    Called from `python -c`: a script would be imported once more by the reader's process, with all
    that it imports, which the program's is not.
    """
    way, *places = sys.argv[1:]
    if way == "keyword":
        keyword(*map(Path, places))
    else:
        meaning(*map(Path, places))


def keyword(source: Path, data: Path) -> None:
    """Read all files into the catalog; embed nothing."""
    settings = Settings(Paths.of(data))
    with Engine(settings) as engine:
        with phase("start"):
            warm(engine)
        taking = intake.Intake(
            engine.catalog,
            engine.vectors,
            passage_tokens=settings.library.passage_tokens,
            longest_passage=engine.embedder.longest_passage,
            count=engine.embedder.count,
            recognizes_scans=settings.library.ocr,
        )
        work = Work(engine.scheduler)
        with phase("keyword"), ReaderProcess() as reader:
            for path in find_files([source]):
                taking.take_in(
                    path,
                    reader,
                    collection=DEFAULT_COLLECTION,
                    work=work,
                    on_reading=lambda: None,
                )


def meaning(source: Path, data: Path, note: Path) -> None:
    """The whole way in and what comes after it; `note` is the one of which a page is changed."""
    settings = Settings(Paths.of(data))
    with Engine(settings) as engine, phase("start"):
        warm(engine)
    with Engine(settings) as engine:
        warm(engine)
        add_metered("import", engine, Meter(engine), find_files([source]))
    with phase("disk") as told:
        told["disk_bytes"] = size_of(data)
    with Engine(settings) as engine:
        warm(engine)
        with phase("text") as told:
            told["text_bytes"] = text_bytes(engine)
        with phase("again") as told:
            add(engine, find_files([source]))
            told["passages"] = len(engine.catalog.passages.ids())
        change_a_page(engine, note)
        remove_largest(engine, source)


def warm(engine: Engine) -> None:
    """Load what is loaded once, so that the phases after it hold the work alone."""
    engine.embedder.count("warm")
    engine.embedder.embed(["warm"])
    engine.vectors.ids()


def add_metered(name: str, engine: Engine, meter: Meter, files: Sequence[Path]) -> None:
    """Bring files in, and tell where the work went."""
    meter.seconds.clear()
    started, reading = time.perf_counter(), children_seconds()
    with phase(name) as told:
        add(engine, files)
        told["passages"] = len(engine.catalog.passages.ids())
        told["in_catalog_s"] = meter.written_at - started
        told["reading_s"] = children_seconds() - reading
        told |= {f"{part}_s": seconds for part, seconds in meter.seconds.items()}


def change_a_page(engine: Engine, note: Path) -> None:
    """Take the note in, once more with one page edited, then a copy with other words at its end."""
    meter = Meter(engine)
    add_metered("long note", engine, meter, [note])
    text = note.read_text("utf-8")
    middle = text.index(" ", text.index("\n\n", len(text) // 2))
    note.write_text(f"{text[:middle]}, as was found out later,{text[middle:]}", "utf-8")
    add_metered("page changed", engine, meter, [note])
    copy = note.parent / "copies" / note.name
    copy.parent.mkdir()
    copy.write_text(f"{text}\n\nThis copy was made later.", "utf-8")
    add_metered("copy", engine, meter, [copy])


def remove_largest(engine: Engine, source: Path) -> None:
    """Remove the document of the folder that has the most passages."""
    entries = [
        each
        for each in engine.catalog.documents.list()
        if Path(each.path).is_relative_to(source.absolute())
    ]
    largest = max(entries, key=lambda entry: entry.passage_count)
    with phase("remove") as told:
        engine.library.remove(largest.document)
        told |= {"passages": largest.passage_count, "pages": largest.page_count}


def add(engine: Engine, files: Sequence[Path]) -> None:
    """Bring files in; a file that is not taken in ends the benchmark."""
    work = Work(engine.scheduler)
    for step in engine.library.add(files, collection=DEFAULT_COLLECTION, work=work).run():
        if isinstance(step, AddedFile) and not step.verdict.is_success:
            sys.exit(f"{step.path} was not taken in: {step.reason}")


def text_bytes(engine: Engine) -> int:
    """How much text the library holds."""
    documents = engine.catalog.documents
    return sum(len(documents.text(entry.document).encode()) for entry in documents.list())

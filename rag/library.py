"""Adding, updating and removing documents: the crash-safe way over reader, catalog and vectors.

Each state is on disk before the next begins. A sudden end at any point leaves a library that
`reconcile` makes whole again: the catalog is the truth, and the vectors follow it.
"""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Collection, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.catalog import Catalog, FileStamp, KnownFile
from rag.chunking import chunk
from rag.documents import kind_of
from rag.documents.sandbox import ReaderProcess
from rag.embedding import Embedder
from rag.errors import DocumentError, PasswordNeeded, UnsupportedKind
from rag.scheduler import Work
from rag.stamps import stamp_of, still_holds
from rag.types import AddedFile, Document, State, Verdict
from rag.vectors import VectorStore

log = logging.getLogger(__name__)

EMBED_BATCH = 8  # passages between two checkpoints: a question waits no longer than for these


@dataclass(frozen=True, slots=True)
class Progress:
    """A file has reached a stage of its way in."""

    path: str
    stage: str  # "reading" or "embedding"


class Library:
    """The documents of one library, in the catalog and in the vector store."""

    def __init__(
        self, catalog: Catalog, vectors: VectorStore, embedder: Embedder, *, passage_tokens: int
    ) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._embedder = embedder
        self._passage_tokens = passage_tokens

    def add(
        self, path: Path, reader: ReaderProcess, *, collection: str, work: Work
    ) -> Generator[Progress, None, AddedFile]:
        """Bring one file in: its stages as they begin; the verdict is the generator's value.

        A file that cannot be read gets a verdict with the reason; nothing is raised for it.
        Raises Stopped; the file is then read when it is added again.
        """
        started = time.perf_counter()
        path = path.absolute()
        document, reason = "", ""
        try:
            document, verdict = yield from self._bring_in(path, reader, collection, work)
        except DocumentError as error:
            verdict, reason = _verdict_on(error), str(error)
        known = self._catalog.documents.file_at(str(path))
        document = document or (known.document if known else "")
        return self._added(path, document, verdict, reason, time.perf_counter() - started)

    def remove(self, document: str) -> None:
        """Take a document and all that came from it out of the library."""
        passage_ids = self._catalog.passages.ids_of(document)
        self._catalog.documents.remove(document)
        self._vectors.remove(passage_ids)

    def reconcile(self, work: Work) -> None:
        """Make the vector store hold exactly the catalog's passages, whatever happened before."""
        with_vectors = self._vectors.ids()  # first: what is added meanwhile is then no orphan
        passage_ids = self._catalog.passages.ids()
        orphans, missing = with_vectors - passage_ids, passage_ids - with_vectors
        if orphans or missing:
            log.info("vectors: %d too many, %d missing", len(orphans), len(missing))
        self._vectors.remove(sorted(orphans))
        self._embed(missing, work)
        for entry in self._catalog.documents.list():
            if entry.state is State.SEARCHABLE:
                self._catalog.documents.set_state(entry.document, State.READY)

    def unfinished(self) -> tuple[tuple[Path, str], ...]:
        """Path and collection of the files whose reading was cut short."""
        return tuple(
            (Path(entry.path), collection)
            for entry in self._catalog.documents.list()
            if entry.state is State.QUEUED
            for collection in entry.collections
        )

    def _bring_in(
        self, path: Path, reader: ReaderProcess, collection: str, work: Work
    ) -> Generator[Progress, None, tuple[str, Verdict]]:
        work.checkpoint()
        kind = kind_of(path)
        known = self._catalog.documents.file_at(str(path))
        stamp = stamp_of(path, known)
        if twin := self._twin(known, stamp):
            if known and known.document != twin.document:
                self._give_way(known.document, twin.document)
            return twin.document, self._settle(path, stamp, twin, collection)
        if known and known.state is State.NO_TEXT and known.stamp == stamp:
            return known.document, Verdict.NO_TEXT
        document = known.document if known else secrets.token_hex(6)
        self._catalog.documents.queue(document, str(path), kind, collection)
        yield Progress(str(path), "reading")
        with self._failure_noted(document):
            content = reader.read(path, is_stopped=work.is_stopped)
        if not content.text.strip():
            reason = _why_no_text(path, content)
            self._write(document, stamp, content, State.NO_TEXT, reason)
            return document, Verdict.NO_TEXT
        self._write(document, stamp, content, State.SEARCHABLE)
        yield Progress(str(path), "embedding")
        self._embed(self._catalog.passages.ids_of(document), work)
        self._catalog.documents.set_state(document, State.READY)
        return document, Verdict.READY

    def _twin(self, known: KnownFile | None, stamp: FileStamp) -> KnownFile | None:
        """A document, finished, with the very same content: this file's own or another's."""
        if known and known.state is State.READY and known.stamp.content_hash == stamp.content_hash:
            return known
        twin = self._catalog.documents.file_with(stamp.content_hash)
        return twin if twin and twin.state is State.READY else None

    def _give_way(self, document: str, twin: str) -> None:
        """The file now holds what `twin` does: its own document goes, its collections stay."""
        entry = self._catalog.documents.entry(document)
        for collection in entry.collections if entry else ():
            self._catalog.documents.join(twin, collection)
        self.remove(document)

    def _settle(self, path: Path, stamp: FileStamp, twin: KnownFile, collection: str) -> Verdict:
        self._catalog.documents.join(twin.document, collection)
        if twin.path != str(path) and still_holds(twin):
            return Verdict.DUPLICATE
        self._catalog.documents.move(twin.document, str(path), stamp.modified_ns)
        return Verdict.UNCHANGED

    def _write(
        self, document: str, stamp: FileStamp, content: Document, state: State, reason: str = ""
    ) -> None:
        passages = chunk(content, size=self._passage_tokens, count=self._embedder.count)
        replaced = self._catalog.passages.ids_of(document)
        self._catalog.documents.write(
            document, stamp, content, passages, state=state, reason=reason
        )
        self._vectors.remove(replaced)

    def _embed(self, passage_ids: Collection[int], work: Work) -> None:
        """Passages into vectors, like lengths together so that little padding is computed."""
        waiting = self._catalog.passages.to_embed(passage_ids)
        waiting.sort(key=lambda passage: len(passage.text))
        for first in range(0, len(waiting), EMBED_BATCH):
            work.checkpoint()
            batch = waiting[first : first + EMBED_BATCH]
            vectors = self._embedder.embed([passage.text for passage in batch])
            self._vectors.add(
                [passage.passage_id for passage in batch],
                [passage.document for passage in batch],
                vectors,
            )

    @contextmanager
    def _failure_noted(self, document: str) -> Generator[None, None, None]:
        try:
            yield
        except PasswordNeeded as error:
            self._catalog.documents.set_state(document, State.PASSWORD, str(error))
            raise
        except DocumentError as error:
            self._catalog.documents.set_state(document, State.FAILED, str(error))
            raise

    def _added(
        self, path: Path, document: str, verdict: Verdict, reason: str, seconds: float
    ) -> AddedFile:
        entry = self._catalog.documents.entry(document) if document else None
        return AddedFile(
            path=str(path),
            document=document,
            verdict=verdict,
            reason=reason or (entry.reason if entry else ""),
            page_count=entry.page_count if entry else 0,
            passage_count=entry.passage_count if entry else 0,
            seconds=seconds,
        )


def _verdict_on(error: DocumentError) -> Verdict:
    match error:
        case PasswordNeeded():
            return Verdict.PASSWORD
        case UnsupportedKind():
            return Verdict.UNSUPPORTED
        case _:
            return Verdict.FAILED


def _why_no_text(path: Path, content: Document) -> str:
    if content.pages:
        return (
            f"{path.name} holds pictures of pages but no text. "
            "Recognise its text (OCR) with another program and add it again."
        )
    return f"{path.name} is empty. Add it again when there is something in it."

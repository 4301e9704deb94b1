"""Adding, updating and removing documents: the crash-safe way over reader, catalog and vectors.

Each state is on disk before the next begins. A sudden end at any point leaves a library that
`reconcile` makes whole again: the catalog is the truth, and the vectors follow it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.catalog import Catalog
from rag.catalog.folders import FollowedFolder
from rag.embedding import Embedder
from rag.library.embedding import PassageEmbedding
from rag.library.following import Changes, changes_in
from rag.library.imports import Import
from rag.library.intake import Intake
from rag.library.recognition import Recognition
from rag.library.steps import Progress, Step
from rag.scheduler import Work
from rag.types import State
from rag.vectors import VectorStore

__all__ = ["Import", "Library", "Progress", "Step"]

log = logging.getLogger(__name__)


class Library:
    """The documents of one library, in the catalog and in the vector store."""

    def __init__(
        self,
        catalog: Catalog,
        vectors: VectorStore,
        embedder: Embedder,
        *,
        passage_tokens: int,
        recognizes_scans: bool = True,
    ) -> None:
        self._catalog = catalog
        self._vectors = vectors
        self._intake = Intake(
            catalog,
            vectors,
            passage_tokens=passage_tokens,
            count=embedder.count,
            recognizes_scans=recognizes_scans,
        )
        self._embedding = PassageEmbedding(catalog, vectors, embedder)

    def add(self, files: Sequence[Path], *, collection: str, work: Work) -> Import:
        """Bring files in: `run` the import that comes back."""
        self._catalog.folders.want_again(str(path.absolute()) for path in files)
        return Import(
            self._catalog,
            self._intake,
            self._embedding,
            files,
            collection=collection,
            work=work,
        )

    def recognize(self, work: Work) -> Iterator[Step]:
        """Recognise the scanned pages that wait for it, and bring their documents up to date."""
        return Recognition(self._catalog, self._intake, self._embedding).run(work)

    def scans(self) -> frozenset[str]:
        """The documents with pages that wait to be recognised."""
        return frozenset(self._catalog.scans.documents())

    def remove(self, document: str) -> None:
        """Take a document and all that came from it out of the library."""
        self._intake.remove(document)

    def leave_out(self, document: str) -> None:
        """Remove a document, and do not let its followed folder bring it in again."""
        entry = self._catalog.documents.entry(document)
        if entry and any(Path(entry.path).is_relative_to(f.path) for f in self.followed()):
            self._catalog.folders.leave_out(entry.path)
        self.remove(document)

    def follow(self, folder: Path, *, collection: str) -> None:
        """From now on keep in step with a folder."""
        self._catalog.folders.follow(str(folder.absolute()), collection)

    def unfollow(self, folder: Path) -> None:
        """Keep in step with it no longer; its documents stay."""
        self._catalog.folders.unfollow(str(folder.absolute()))

    def followed(self) -> tuple[FollowedFolder, ...]:
        """The folders that are kept in step with."""
        return self._catalog.folders.list()

    def changes_in(self, folder: Path) -> Changes:
        """What has changed in a folder, told by stats alone."""
        return changes_in(folder, self._catalog)

    def reconcile(self, work: Work) -> None:
        """Make the vector store hold exactly the catalog's passages, whatever happened before."""
        with_vectors = self._vectors.ids()  # first: what is added meanwhile is then no orphan
        passage_ids = self._catalog.passages.ids()
        orphans, missing = with_vectors - passage_ids, passage_ids - with_vectors
        if orphans or missing:
            log.info("vectors: %d too many, %d missing", len(orphans), len(missing))
        self._vectors.remove(sorted(orphans))
        self._embedding.embed(missing, work)
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

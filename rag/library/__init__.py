"""Adding, updating and removing documents: the crash-safe way over reader, catalog and vectors.

Each state is on disk before the next begins. A sudden end at any point leaves a library that
`reconcile` makes whole again: the catalog is the truth, and the vectors follow it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from rag.catalog import Catalog
from rag.catalog.folders import WHOLE_LIBRARY
from rag.documents.leaving_out import clean_lines
from rag.documents.passwords import Passwords
from rag.embedding import Embedder
from rag.library.embedding import PassageEmbedding
from rag.library.following import Changes, changes_in
from rag.library.gathering import concerns, documents_left_out, documents_of, gather, is_followed
from rag.library.imports import Import
from rag.library.intake import Intake
from rag.library.recognition import Recognition
from rag.library.steps import Progress, Step
from rag.library.unpacking import Archives
from rag.scheduler import Work
from rag.stamps import is_as_noted
from rag.types import FollowedFolder, State
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
        passwords: Passwords | None = None,
    ) -> None:
        """`passwords` are tried on protected files."""
        self._catalog = catalog
        self._passwords = passwords or Passwords()
        self._vectors = vectors
        self._recognizes_scans = recognizes_scans
        self._intake = Intake(
            catalog,
            vectors,
            passage_tokens=passage_tokens,
            longest_passage=embedder.longest_passage,
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
            passwords=self._passwords,
        )

    def recognize(self, work: Work) -> Iterator[Step]:
        """Recognise the scanned pages that wait for it, and bring their documents up to date.

        Where recognition is switched off they go on waiting, until a library has it on again.
        """
        if not self._recognizes_scans:
            return iter(())
        return Recognition(
            self._catalog, self._intake, self._embedding, passwords=self._passwords
        ).run(work)

    def scans(self) -> frozenset[str]:
        """The documents with pages that are yet to be recognised; none where that is off."""
        return frozenset(self._catalog.scans.documents() if self._recognizes_scans else ())

    def remove(self, document: str) -> None:
        """Take a document and all that came from it out of the library."""
        self._intake.remove(document)

    def leave_out(self, document: str) -> None:
        """Remove a document, and do not let a followed folder bring it or a copy in again."""
        for path in self._files_of(document):
            if is_followed(path, self._catalog):
                self._catalog.folders.leave_out(str(path))
        self.remove(document)

    def let_go(self, document: str) -> None:
        """A document's file is gone: it goes on with a copy of the file, or is removed."""
        for path in self._files_of(document)[1:]:
            copy = self._catalog.other_files.at(str(path))
            is_free = self._catalog.documents.file_at(str(path)) is None
            if copy and is_free and is_as_noted(copy):
                self._catalog.documents.move(document, copy.path, copy.stamp.modified_ns)
                self._catalog.other_files.forget(copy.path)
                return
        self.remove(document)

    def _files_of(self, document: str) -> list[Path]:
        """A document's own file, then the copies of it."""
        entry = self._catalog.documents.entry(document)
        file = self._catalog.documents.file_at(entry.path) if entry else None
        if file is None:
            return []
        copies = self._catalog.other_files.copies_of(file.stamp.content_hash)
        return [Path(file.path), *(Path(copy.path) for copy in copies)]

    # --- followed folders -----------------------------------------------------------------------

    def find(self, paths: Sequence[Path]) -> list[Path]:
        """The files at the paths and in the folders there, without what is left out in these."""
        return gather(paths, self._catalog)

    def archives(self, unpacked: Path) -> Archives:
        """The library's archives, unpacked in this folder."""
        return Archives(self._catalog, unpacked, self._passwords)

    def follow(self, folder: Path, *, collection: str) -> None:
        """From now on keep in step with a folder."""
        self._catalog.folders.follow(str(folder.absolute()), collection)

    def unfollow(self, folder: Path, archives: Archives) -> tuple[str, ...]:
        """Keep in step with it no longer; its documents stay, and their ids come back.

        Raises BadRequest where it is not followed.
        """
        path = folder.absolute()
        there = [document for document, _ in documents_of(path, self._catalog)]
        for other in self._catalog.other_files.below(str(path)).values():
            there += archives.documents_in(other.path) if other.is_archive else ()
        self._catalog.folders.unfollow(str(path))
        return tuple(dict.fromkeys(there))

    def set_patterns(self, lines: Sequence[str], folder: Path | None = None) -> tuple[str, ...]:
        """Set what is left out in a followed folder, or in all of them.

        Documents that are left out now stay until they are removed; their ids come back. Raises
        BadRequest where a line is no pattern or the folder is not followed.
        """
        path = str(folder.absolute()) if folder else WHOLE_LIBRARY
        self._catalog.folders.set_patterns(clean_lines(lines), path)
        folders = [folder.absolute()] if folder else [Path(each.path) for each in self.followed()]
        return tuple(
            document for each in folders for document in documents_left_out(each, self._catalog)
        )

    def patterns(self, folder: Path | None = None) -> tuple[str, ...]:
        """What is left out in a followed folder besides what is in all, or in all of them."""
        return self._catalog.folders.patterns(str(folder.absolute()) if folder else WHOLE_LIBRARY)

    def followed(self) -> tuple[FollowedFolder, ...]:
        """The folders that are kept in step with."""
        return self._catalog.folders.list()

    def changes_in(self, folder: Path) -> Changes:
        """What has changed in a folder, told by stats alone."""
        return changes_in(folder, self._catalog)

    def concerns(self, path: Path, folder: Path) -> bool:
        """Whether a change at this path in a followed folder may be one to look at."""
        return concerns(path, folder, self._catalog)

    def note_look(self, folder: Path, *, is_away: bool) -> None:
        """Note that a followed folder was looked at just now, and whether it was there."""
        self._catalog.folders.note_look(str(folder), at=time.time(), is_away=is_away)

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
            for collection in entry.collections or ("",)
        )

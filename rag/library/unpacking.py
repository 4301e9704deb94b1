"""Archives on their way in: unpacked beside the library, and their files taken for their own.

A folder of unpacked files is named by its archive's content, so that a copy of the archive finds
it too. When an archive changes, its documents move to the new folder and keep what did not change.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.catalog import Catalog, FileStamp
from rag.documents import find_files
from rag.documents.archives import is_archive, unpack
from rag.documents.passwords import Passwords
from rag.errors import DocumentError
from rag.library.intake import verdict_on
from rag.stamps import stamp_of
from rag.types import AddedFile

ALWAYS_CHANGED_NS = 0  # the date of a file whose bytes must be looked at


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Files to bring in, those of archives among them, and the archives that were refused."""

    files: tuple[Path, ...]
    refused: tuple[AddedFile, ...]


class Archives:
    """The archives of one library, and the folder where they are unpacked."""

    def __init__(self, catalog: Catalog, into: Path, passwords: Passwords | None = None) -> None:
        """`passwords` are tried on protected archives."""
        self._catalog = catalog
        self._into = into
        self._passwords = passwords or Passwords()

    def unpack_all(
        self, files: Sequence[Path], *, checkpoint: Callable[[], None] = lambda: None
    ) -> Unpacked:
        """Each archive in place of which come the files in it; one unpacked before is not again.

        `checkpoint` is called several times a second while one is unpacked; what it raises ends it.
        """
        found: list[Path] = []
        refused: list[AddedFile] = []
        for path in files:
            if not is_archive(path):
                found.append(path)
                continue
            try:
                found += find_files([self._unpacked(path, checkpoint)])
            except DocumentError as error:
                verdict = verdict_on(error)
                refused.append(AddedFile(str(path), "", verdict, str(error), 0, 0, 0.0))
        return Unpacked(tuple(found), tuple(refused))

    def lost_documents(self) -> Iterator[str]:
        """Ids of documents whose archive has changed and holds them no longer, or has gone."""
        for path, file in self._catalog.documents.files_below(str(self._into)).items():
            if not Path(path).exists():
                yield file.document

    def documents_in(self, archive: str) -> tuple[str, ...]:
        """Ids of the documents that came from one archive."""
        known = self._catalog.other_files.at(archive)
        if known is None:
            return ()
        folder = self._folder_of(known.stamp)
        return tuple(
            file.document for file in self._catalog.documents.files_below(str(folder)).values()
        )

    def let_go(self, archive: str) -> None:
        """The archive is gone, and with it what was unpacked of it, unless a copy holds it too."""
        known = self._catalog.other_files.at(archive)
        self._catalog.other_files.forget(archive)
        if known and not self._catalog.other_files.archives_of(known.stamp.content_hash):
            shutil.rmtree(self._folder_of(known.stamp), ignore_errors=True)

    def _unpacked(self, path: Path, checkpoint: Callable[[], None]) -> Path:
        """The folder with the archive's files; its stamp is noted even where it is refused."""
        known = self._catalog.other_files.at(str(path))
        seen = stamp_of(path, known)
        folder = self._folder_of(seen)
        try:
            if not folder.is_dir():
                passwords = self._passwords.of(path.absolute())
                unpack(path, self._into, passwords, checkpoint=checkpoint).rename(folder)
        except DocumentError:
            self._catalog.other_files.note(str(path), seen, is_archive=True)
            raise
        self._catalog.other_files.note(str(path), seen, is_archive=True)
        if known and known.stamp.content_hash != seen.content_hash:
            self._replace(known.stamp, folder)
        return folder

    def _replace(self, earlier: FileStamp, folder: Path) -> None:
        """Documents of the earlier version go on with the file of the same name in the new one."""
        if self._catalog.other_files.archives_of(earlier.content_hash):
            return  # a copy of it is still as it was
        old = self._folder_of(earlier)
        documents = self._catalog.documents
        for path, file in documents.files_below(str(old)).items():
            successor = folder / Path(path).relative_to(old)
            if successor.is_file() and documents.file_at(str(successor)) is None:
                documents.move(file.document, str(successor), ALWAYS_CHANGED_NS)
        shutil.rmtree(old, ignore_errors=True)

    def _folder_of(self, stamp: FileStamp) -> Path:
        return self._into / stamp.content_hash[:16]

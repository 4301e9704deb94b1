"""Archives on their way in: unpacked beside the library, and their files taken for their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rag.documents import find_files
from rag.documents.archives import is_archive, unpack
from rag.errors import DocumentError
from rag.library.intake import verdict_on
from rag.stamps import stamp_of
from rag.types import AddedFile


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Files to bring in, those of archives among them, and the archives that were refused."""

    files: tuple[Path, ...]
    refused: tuple[AddedFile, ...]


def unpack_all(files: Sequence[Path], into: Path) -> Unpacked:
    """Each archive in place of which come the files in it; one unpacked before is not again.

    A folder in `into` is named by its archive's content, so that a copy finds it too.
    """
    found: list[Path] = []
    refused: list[AddedFile] = []
    for path in files:
        if not is_archive(path):
            found.append(path)
            continue
        try:
            found += find_files([_unpacked(path, into)])
        except DocumentError as error:
            verdict = verdict_on(error)
            refused.append(AddedFile(str(path), "", verdict, str(error), 0, 0, 0.0))
    return Unpacked(tuple(found), tuple(refused))


def _unpacked(path: Path, into: Path) -> Path:
    folder = into / stamp_of(path, None).content_hash[:16]
    if not folder.is_dir():
        unpack(path, into).rename(folder)
    return folder

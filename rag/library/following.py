"""What has changed in a followed folder since the library last looked: told by stats alone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.catalog import Catalog, KnownFile
from rag.documents import find_files, kind_of
from rag.errors import DocumentError
from rag.types import State


@dataclass(frozen=True, slots=True)
class Changes:
    """What to do so that the library holds what the folder holds."""

    to_read: tuple[Path, ...]  # new and changed files
    gone: tuple[str, ...]  # ids of documents whose file is no longer there


NOTHING = Changes((), ())


def changes_in(folder: Path, catalog: Catalog) -> Changes:
    """Look through a folder. Where the folder itself is away, nothing has changed.

    A drive that is unplugged or a server that is down must not cost the library a document.
    """
    if not folder.is_dir():
        return NOTHING
    known = catalog.documents.files_below(str(folder))
    found = find_files([folder])
    if not found:
        return NOTHING  # as empty as the place where a drive is put in
    left_out = catalog.folders.left_out()
    there = [path for path in found if str(path) not in left_out]
    names = {str(path) for path in there}
    changes = Changes(
        to_read=tuple(path for path in there if _is_to_read(path, known)),
        gone=tuple(
            file.document for path, file in known.items() if path not in names and _is_gone(path)
        ),
    )
    return changes if folder.is_dir() else NOTHING  # it may have gone away meanwhile


def _is_gone(path: str) -> bool:
    """Whether there is surely no such file; where the disk or the rights fail, nobody knows."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _is_to_read(path: Path, known: Mapping[str, KnownFile]) -> bool:
    """A file is read once in each of its versions, also one that could not be read."""
    file = known.get(str(path))
    try:
        kind_of(path)
        status = path.stat()
    except (DocumentError, OSError):
        return False  # told when it was added by hand; not again at each look
    if file is None or file.state is State.QUEUED:
        return True
    return (file.stamp.size_bytes, file.stamp.modified_ns) != (status.st_size, status.st_mtime_ns)

"""What has changed in a followed folder since the library last looked: told by stats alone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.catalog import Catalog, FileStamp, KnownFile, OtherFile
from rag.documents import kind_of
from rag.documents.archives import is_archive
from rag.errors import DocumentError
from rag.library.gathering import files_of
from rag.types import State


@dataclass(frozen=True, slots=True)
class Changes:
    """What to do so that the library holds what the folder holds."""

    to_read: tuple[Path, ...]  # new and changed files
    gone: tuple[str, ...]  # ids of documents whose file is no longer there
    others_gone: tuple[str, ...]  # paths of copies and archives that are no longer there
    is_away: bool = False  # the folder cannot be reached, so nothing is known of its files


NOTHING = Changes((), (), ())
AWAY = Changes((), (), (), is_away=True)


def changes_in(folder: Path, catalog: Catalog) -> Changes:
    """Look through a folder. Where the folder itself is away, nothing has changed.

    A drive that is unplugged or a server that is down must not cost the library a document.
    """
    if not os.path.isdir(folder):
        return AWAY
    known = catalog.documents.files_below(str(folder))
    others = catalog.other_files.below(str(folder))
    found = files_of(folder, catalog)
    if found == [folder]:
        return AWAY  # it may not be listed
    if not found:  # as empty as the place where a drive is put in, or all of it is left out
        return AWAY if (known or others) and _is_empty(folder) else NOTHING
    left_out = catalog.folders.left_out()
    there = [path for path in found if str(path) not in left_out]
    names = {str(path) for path in there}
    changes = Changes(
        to_read=tuple(path for path in there if _is_to_read(path, known, others)),
        gone=tuple(
            file.document for path, file in known.items() if path not in names and _is_gone(path)
        ),
        others_gone=tuple(path for path in others if path not in names and _is_gone(path)),
    )
    return changes if os.path.isdir(folder) else AWAY  # it may have gone away meanwhile


def _is_empty(folder: Path) -> bool:
    try:
        return not os.listdir(folder)
    except OSError:
        return True


def _is_gone(path: str) -> bool:
    """Whether there is surely no such file; where the disk or the rights fail, nobody knows."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _is_to_read(
    path: Path, known: Mapping[str, KnownFile], others: Mapping[str, OtherFile]
) -> bool:
    """A file is read once in each of its versions, also one that could not be read."""
    file = known.get(str(path)) or others.get(str(path))
    try:
        if not is_archive(path):
            kind_of(path)
        status = path.stat()
    except (DocumentError, OSError):
        return False  # told when it was added by hand; not again at each look
    if file is None or (isinstance(file, KnownFile) and file.state is State.QUEUED):
        return True
    return not _is_as_seen(status, file.stamp)


def _is_as_seen(status: os.stat_result, stamp: FileStamp) -> bool:
    """What could not be opened is as it was while nobody has given the right to."""
    moment = status.st_mtime_ns if stamp.content_hash else status.st_ctime_ns
    return (stamp.size_bytes, stamp.modified_ns) == (status.st_size, moment)

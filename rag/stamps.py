"""Whether a file is still what the catalog last saw: by size and date first, then by its bytes."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

from rag.catalog import FileStamp, KnownFile, OtherFile
from rag.errors import DamagedFile


def stamp_of(path: Path, known: KnownFile | OtherFile | None) -> FileStamp:
    """Size and date from a stat; the bytes are hashed only where these have changed.

    Raises DamagedFile.
    """
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise _no_file(path)
        if known and known.stamp.content_hash:
            seen = known.stamp
            if (seen.size_bytes, seen.modified_ns) == (status.st_size, status.st_mtime_ns):
                return seen
        with path.open("rb") as file:
            content_hash = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise _cannot_read(path, error) from error
    return FileStamp(status.st_size, status.st_mtime_ns, content_hash)


def stamp_unopened(path: Path) -> FileStamp | None:
    """Of a file that is there and cannot be read: its date is that of its rights.

    None where there is no file.
    """
    try:
        status = path.stat()
    except OSError:
        return None
    if not stat.S_ISREG(status.st_mode):
        return None
    return FileStamp(status.st_size, status.st_ctime_ns, "")


def still_holds(known: KnownFile) -> bool:
    """Whether a document's file is where it was, with the content that it had."""
    try:
        return stamp_of(Path(known.path), known).content_hash == known.stamp.content_hash
    except DamagedFile:
        return False


def is_as_noted(file: OtherFile) -> bool:
    """Whether a copy or an archive is still as it was noted, told by a stat."""
    try:
        status = Path(file.path).stat()
    except OSError:
        return False
    return (file.stamp.size_bytes, file.stamp.modified_ns) == (status.st_size, status.st_mtime_ns)


def _no_file(path: Path) -> DamagedFile:
    """A pipe or a device never ends, or never begins."""
    return DamagedFile(
        f"{path} is no file but a pipe, a device or a folder.", remedy="Add a file or a folder."
    )


def _cannot_read(path: Path, error: OSError) -> DamagedFile:
    match error:
        case FileNotFoundError():
            return DamagedFile(
                f"There is no file or folder {path}.", remedy="Check the name and add it again."
            )
        case PermissionError():
            return DamagedFile(
                f"{path} may not be read by you.", remedy="Give yourself the right to read it."
            )
        case _:
            return DamagedFile(
                f"{path} cannot be read: {error.strerror}.",
                remedy="Check the disk or copy the file elsewhere, and add it again.",
            )

"""The disk under the models folder: whether there is room, and its failures in sentences."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import DownloadFailed, ModelUnusable

PART = ".part"  # ends the name of what is not whole yet
FULL = (errno.ENOSPC, errno.EDQUOT)


def check_space(folder: Path, needed_bytes: int, name: str) -> None:
    """Raises DownloadFailed where the disk has less room than is needed."""
    place = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(place).free
    if needed_bytes > free:
        raise DownloadFailed(
            f"“{name}” needs {gigabytes(needed_bytes)} of disk space, and {gigabytes(free)} are "
            "free.",
            remedy="Free some space, or keep the models on another disk.",
        )


@contextmanager
def download_failures_told(target: Path) -> Iterator[None]:
    """Turns the disk's exceptions into DownloadFailed. What has arrived stays."""
    try:
        yield
    except OSError as error:
        why, remedy = _reason(error)
        raise DownloadFailed(
            f"“{target.name}” could not be downloaded to “{target.parent}”: {why}.", remedy=remedy
        ) from error


@contextmanager
def failures_told(what: str) -> Iterator[None]:
    """Turns the disk's exceptions into ModelUnusable: `what` could not be done."""
    try:
        yield
    except OSError as error:
        why, remedy = _reason(error)
        raise ModelUnusable(f"{what}: {why}.", remedy=remedy) from error


def gigabytes(size_bytes: int) -> str:
    """A size for a person."""
    return f"{size_bytes / 1e9:.2f} GB"


def _reason(error: OSError) -> tuple[str, str]:
    """Why, and what to do."""
    if error.errno in FULL:
        return "the disk is full", "Free some space and start it again: it goes on from there."
    if error.errno == errno.EFBIG:
        why = "the disk takes no file as large (a format such as FAT32 ends at 4 GB)"
        return why, "Keep the models on another disk."
    remedy = "Check that there is space and that you may write there."
    return error.strerror or str(error), remedy

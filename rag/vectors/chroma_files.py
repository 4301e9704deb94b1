"""Giving the disk back what Chroma no longer needs of its folder.

Chroma does it only when its own program is told to (`chroma vacuum`), and leaves the index of a
deleted collection behind. Known of its folder is this alone: `chroma.sqlite3` names in its table
`segments` the sub-folders that are in use.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import UUID

log = logging.getLogger(__name__)

FREE_SHARE = 8  # the database is written anew when one page in so many is free


def shrink(folder: Path) -> None:
    """Write the database anew where that pays, and remove unused indices; Chroma is closed."""
    path = folder / "chroma.sqlite3"
    if path.is_file():
        with _told(), closing(sqlite3.connect(path, isolation_level=None)) as db:
            _vacuum(db)
        remove_unused_indices(folder)


def remove_unused_indices(folder: Path) -> None:
    """Those of deleted collections; Chroma may be open."""
    path = folder / "chroma.sqlite3"
    with _told(), closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        used = {UUID(segment) for (segment,) in db.execute("SELECT id FROM segments")}
        for index in index_folders(folder):
            if UUID(index.name) not in used:
                shutil.rmtree(index, ignore_errors=True)  # on Windows it may still be open


def index_folders(folder: Path) -> list[Path]:
    """Chroma's sub-folders, one an index; whatever else is there is not hers."""
    return [path for path in folder.glob("*-*-*-*-*") if path.is_dir() and _is_uuid(path.name)]


def index_bytes(folder: Path) -> int:
    """How large all indices are."""
    files = (path for index in index_folders(folder) for path in index.iterdir())
    return sum(path.stat().st_size for path in files)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, ValueError):
        log.warning("Chroma's files stay as large as they are", exc_info=True)


def _vacuum(db: sqlite3.Connection) -> None:
    (free,) = db.execute("PRAGMA freelist_count").fetchone()
    (pages,) = db.execute("PRAGMA page_count").fetchone()
    if free * FREE_SHARE > pages:
        db.execute("VACUUM")


def _is_uuid(name: str) -> bool:
    try:
        return bool(UUID(name))
    except ValueError:
        return False

"""A library as one file: a zip archive with the catalog and a note of what it is.

The vectors are left out: they are three quarters of the bytes, belong to one embedder, and are
made anew from the catalog.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from app.engine import locked_library, told_if_not_writable
from app.settings import Paths
from rag.catalog import Catalog
from rag.errors import BadRequest, LibraryDamaged

FORMAT = 1
_NOTE, _CATALOG = "deskbook.json", "catalog.sqlite3"
# What reading a file raises that is no archive, or none of ours, or only a part of one.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    KeyError,
    ValueError,
    TypeError,
    RuntimeError,  # it wants a password, or is packed in a way that Python does not know
)


def export_library(catalog: Catalog, file: Path) -> None:
    """Write the library to `file`. Raises BadRequest where it exists or cannot be written."""
    if file.exists():
        raise BadRequest(f"{file} exists already.", remedy="Choose another name, or move it away.")
    part = file.with_name(file.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent) as folder:
            copy = Path(folder) / _CATALOG
            catalog.copy_to(copy)
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(_NOTE, json.dumps({"format": FORMAT}))
                archive.write(copy, _CATALOG)
        part.rename(file)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise BadRequest(
            f"{file} cannot be written: {error.strerror or error}.",
            remedy="Choose a folder that is yours and has space left.",
        ) from error


def import_library(file: Path, paths: Paths) -> None:
    """Put an exported library into a data folder that holds no documents yet.

    Raises BadRequest where there are documents, or no such file, LibraryDamaged where the file
    is no export, LibraryInUse, LibraryTooNew and LibraryNotWritable.
    """
    if not file.is_file():
        raise BadRequest(f"There is no file {file}.", remedy="Check the name.")
    with locked_library(paths), told_if_not_writable(paths):
        _require_no_documents(paths)
        with tempfile.TemporaryDirectory(dir=paths.data) as folder:
            arrived = Path(folder) / _CATALOG
            with _told_if_no_export(file):
                _unpack(file, arrived)
                Catalog(arrived).close()  # it opens, and is now of this Deskbook's version
            arrived.replace(paths.catalog)


def _require_no_documents(paths: Paths) -> None:
    if not paths.catalog.exists():
        return
    with closing(Catalog(paths.catalog)) as catalog:
        if catalog.documents.list():
            raise BadRequest(
                f"There are documents in {paths.data} already, and they would be lost.",
                remedy="Choose an empty folder with --data-dir.",
            )


def _unpack(file: Path, target: Path) -> None:
    with zipfile.ZipFile(file) as archive:
        note = json.loads(archive.read(_NOTE))
        if note["format"] != FORMAT:
            raise ValueError(note["format"])
        with archive.open(_CATALOG) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy)


@contextmanager
def _told_if_no_export(file: Path) -> Iterator[None]:
    try:
        yield
    except (*_DAMAGE, LibraryDamaged) as error:
        raise LibraryDamaged(
            f"{file} is no library that this Deskbook has exported.",
            remedy="Check the name, or export it again.",
        ) from error

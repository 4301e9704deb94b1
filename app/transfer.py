"""A library as one file: a zip archive with the catalog and a note of what it is.

The vectors are left out: they are three quarters of the bytes, belong to one embedder, and are
made anew from the catalog.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
from pathlib import Path

from app.settings import Paths
from rag.catalog import Catalog
from rag.errors import BadRequest, LibraryDamaged, LibraryNotWritable

FORMAT = 1
_NOTE, _CATALOG = "deskbook.json", "catalog.sqlite3"


def export_library(catalog: Catalog, file: Path) -> None:
    """Write the library to `file`. Raises BadRequest where it exists or cannot be written."""
    part = file.with_name(file.name + ".part")
    if file.exists():
        raise BadRequest(f"{file} exists already.", remedy="Choose another name, or move it away.")
    try:
        with tempfile.TemporaryDirectory(dir=file.parent or Path()) as folder:
            copy = Path(folder) / _CATALOG
            catalog.copy_to(copy)
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(_NOTE, json.dumps({"format": FORMAT}))
                archive.write(copy, _CATALOG)
        part.rename(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BadRequest(
            f"{file} cannot be written: {error.strerror or error}.",
            remedy="Choose a folder that is yours and has space left.",
        ) from error


def import_library(file: Path, paths: Paths) -> None:
    """Put an exported library into an empty data folder.

    Raises BadRequest where the folder holds a library already, LibraryDamaged where the file is
    no export, LibraryNotWritable.
    """
    if paths.catalog.exists():
        raise BadRequest(
            f"There is a library in {paths.data} already, and it would be lost.",
            remedy="Choose an empty folder with --data-dir.",
        )
    part = paths.catalog.with_name(paths.catalog.name + ".part")
    try:
        with zipfile.ZipFile(file) as archive:
            note = json.loads(archive.read(_NOTE))
            if note["format"] != FORMAT:
                raise KeyError("format")
            paths.data.mkdir(parents=True, exist_ok=True)
            with archive.open(_CATALOG) as source, part.open("wb") as target:
                shutil.copyfileobj(source, target)
    except (FileNotFoundError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise LibraryDamaged(
            f"{file} is no library that this Deskbook has exported.",
            remedy="Check the name, or export it again.",
        ) from error
    except OSError as error:
        raise LibraryNotWritable(
            f"The library cannot be put into {paths.data}: {error.strerror or error}.",
            remedy="Give yourself the right to write there, or choose another with --data-dir.",
        ) from error
    part.rename(paths.catalog)

"""Which files there are to bring in: those a person named, and those in folders among them.

Each followed folder is walked with its own patterns, and by itself where it lies in another one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from rag.catalog import Catalog
from rag.documents import find_files
from rag.documents.leaving_out import LeftOut


def gather(paths: Iterable[Path], catalog: Catalog) -> list[Path]:
    """The files at the paths and below them, absolute, each once; what is named is never left out.

    What does not exist is kept: it gets its verdict.
    """
    found: dict[Path, None] = {}
    for path in map(Path.absolute, paths):
        if os.path.isdir(path):  # `Path` raises where a folder above may not be entered
            for root in (path, *_followed_in(path, catalog)):
                found.update(dict.fromkeys(files_of(root, catalog)))
        else:
            found[path] = None
    return list(found)


def files_of(folder: Path, catalog: Catalog) -> list[Path]:
    """The files in a folder that are not left out, but for those of a followed folder inside.

    The library's own folder is none that it reads: each look would find that it has changed.
    """
    apart = [*_followed_in(folder, catalog), catalog.folder]
    return find_files([folder], left_out_in(folder, catalog), apart=apart)


def concerns(path: Path, folder: Path, catalog: Catalog) -> bool:
    """Whether a change at a path in a folder may be one of the files that `files_of` gives."""
    if path == folder:
        return True
    own = catalog.folder
    is_own = own.is_relative_to(folder) and path.is_relative_to(own)
    return not is_own and not left_out_in(folder, catalog).takes_file(path.relative_to(folder))


def is_followed(path: Path, catalog: Catalog) -> bool:
    """Whether a followed folder would bring this file in, its patterns asked."""
    inside = [f for each in catalog.folders.list() if (f := Path(each.path)) in path.parents]
    innermost = max(inside, key=lambda folder: len(folder.parts), default=None)
    return innermost is not None and not left_out_in(innermost, catalog).takes_file(
        path.relative_to(innermost)
    )


def left_out_in(folder: Path, catalog: Catalog) -> LeftOut:
    """What is left out in a folder: by the whole library's patterns, then by its own."""
    return LeftOut((*catalog.folders.patterns(), *catalog.folders.patterns(str(folder))))


def documents_of(folder: Path, catalog: Catalog) -> Iterator[tuple[str, Path]]:
    """Id and path of the documents in a folder, but for those of a followed folder inside."""
    apart = _followed_in(folder, catalog)
    for path, file in catalog.documents.files_below(str(folder)).items():
        if not any(Path(path).is_relative_to(other) for other in apart):
            yield file.document, Path(path)


def documents_left_out(folder: Path, catalog: Catalog) -> Iterator[str]:
    """The documents in a folder that its patterns would not let in today."""
    left_out = left_out_in(folder, catalog)
    for document, path in documents_of(folder, catalog):
        if left_out.takes_file(path.relative_to(folder)):
            yield document


def _followed_in(folder: Path, catalog: Catalog) -> list[Path]:
    followed = (Path(each.path) for each in catalog.folders.list())
    return [path for path in followed if folder in path.parents]

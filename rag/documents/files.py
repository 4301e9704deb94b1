"""Which files there are in what a person dropped, and which kind each is by its name.

Opens no file and imports no reader.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from rag.errors import UnsupportedKind
from rag.types import Kind

KIND_OF_SUFFIX = {
    ".pdf": Kind.PDF,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".rst": Kind.TEXT,
    ".log": Kind.TEXT,
}


def kind_of(path: Path) -> Kind:
    """The kind of a file by its suffix, in any case; raises `UnsupportedKind` for all others."""
    try:
        return KIND_OF_SUFFIX[path.suffix.lower()]
    except KeyError:
        raise UnsupportedKind(
            f"“{path.name}” is of a kind that Deskbook does not read.",
            remedy="It reads PDF, Markdown and plain text: save or export the file as one of them.",
        ) from None


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files at the paths and in the folders among them, each once, folders in sorted order.

    Inside folders, hidden files and folders are left out, and so are sockets and their like.
    What does not exist, cannot be listed or is of no known kind is kept: it gets its verdict.
    """
    walked: set[tuple[int, int]] = set()
    found: dict[Path, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_files_in(path, walked) if path.is_dir() else [path]))
    return list(found)


def _files_in(folder: Path, walked: set[tuple[int, int]]) -> Iterator[Path]:
    """The files below a folder; `walked` holds the real folders seen, so that loops end."""
    try:
        identity = folder.stat()
        if (identity.st_dev, identity.st_ino) in walked:
            return
        walked.add((identity.st_dev, identity.st_ino))
        names = sorted(name for name in os.listdir(folder) if not name.startswith("."))
    except OSError:
        yield folder
        return
    for path in map(folder.joinpath, names):
        if path.is_dir():
            yield from _files_in(path, walked)
        elif path.is_file() or path.is_symlink():
            yield path

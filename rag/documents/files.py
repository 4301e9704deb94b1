"""Which files there are in what a person dropped, and which kind each is by its name.

Opens no file and imports no reader.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from rag.documents.faults import require_file
from rag.errors import UnsupportedKind
from rag.types import Kind

CODE_SUFFIXES = (
    ".bash .c .cc .cjs .clj .cpp .cs .cxx .dart .el .erl .ex .exs .f90 .fs .go .gradle .groovy .h"
    " .hh .hpp .hs .hxx .java .jl .js .jsx .kt .kts .lisp .lua .m .mjs .ml .mm .nim .pas .php .pl"
    " .pm .proto .ps1 .py .pyi .r .rb .rs .scala .scm .sh .sql .swift .tcl .tex .ts .tsx .v .vb"
    " .vhdl .zig .zsh"
)
KIND_OF_SUFFIX = {
    ".pdf": Kind.PDF,
    ".md": Kind.MARKDOWN,
    ".markdown": Kind.MARKDOWN,
    ".txt": Kind.TEXT,
    ".text": Kind.TEXT,
    ".rst": Kind.TEXT,
    ".log": Kind.TEXT,
    ".html": Kind.HTML,
    ".htm": Kind.HTML,
    ".xhtml": Kind.HTML,
    ".epub": Kind.EPUB,
    ".docx": Kind.DOCX,
    ".odt": Kind.ODT,
    ".rtf": Kind.RTF,
    ".pptx": Kind.PPTX,
    ".pptm": Kind.PPTX,
    ".xlsx": Kind.XLSX,
    ".xlsm": Kind.XLSX,
    ".csv": Kind.CSV,
    ".tsv": Kind.CSV,
    ".ipynb": Kind.NOTEBOOK,
    ".eml": Kind.EMAIL,
    ".mbox": Kind.EMAIL,
} | dict.fromkeys(CODE_SUFFIXES.split(), Kind.CODE)


def kind_of(path: Path) -> Kind:
    """The kind of a file by its suffix, in any case.

    Raises `UnsupportedKind` for all others, but `DamagedFile` where there is no such file at all.
    """
    kind = KIND_OF_SUFFIX.get(path.suffix.lower())
    if kind is None:
        require_file(path)
        raise UnsupportedKind(
            f"“{path.name}” is of a kind that Deskbook does not read.",
            remedy="Save or export it as PDF, Word (.docx), HTML or plain text, and add that.",
        )
    return kind


def find_files(paths: Iterable[Path]) -> list[Path]:
    """The files at the paths and in the folders among them, each once, folders in sorted order.

    Inside folders, hidden and system files and folders are left out, and so are sockets and
    their like.
    What does not exist, cannot be listed or is of no known kind is kept: it gets its verdict.
    """
    walked: set[tuple[int, int]] = set()
    found: dict[Path, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_files_in(path, walked) if os.path.isdir(path) else [path]))
    return list(found)


def _is_left_out(name: str) -> bool:
    """Hidden files, Office's locks, and what Windows keeps in folders for itself."""
    return name.startswith((".", "~$")) or name.lower() in ("thumbs.db", "desktop.ini")


def _files_in(folder: Path, walked: set[tuple[int, int]]) -> Iterator[Path]:
    """The files below a folder; `walked` holds the real folders seen, so that loops end."""
    try:
        identity = folder.stat()
        names = sorted(name for name in os.listdir(folder) if not _is_left_out(name))
    except OSError:
        yield folder
        return
    if (identity.st_dev, identity.st_ino) in walked:
        return
    walked.add((identity.st_dev, identity.st_ino))
    # `os.path` asks, because `Path` raises where a folder may be listed and not entered.
    for path in map(folder.joinpath, names):
        if os.path.isdir(path):
            yield from _files_in(path, walked)
        elif os.path.isfile(path) or os.path.islink(path) or not os.path.exists(path):
            yield path

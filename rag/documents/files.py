"""Which files there are in what a person dropped, and which kind each is by its name.

Opens no file and imports no reader.
"""

import os
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from rag.documents.faults import require_file
from rag.documents.leaving_out import DEFAULT_PATTERNS, LeftOut
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
    ".png": Kind.PICTURE,
    ".jpg": Kind.PICTURE,
    ".jpeg": Kind.PICTURE,
    ".tif": Kind.PICTURE,
    ".tiff": Kind.PICTURE,
    ".webp": Kind.PICTURE,
    ".bmp": Kind.PICTURE,
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


def find_files(
    paths: Iterable[Path], left_out: LeftOut | None = None, *, apart: Collection[Path] = ()
) -> list[Path]:
    """The files at the paths and in the folders among them, each once, folders in sorted order.

    Inside folders, what `left_out` takes is left out (by default hidden and system files and what
    programs keep for themselves), and so are sockets and their like, and the folders `apart`.
    What does not exist, cannot be listed or is of no known kind is kept: it gets its verdict.
    """
    walk = _Walk(left_out or LeftOut(DEFAULT_PATTERNS), frozenset(map(str, apart)))
    found: dict[Path, None] = {}
    for path in paths:
        found.update(dict.fromkeys(walk.files_in(path) if os.path.isdir(path) else [path]))
    return list(found)


class _Walk:
    """A walk through folders, where a link leads back ends."""

    def __init__(self, left_out: LeftOut, apart: Collection[str]) -> None:
        self._left_out = left_out
        self._apart = apart
        self._walked: set[tuple[int, int]] = set()  # real folders

    def files_in(self, folder: Path, below: str = "") -> Iterator[Path]:
        """`below` is the folder's place in that where the walk began, with a slash at its end."""
        try:
            identity = folder.stat()
            with os.scandir(folder) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError:
            yield folder
            return
        if (identity.st_dev, identity.st_ino) in self._walked:
            return
        self._walked.add((identity.st_dev, identity.st_ino))
        for entry in entries:
            is_folder = _is_folder(entry)
            if self._left_out.takes(below + entry.name, is_folder=is_folder):
                continue
            if not is_folder and _is_for_a_reader(entry):
                yield folder / entry.name
            elif is_folder and entry.path not in self._apart:
                yield from self.files_in(folder / entry.name, f"{below}{entry.name}/")


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Told by the listing itself but for links; where that fails it is a file with a verdict."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_for_a_reader(entry: os.DirEntry[str]) -> bool:
    """A file or a link to nothing; no pipe, socket or device."""
    try:
        return entry.is_file() or entry.is_symlink()
    except OSError:
        return True

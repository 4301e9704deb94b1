"""Language models that other programs keep on this disk, found where they lie.

Only their own folders are looked into, a few levels deep, and only the beginnings of files are
read. What cannot be read is as if it were not there.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rag.models.gguf import file_parts
from rag.models.glance import Glance, glance_at
from rag.models.ollama import ollama_models
from rag.models.parts import is_later_part, stem_of
from rag.models.program_folders import Elsewhere, ollama_folders, program_folders

SUFFIX = ".gguf"
DEEPEST = 5  # levels below a program's folder
MOST_FOLDERS = 5_000  # looked into for one program
NAMELESS = "model"  # a file of this name is named by its folder


@dataclass(frozen=True, slots=True)
class FoundModel:
    """A language model of another program."""

    name: str  # as its owner lists it, or its file's
    path: Path
    owner: str  # the program's name
    size_bytes: int  # of all parts
    sha256: str  # of the file, where the owner keeps it; else empty
    glance: Glance


class OtherPrograms:
    """Looks for the models of other programs; a file that has not changed is read once."""

    def __init__(self, elsewhere: Elsewhere | None) -> None:
        self._elsewhere = elsewhere
        self._seen: dict[tuple[Path, int, int], Glance | None] = {}

    def models(self) -> tuple[FoundModel, ...]:
        """The language models found now, each file once, program by program."""
        if self._elsewhere is None:
            return ()
        found: dict[tuple[int, int], FoundModel] = {}
        for owner, name, path, sha256 in _candidates(self._elsewhere):
            try:
                state = path.stat()
                size = sum(part.stat().st_size for part in file_parts(path))
            except OSError:  # gone, not to be read, or not all parts are there
                continue
            glance = self._glance(path, state)
            identity = (state.st_dev, state.st_ino)
            if glance is not None and glance.is_language_model and identity not in found:
                found[identity] = FoundModel(name, path, owner, size, sha256, glance)
        return tuple(found.values())

    def _glance(self, path: Path, state: os.stat_result) -> Glance | None:
        key = (path, state.st_size, state.st_mtime_ns)
        if key not in self._seen:
            self._seen[key] = glance_at(path)
        return self._seen[key]


def _candidates(elsewhere: Elsewhere) -> Iterator[tuple[str, str, Path, str]]:
    """Owner, name, file and SHA-256 of what may be a model."""
    for owner, folders in program_folders(elsewhere).items():
        for folder in dict.fromkeys(folders):
            for path in files_below(folder):
                name = stem_of(path)
                yield owner, path.parent.name if name == NAMELESS else name, path, ""
    for name, path, sha256 in ollama_models(ollama_folders(elsewhere)):
        yield "Ollama", name, path, sha256


def files_below(folder: Path) -> Iterator[Path]:
    """GGUF files in a folder and a few levels below, the first parts of those in parts.

    Links are followed; a loop of them ends where folders were looked into before.
    """
    waiting, seen = [(folder, 0)], set[tuple[int, int]]()
    while waiting and len(seen) < MOST_FOLDERS:
        place, depth = waiting.pop()
        try:
            state = place.stat()
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except (OSError, ValueError):  # the latter where its name is none
            continue
        if (state.st_dev, state.st_ino) in seen:
            continue
        seen.add((state.st_dev, state.st_ino))
        for entry in entries:
            path = Path(entry.path)
            if path.suffix.casefold() == SUFFIX:
                if not is_later_part(path):
                    yield path
            elif depth < DEEPEST and _is_folder(entry):
                waiting.append((path, depth + 1))


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads in a circle
        return False

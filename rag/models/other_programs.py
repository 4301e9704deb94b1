"""Language models that other programs keep on this disk, found where they lie.

Only folders where such programs put models are looked into, a few levels deep, and only the
beginnings of files are read. Home folder and environment are handed in; what cannot be read is as
if it were not there.
"""

from __future__ import annotations

import configparser
import json
import logging
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.models.gguf import file_parts
from rag.models.glance import Glance, glance_at
from rag.models.ollama import ollama_models
from rag.models.parts import is_later_part, stem_of

log = logging.getLogger(__name__)

SUFFIX = ".gguf"
DEEPEST = 5  # levels below a program's folder
MOST_FOLDERS = 5_000  # looked into for one program
NAMELESS = "model"  # a file of this name is named by its folder


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where other programs may keep models."""

    home: Path
    environment: Mapping[str, str]
    platform: str  # as `sys.platform` has it


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
    for owner, folders in _folders(elsewhere).items():
        for folder in dict.fromkeys(folders):
            for path in files_below(folder):
                name = stem_of(path)
                yield owner, path.parent.name if name == NAMELESS else name, path, ""
    for name, path, sha256 in ollama_models(_ollama_folders(elsewhere)):
        yield "Ollama", name, path, sha256


def _folders(elsewhere: Elsewhere) -> dict[str, list[Path]]:
    """Each program's folders, whether there or not."""
    home, data, cache = elsewhere.home, _data(elsewhere), _cache(elsewhere)
    hub = elsewhere.environment.get("HF_HUB_CACHE")
    hugging_face = elsewhere.environment.get("HF_HOME")
    cached = elsewhere.environment.get("LLAMA_CACHE")
    return {
        "LM Studio": [
            home / ".lmstudio" / "models",
            home / ".cache" / "lm-studio" / "models",
            *_lm_studio_chosen(home),
        ],
        "Jan": [
            data / "Jan" / "data" / "llamacpp" / "models",
            data / "Jan" / "data" / "models",
            home / "jan" / "models",
            home / "cortexcpp" / "models",
        ],
        "GPT4All": [
            _local_data(elsewhere) / "nomic.ai" / "GPT4All",
            *_gpt4all_chosen(elsewhere),
        ],
        "llama.cpp": [Path(cached) if cached else cache / "llama.cpp"],
        "Hugging Face": [
            Path(hub)
            if hub
            else (Path(hugging_face) if hugging_face else _xdg_cache(elsewhere) / "huggingface")
            / "hub"
        ],
    }


def _data(elsewhere: Elsewhere) -> Path:
    """Where programs keep their data."""
    match elsewhere.platform:
        case "win32":
            roaming = elsewhere.environment.get("APPDATA")
            return Path(roaming) if roaming else elsewhere.home / "AppData" / "Roaming"
        case "darwin":
            return elsewhere.home / "Library" / "Application Support"
        case _:
            share = elsewhere.environment.get("XDG_DATA_HOME")
            return Path(share) if share else elsewhere.home / ".local" / "share"


def _local_data(elsewhere: Elsewhere) -> Path:
    if elsewhere.platform != "win32":
        return _data(elsewhere)
    local = elsewhere.environment.get("LOCALAPPDATA")
    return Path(local) if local else elsewhere.home / "AppData" / "Local"


def _cache(elsewhere: Elsewhere) -> Path:
    match elsewhere.platform:
        case "win32":
            return _local_data(elsewhere)
        case "darwin":
            return elsewhere.home / "Library" / "Caches"
        case _:
            return _xdg_cache(elsewhere)


def _xdg_cache(elsewhere: Elsewhere) -> Path:
    chosen = elsewhere.environment.get("XDG_CACHE_HOME")
    return Path(chosen) if chosen else elsewhere.home / ".cache"


def _ollama_folders(elsewhere: Elsewhere) -> list[Path]:
    chosen = elsewhere.environment.get("OLLAMA_MODELS")
    folders = [Path(chosen)] if chosen else [elsewhere.home / ".ollama" / "models"]
    if elsewhere.platform == "linux":  # where its service keeps them
        folders.append(Path("/usr/share/ollama/.ollama/models"))
    return folders


def _lm_studio_chosen(home: Path) -> Iterator[Path]:
    """Another folder that a person has chosen, from LM Studio's settings."""
    try:
        settings = json.loads((home / ".lmstudio" / "settings.json").read_text("utf-8"))
        chosen = settings.get("downloadsFolder")
    except (OSError, ValueError, AttributeError):
        return
    if isinstance(chosen, str) and chosen:
        yield Path(chosen)


def _gpt4all_chosen(elsewhere: Elsewhere) -> Iterator[Path]:
    """Another folder that a person has chosen, from GPT4All's settings."""
    place = _data(elsewhere) if elsewhere.platform == "win32" else elsewhere.home / ".config"
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string((place / "nomic.ai" / "GPT4All.ini").read_text("utf-8"))
    except (OSError, ValueError, configparser.Error):
        return
    if chosen := parser.get("General", "modelPath", fallback=""):
        yield Path(chosen)


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
        except OSError:
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

"""Where other programs keep language models, on Linux, macOS and Windows, as of 2026.

Home folder and environment are handed in. What is read here are the small files in which two of the
programs note that a person has chosen another folder.
"""

from __future__ import annotations

import configparser
import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Where other programs may keep models."""

    home: Path
    environment: Mapping[str, str]
    platform: str  # as `sys.platform` has it


def program_folders(elsewhere: Elsewhere) -> dict[str, list[Path]]:
    """Each program's folders, whether there or not."""
    home, data, cache = elsewhere.home, _data(elsewhere), _cache(elsewhere)
    hub = elsewhere.environment.get("HF_HUB_CACHE")
    hugging_face = elsewhere.environment.get("HF_HOME")
    cached = elsewhere.environment.get("LLAMA_CACHE")
    return {
        "LM Studio": [
            *_lm_studio_folders(home),
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


def ollama_folders(elsewhere: Elsewhere) -> list[Path]:
    """Where Ollama may have its manifests and blobs."""
    chosen = elsewhere.environment.get("OLLAMA_MODELS")
    folders = [Path(chosen)] if chosen else [elsewhere.home / ".ollama" / "models"]
    if elsewhere.platform == "linux":  # where its service keeps them
        folders.append(Path("/usr/share/ollama/.ollama/models"))
    return folders


def _lm_studio_folders(home: Path) -> Iterator[Path]:
    """Below each home that LM Studio has or had, and what is chosen in its settings there."""
    own_homes = [home / ".lmstudio", home / ".cache" / "lm-studio"]
    with suppress(OSError, ValueError):
        noted = (home / ".lmstudio-home-pointer").read_text("utf-8").strip()
        own_homes = [*_named(noted), *own_homes]
    for own_home in own_homes:
        yield own_home / "models"
        with suppress(OSError, ValueError, AttributeError):
            settings = json.loads((own_home / "settings.json").read_text("utf-8"))
            yield from _named(settings.get("downloadsFolder"))


def _gpt4all_chosen(elsewhere: Elsewhere) -> Iterator[Path]:
    """Another folder that a person has chosen, from GPT4All's settings."""
    place = _data(elsewhere) if elsewhere.platform == "win32" else elsewhere.home / ".config"
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string((place / "nomic.ai" / "GPT4All.ini").read_text("utf-8"))
    except (OSError, ValueError, configparser.Error):
        return
    yield from _named(parser.get("General", "modelPath", fallback=""))


def _named(place: object) -> Iterator[Path]:
    """The folder that a file of another program names, if it makes sense."""
    if isinstance(place, str) and Path(place).is_absolute() and "\0" not in place:
        yield Path(place)

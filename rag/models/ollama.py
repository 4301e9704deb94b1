"""Models that Ollama keeps: blobs named by their SHA-256, and manifests that say what they are.

`manifests/registry.ollama.ai/library/phi4/latest` is a JSON file whose layers name blobs; the one
of the model's media type is a GGUF. Ollama lists that one as `phi4:latest`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

MODEL_LAYER = "application/vnd.ollama.image.model"
REGISTRY, LIBRARY = "registry.ollama.ai", "library"
DIGEST = re.compile(r"sha256[:-]([0-9a-f]{64})", re.ASCII)


def ollama_models(folders: Iterable[Path]) -> Iterator[tuple[str, Path, str]]:
    """Each model's name as Ollama lists it, its file and its SHA-256; what cannot be read is not.

    A model in several files has none here: only one is named by each layer.
    """
    for folder in folders:
        manifests = folder / "manifests"
        for path in _manifests(manifests):
            digests = _model_digests(path)
            if len(digests) == 1:
                blob = folder / "blobs" / f"sha256-{digests[0]}"
                yield _name(path.relative_to(manifests).parts), blob, digests[0]


def _manifests(folder: Path) -> list[Path]:
    """The files below; `os.walk` follows no links and passes over what cannot be read."""
    return sorted(Path(place, name) for place, _, names in os.walk(folder) for name in names)


def _model_digests(path: Path) -> list[str]:
    """The SHA-256 of each layer that is a model."""
    try:
        manifest = json.loads(path.read_text("utf-8"))
        layers = [layer for layer in manifest["layers"] if layer["mediaType"] == MODEL_LAYER]
        matches = [DIGEST.fullmatch(layer["digest"]) for layer in layers]
    except (OSError, ValueError, LookupError, TypeError):
        return []
    return [match[1] for match in matches if match]


def _name(parts: tuple[str, ...]) -> str:
    *places, tag = parts
    if places[:1] == [REGISTRY]:
        places = places[1:]
    if places[:1] == [LIBRARY]:
        places = places[1:]
    return f"{'/'.join(places)}:{tag}"

"""Embedders in folders as sentence-transformers keeps them: what is one, and its copy.

`modules.json` names the parts: a transformer, how its tokens are pooled, and what follows. The
models themselves are loaded by `rag.embedding`; code that lies in a folder is never run.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from rag.errors import ModelMissing, ModelUnusable
from rag.models.disk import PART

MODULES, PROMPTS = "modules.json", "config_sentence_transformers.json"
NEEDED = (MODULES, "config.json", "tokenizer.json", "model.safetensors")
OURS = "sentence_transformers."  # begins the names of parts that are not the folder's own code
OTHER_FORMS = ("onnx", "openvino", "*.bin", "*.h5", "*.ot", "*.msgpack", "*.py")  # not copied
SHORTEST, LONGEST = 3, 60  # characters of a name


def is_embedder(folder: Path) -> bool:
    """Whether all that is needed of an embedder lies there."""
    return all((folder / name).is_file() for name in NEEDED)


def check_embedder(folder: Path) -> None:
    """Raises ModelMissing and ModelUnusable where the folder is no embedder that can be used."""
    if not (folder / MODULES).is_file():
        raise ModelMissing(
            f"There is no embedding model in {folder}.",
            remedy=f"Give the folder of a sentence-transformers model, with {MODULES} in it.",
        )
    missing = [name for name in NEEDED if not (folder / name).is_file()]
    if missing:
        raise _unusable(folder, f"there is no {missing[0]} in it")
    modules = _read(folder / MODULES)
    kinds = [str(part.get("type", "")) for part in modules if isinstance(part, dict)]
    own = [kind for kind in kinds if not kind.startswith(OURS)]
    if own or not kinds:
        raise _unusable(folder, "it needs code of its own, which Deskbook does not run")


def own_prefixes(folder: Path) -> tuple[str, str]:
    """What a folder says is to stand in front of questions and passages; mostly nothing."""
    settings = _read(folder / PROMPTS) if (folder / PROMPTS).is_file() else {}
    prompts = settings.get("prompts") if isinstance(settings, dict) else None
    if not isinstance(prompts, dict):
        return "", ""
    passage = prompts.get("document") or prompts.get("passage") or ""
    return str(prompts.get("query") or ""), str(passage)


def folder_name(folder: Path) -> str:
    """The name that a folder's embedder gets: letters, digits, points and hyphens of its own."""
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", folder.resolve().name).strip("-.")[:LONGEST].strip("-.")
    return name if len(name) >= SHORTEST else f"embedder-{name}".strip("-")


def copy_folder(folder: Path, target: Path) -> None:
    """Copy what is needed of a model in a folder, under another name first, till it is whole."""
    part = target.with_name(target.name + PART)
    try:
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(folder, part, ignore=shutil.ignore_patterns(*OTHER_FORMS, ".*"))
        part.replace(target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise _unusable(path.parent, f"{path.name} is no JSON: {error}") from error


def _unusable(folder: Path, why: str) -> ModelUnusable:
    return ModelUnusable(
        f"The embedding model in {folder} cannot be used: {why}.",
        remedy="Get another copy of it, or another model.",
    )

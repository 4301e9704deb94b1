"""A person's own models taken over: what there is at a path, whether it can be used, its copy.

A path is a GGUF file (any part of one in parts), an embedder's or a reranker's folder, or a folder
with GGUF files in it. Which name a model gets is `rag.models.taking_over`'s to say.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from rag.errors import ModelMissing
from rag.models.disk import PART, check_space
from rag.models.embedder_folders import MODULES, check_embedder, copy_folder, folder_name
from rag.models.gguf import file_parts
from rag.models.glance import glance_at
from rag.models.judging import check_language_model
from rag.models.other_programs import files_below
from rag.models.parts import stem_of
from rag.models.reranker_folders import is_reranker


def models_at(path: Path) -> tuple[Path, ...]:
    """The models at a path, each a first file or a folder, fit to be used.

    Raises ModelMissing where there is none, ModelUnusable where one cannot be used.
    """
    if not path.is_dir():
        first = file_parts(path)[0]
        check_language_model(first)
        return (first,)
    if (path / MODULES).is_file():
        check_embedder(path)
        return (path,)
    if is_reranker(path):
        return (path,)
    return _files_in(path)


def _files_in(folder: Path) -> tuple[Path, ...]:
    """The language models in a folder, without what else lies there, such as image readers."""
    files = sorted(files_below(folder))
    models = tuple(p for p in files if (g := glance_at(p)) is None or g.is_language_model)
    if not models:
        raise ModelMissing(
            f"There is no model in {folder}.",
            remedy="Give a GGUF file, a folder with GGUF files, or the folder of a "
            f"sentence-transformers model, with {MODULES} in it.",
        )
    for model in models:
        check_language_model(model)
    return models


def name_of(model: Path) -> str:
    """The name that a model gets when it is taken over."""
    return folder_name(model) if model.is_dir() else stem_of(model)


def copy_model(model: Path, folder: Path) -> Path:
    """Copy a model into the models folder; its place there. Raises DownloadFailed and OSError.

    Under another name first: what has its own name is whole.
    """
    if model.is_dir():
        target = folder / name_of(model)
        copy_folder(model, target)
        return target
    parts = file_parts(model)
    check_space(folder, sum(part.stat().st_size for part in parts), model.name)
    for part in reversed(parts):  # the first one, which stands for all, comes last
        _copy_file(part, folder / part.with_suffix(".gguf").name)
    return folder / model.with_suffix(".gguf").name


def _copy_file(path: Path, target: Path) -> None:
    part = target.with_name(target.name + PART)
    try:
        shutil.copyfile(path, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)

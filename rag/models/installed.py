"""Models that are on this machine, as values: where they lie, and whose they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rag.models.catalogue import CatalogueEntry, ModelKind
from rag.models.embedder_folders import MODULES
from rag.models.gguf import file_parts


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on this machine; `entry` is None for one that the catalogue does not know."""

    name: str
    path: Path  # a file, the first of several parts, or an embedder's or reranker's folder
    size_bytes: int
    is_demonstration: bool
    entry: CatalogueEntry | None
    owner: str = ""  # the program that it belongs to, "LM Studio"; empty for Deskbook's own
    kind: ModelKind = ModelKind.LLM
    is_in_place: bool = False  # taken over where it lies: Deskbook remembers its place alone

    @property
    def title(self) -> str:
        """What a person knows it by."""
        return self.entry.title if self.entry else self.name


@dataclass(frozen=True, slots=True)
class InstalledEmbedder:
    """An embedder on this machine, and how it wants to be given questions and passages."""

    name: str
    folder: Path  # as sentence-transformers keeps models
    question_prefix: str
    passage_prefix: str
    languages: tuple[str, ...]  # that it knows, ISO 639-1; empty where it knows all or tells none


def installed(
    name: str,
    path: Path,
    entry: CatalogueEntry | None,
    *,
    owner: str = "",
    kind: ModelKind | None = None,
    is_in_place: bool = False,
) -> InstalledModel:
    """The model at a path, with its size on the disk."""
    files = path.rglob("*") if path.is_dir() else file_parts(path)
    size = sum(file.stat().st_size for file in files if file.is_file())
    is_demonstration = entry is not None and entry.is_demonstration
    return InstalledModel(
        name, path, size, is_demonstration, entry, owner, kind or kind_of(path), is_in_place
    )


def kind_of(model: Path) -> ModelKind:
    """What a model in a file or a folder is for."""
    if model.is_file():
        return ModelKind.LLM
    return ModelKind.EMBEDDER if (model / MODULES).is_file() else ModelKind.RERANKER

"""The models that Deskbook knows: the catalogue, read from its file in the assets."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from rag.errors import ModelMissing

CATALOGUE_VERSION = 1


class ModelKind(StrEnum):
    """What a model is for."""

    LLM = "llm"
    EMBEDDER = "embedder"
    RERANKER = "reranker"


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A model that Deskbook knows. Texts are empty where there is nothing to say."""

    name: str
    kind: ModelKind
    title: str
    repository: str  # on the hub, owner/name; empty where it is not to be downloaded
    files: tuple[str, ...]
    size_bytes: int  # as published, rounded
    sha256: str
    licence: str
    context_tokens: int
    is_demonstration: bool  # it moves the machinery, and what it says is often wrong
    package: str  # the Python package that carries the files
    note: str
    question_prefix: str  # of an embedder: what it wants to have in front of a question
    passage_prefix: str
    languages: tuple[str, ...]  # that an embedder knows, ISO 639-1; empty where it knows all

    @classmethod
    def from_table(cls, table: dict[str, Any]) -> CatalogueEntry:
        """An entry from its table in the catalogue's file."""
        optional: dict[str, Any] = {"repository": "", "sha256": "", "package": ""}
        optional |= {"question_prefix": "", "passage_prefix": "", "languages": ()}
        values = optional | {"is_demonstration": False} | table
        values["kind"] = ModelKind(values["kind"])
        values["files"] = tuple(values["files"])
        values["languages"] = tuple(values["languages"])
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The models that Deskbook knows, of each kind the best first."""

    entries: tuple[CatalogueEntry, ...]

    @classmethod
    def read(cls, path: Path) -> Catalogue:
        """The catalogue in a TOML file. A file of another version is a fault of the program."""
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        if table["version"] != CATALOGUE_VERSION:
            raise ValueError(f"{path.name} has version {table['version']}")
        return cls(tuple(map(CatalogueEntry.from_table, table["models"])))

    def find(self, name: str) -> CatalogueEntry:
        """The entry of that name. Raises ModelMissing."""
        for entry in self.entries:
            if entry.name == name:
                return entry
        names = ", ".join(entry.name for entry in self.entries)
        raise ModelMissing(
            f"There is no model “{name}”.",
            remedy=f"Give the path of a GGUF file, or one of {names}.",
        )

"""The models that Deskbook knows: the catalogue, read from its file in the assets."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from rag.errors import ModelMissing

CATALOGUE_VERSION = 2


class ModelKind(StrEnum):
    """What a model is for."""

    LLM = "llm"
    EMBEDDER = "embedder"
    RERANKER = "reranker"


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """One file of a model as it lies on the hub."""

    name: str  # with its folder there
    size_bytes: int = 0  # 0 where it is not told
    sha256: str = ""  # empty where none is published; then the one that the hub names is checked

    @classmethod
    def from_value(cls, value: str | dict[str, Any]) -> PublishedFile:
        """A file from the catalogue: its name alone, or a table."""
        return cls(value) if isinstance(value, str) else cls(**value)


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """A model that Deskbook knows. Texts are empty and numbers 0 where there is nothing to say."""

    name: str
    kind: ModelKind
    title: str  # with the quantization
    repository: str  # on the hub, owner/name; empty where it is not to be downloaded
    files: tuple[PublishedFile, ...]  # of a model in parts, the parts in order
    size_bytes: int  # of all files, as published
    licence: str
    context_tokens: int  # the longest that it was trained for
    note: str
    quantization: str = ""  # of a language model: "Q4_K_M"
    template: str = ""  # the family of its chat template: "chatml", "phi-4"
    layers: int = 0  # of a language model; from these three follows what a context takes
    kv_heads: int = 0
    head_width: int = 0
    also_named: tuple[str, ...] = ()  # how other programs name the very same model
    is_demonstration: bool = False  # it moves the machinery, and what it says is often wrong
    package: str = ""  # the Python package that carries the files
    question_prefix: str = ""  # of an embedder: what it wants to have in front of a question
    passage_prefix: str = ""
    languages: tuple[str, ...] = ()  # that an embedder knows, ISO 639-1; empty where it knows all

    @classmethod
    def from_table(cls, table: dict[str, Any]) -> CatalogueEntry:
        """An entry from its table in the catalogue's file."""
        values = dict(table)
        values["kind"] = ModelKind(values["kind"])
        values["files"] = tuple(map(PublishedFile.from_value, values["files"]))
        values.setdefault("size_bytes", sum(file.size_bytes for file in values["files"]))
        if quantization := values.get("quantization"):
            values["title"] = f"{values['title']} ({quantization})"
        for key in ("languages", "also_named"):
            values[key] = tuple(values.get(key, ()))
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The models that Deskbook knows, of each kind the best for most people first."""

    entries: tuple[CatalogueEntry, ...]

    @classmethod
    def read(cls, path: Path) -> Catalogue:
        """The catalogue in a TOML file. A file of another version is a fault of the program."""
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        if table["version"] != CATALOGUE_VERSION:
            raise ValueError(f"{path.name} has version {table['version']}")
        return cls(
            tuple(
                CatalogueEntry.from_table(single)
                for model in table["models"]
                for single in _quantizations(model)
            )
        )

    def find(self, name: str) -> CatalogueEntry:
        """The entry of that name, in letters of any case. Raises ModelMissing."""
        if (entry := self.named(name)) is not None:
            return entry
        names = ", ".join(entry.name for entry in self.entries)
        raise ModelMissing(
            f"There is no model “{name}”.",
            remedy=f"Give the path of a GGUF file, or one of {names}.",
        )

    def named(self, name: str) -> CatalogueEntry | None:
        """The entry of that name, in letters of any case, if there is one."""
        wanted = name.casefold()
        return next((entry for entry in self.entries if entry.name.casefold() == wanted), None)


def _quantizations(model: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A model's own table, or one for each of its quantizations with what they share."""
    shared = {key: value for key, value in model.items() if key != "quantizations"}
    for quantization in model.get("quantizations", [{}]):
        yield shared | quantization

"""Which model of the catalogue a file is, by its name and by what it says of itself."""

from __future__ import annotations

from rag.models.catalogue import Catalogue, CatalogueEntry, ModelKind
from rag.models.other_programs import FoundModel


def known_by_name(catalogue: Catalogue, file_name: str) -> CatalogueEntry | None:
    """The language model that is published under this file name, if it is one."""
    name = file_name.casefold()
    return next((e for e in _language_models(catalogue) if name == _file_name(e)), None)


def known_as(catalogue: Catalogue, found: FoundModel) -> CatalogueEntry | None:
    """The language model of the catalogue that another program's file is, if it is one.

    Its checksum tells, or its name, if shape and quantization in its header do not gainsay: a name
    is soon given.
    """
    for entry in _language_models(catalogue):
        if found.sha256 and found.sha256 == entry.files[0].sha256:
            return entry
        if _is_named(entry, found) and _is_shaped(entry, found):
            return entry
    return None


def _language_models(catalogue: Catalogue) -> list[CatalogueEntry]:
    return [entry for entry in catalogue.entries if entry.kind is ModelKind.LLM]


def _is_named(entry: CatalogueEntry, found: FoundModel) -> bool:
    """Some programs put the repository, or its owner, in front of a file's name."""
    names = {found.name.casefold(), found.path.name.casefold()}
    known = {_file_name(entry), *(name.casefold() for name in entry.also_named)}
    if entry.repository:
        known.add(f"hf.co/{entry.repository}:{entry.quantization}".casefold())
    return bool(names & known) or any(name.endswith("_" + _file_name(entry)) for name in names)


def _is_shaped(entry: CatalogueEntry, found: FoundModel) -> bool:
    shape = (entry.layers, entry.kv_heads)
    return found.glance.shape == shape and found.glance.quantization == entry.quantization


def _file_name(entry: CatalogueEntry) -> str:
    return entry.files[0].name.casefold()

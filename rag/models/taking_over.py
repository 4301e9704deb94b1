"""Models of a person's own become Deskbook's to use: under which name, and where they lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rag.errors import BadRequest
from rag.models.catalogue import CatalogueEntry, ModelKind
from rag.models.disk import failures_told
from rag.models.importing import copy_model, models_at, name_of
from rag.models.installed import InstalledModel, installed, kind_of
from rag.models.matching import known_by_name
from rag.models.whereabouts import Whereabouts


def take_over(
    path: Path, whereabouts: Whereabouts, *, is_copied: bool
) -> tuple[InstalledModel, ...]:
    """Take over the models at a path, all of them or none; those that are ours stay as they are.

    Raises what `models_at` and `copy_model` do, ModelUnusable where the disk resists, and
    BadRequest where another model has the name.
    """
    models = models_at(path.expanduser().absolute())
    here = {model: _ours(model, whereabouts) for model in models}
    with failures_told(f"“{path.name}” cannot be taken over into “{whereabouts.folder}”"):
        whereabouts.folder.mkdir(parents=True, exist_ok=True)
        return tuple(
            here[model] or _take_over(model, whereabouts, is_copied=is_copied) for model in models
        )


def _take_over(model: Path, whereabouts: Whereabouts, *, is_copied: bool) -> InstalledModel:
    place = copy_model(model, whereabouts.folder) if is_copied else model
    if not is_copied:
        whereabouts.places.remember(name_of(model), model)
    entry = _entry_of(place, whereabouts)
    name = entry.name if entry else name_of(place)
    return installed(name, place, entry, is_in_place=not is_copied)


def _ours(model: Path, whereabouts: Whereabouts) -> InstalledModel | None:
    """The model itself where it is ours. Raises BadRequest where another of ours has its name."""
    entry = _entry_of(model, whereabouts)
    name = entry.name if entry else name_of(model)
    for other in _all_of_ours(entry, whereabouts):
        if other.name.casefold() != name.casefold():
            continue
        if other.path.resolve() == model.resolve():
            return other
        raise BadRequest(
            f"There is a model “{name}” already, at {other.path}.",
            remedy="Remove that one first, or give yours another name.",
        )
    return None


def _all_of_ours(
    entry: CatalogueEntry | None, whereabouts: Whereabouts
) -> Iterator[InstalledModel]:
    """Those that have a name of their own, and the one of the catalogue that it would be."""
    yield from (model for model in whereabouts.language_models() if not model.owner)
    yield from whereabouts.folders(ModelKind.EMBEDDER)
    yield from whereabouts.folders(ModelKind.RERANKER)
    known = whereabouts.of(entry) if entry is not None else None
    if known is not None and not known.owner:
        yield known


def _entry_of(model: Path, whereabouts: Whereabouts) -> CatalogueEntry | None:
    """The model of the catalogue that it is, by its file's or folder's name."""
    if model.is_file():
        return known_by_name(whereabouts.catalogue, model.name)
    entry = whereabouts.catalogue.named(name_of(model))
    return entry if entry is not None and entry.kind is kind_of(model) else None

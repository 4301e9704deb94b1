"""Where models lie on this machine: in the models folder, where they were taken over in place,
bundled with Deskbook, in Python packages, and in other programs' folders. Only looked for here.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rag.models.catalogue import Catalogue, CatalogueEntry, ModelKind
from rag.models.disk import PART
from rag.models.embedder_folders import is_embedder
from rag.models.gguf import file_parts
from rag.models.installed import InstalledModel, installed
from rag.models.matching import known_as, known_by_name
from rag.models.other_programs import SUFFIX, FoundModel, OtherPrograms
from rag.models.parts import is_later_part, stem_of
from rag.models.places import Places
from rag.models.program_folders import Elsewhere
from rag.models.reranker_folders import is_reranker

PLACES = "places.json"


class Whereabouts:
    """Looks for models anew each time: people move files."""

    def __init__(
        self,
        folder: Path,
        catalogue: Catalogue,
        *,
        bundled: Path | None,
        elsewhere: Elsewhere | None,
    ) -> None:
        """`folder` is where models are put, made when needed; `bundled` comes with an installer."""
        self.folder = folder
        self.places = Places(folder / PLACES)
        self.catalogue = catalogue
        self._bundled = bundled
        self._others = OtherPrograms(elsewhere)

    def language_models(self) -> tuple[InstalledModel, ...]:
        """Those of the catalogue in its order, then the unknown: our own before found ones.

        No file and no name is there twice.
        """
        models = [
            m for m in self._all_language_models() if all(p.exists() for p in file_parts(m.path))
        ]
        order = {entry.name: number for number, entry in enumerate(self.catalogue.entries)}
        models.sort(key=lambda model: order.get(model.name, len(order)))
        unique: dict[str, InstalledModel] = {}
        files = set[Path]()
        for model in models:
            if (file := model.path.resolve()) in files:
                continue
            files.add(file)
            if model.name in unique and model.entry is None:
                model = replace(
                    model, name=f"{model.name} ({model.owner or model.path.parent.name})"
                )
            unique.setdefault(model.name, model)
        return tuple(unique.values())

    def folders(self, kind: ModelKind) -> tuple[InstalledModel, ...]:
        """The embedders or rerankers that were taken over, and that the catalogue does not know."""
        known = {entry.name for entry in self.catalogue.entries}
        is_one = is_embedder if kind is ModelKind.EMBEDDER else is_reranker
        own = [
            installed(folder.name, folder, None, kind=kind)
            for folder in sorted(self.folder.glob("*"))
            if folder.name not in known and folder.suffix != PART and is_one(folder)
        ]
        in_place = [
            installed(name, place, None, kind=kind, is_in_place=True)
            for name, place in self.places.read().items()
            if name not in known and place.is_dir() and is_one(place)
        ]
        return (*own, *in_place)

    def of(self, entry: CatalogueEntry) -> InstalledModel | None:
        """A model of the catalogue, of whichever kind, if it is here."""
        if entry.kind is ModelKind.LLM:
            return next((m for m in self.language_models() if m.entry == entry), None)
        place = next((path for path in self._places(entry) if path.exists()), None)
        if place is None:
            return None
        is_in_place = place == self.places.read().get(entry.name)
        return installed(entry.name, place, entry, kind=entry.kind, is_in_place=is_in_place)

    def gone(self) -> dict[str, Path]:
        """The models taken over in place whose files are no longer there, by name."""
        return {
            name: place
            for name, place in self.places.read().items()
            if not all(part.exists() for part in file_parts(place))
        }

    def parts_of(self, name: str) -> tuple[Path, ...]:
        """What has arrived of a model of the catalogue that is not whole; empty where it is."""
        entry = self.catalogue.named(name)
        if entry is None or self.of(entry) is not None:
            return ()
        if entry.kind is not ModelKind.LLM:
            folder = self.folder / (entry.name + PART)
            return (folder,) if folder.exists() else ()
        places = (self.folder / file.name for file in entry.files)
        parts = [part for place in places for part in (place, *_parts_beside(place))]
        return tuple(part for part in parts if part.exists())

    def _all_language_models(self) -> Iterator[InstalledModel]:
        """What is nearest first; some of them may be there twice."""
        for entry in self.catalogue.entries:
            if entry.kind is ModelKind.LLM:
                for path in self._places(entry):
                    if path.exists():
                        yield installed(entry.name, path, entry)
        for path in sorted(self.folder.glob(f"*{SUFFIX}")):
            if not is_later_part(path) and known_by_name(self.catalogue, path.name) is None:
                yield installed(stem_of(path), path, None)
        for name, place in self.places.read().items():
            if place.is_file():
                known = known_by_name(self.catalogue, place.name)
                yield installed(known.name if known else name, place, known, is_in_place=True)
        yield from map(self._found, self._others.models())

    def _found(self, found: FoundModel) -> InstalledModel:
        entry = known_as(self.catalogue, found)
        name = entry.name if entry else found.name
        model = installed(name, found.path, entry, owner=found.owner)
        return replace(model, size_bytes=found.size_bytes)

    def _places(self, entry: CatalogueEntry) -> Iterator[Path]:
        """Where the first of the entry's files may lie, or its folder."""
        first = entry.files[0].name
        own_name = first if entry.kind is ModelKind.LLM else entry.name
        yield self.folder / own_name
        if entry.kind is not ModelKind.LLM and (place := self.places.read().get(entry.name)):
            yield place
        if self._bundled is not None:
            yield self._bundled / own_name
        if (package := _package_folder(entry.package)) is not None:
            yield package / first


def _parts_beside(place: Path) -> tuple[Path, Path]:
    part = place.with_name(place.name + PART)
    return part, part.with_name(part.name + ".json")


def _package_folder(package: str) -> Path | None:
    """Where an installed package lies. It is not imported: some do much when they are."""
    spec = importlib.util.find_spec(package) if package else None
    return Path(spec.origin).parent if spec is not None and spec.origin else None

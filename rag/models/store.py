"""The models that are on this machine: found, fetched, taken over and removed."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.errors import BadRequest, DownloadFailed, ModelMissing, ModelUnusable
from rag.models.catalogue import Catalogue, CatalogueEntry, ModelKind
from rag.models.downloads import Download, Progress
from rag.models.embedder_folders import (
    check_embedder,
    copy_embedder,
    folder_name,
    is_embedder,
    own_prefixes,
)
from rag.models.gguf import check_gguf

SUFFIX = ".gguf"
PART = ".part"  # ends the name of what is not whole yet


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on this machine; `entry` is None for a file that the catalogue does not know."""

    name: str
    path: Path  # a file, or an embedder's folder
    size_bytes: int
    is_demonstration: bool
    entry: CatalogueEntry | None


@dataclass(frozen=True, slots=True)
class InstalledEmbedder:
    """An embedder on this machine, and how it wants to be given questions and passages."""

    name: str
    folder: Path  # as sentence-transformers keeps models
    question_prefix: str
    passage_prefix: str
    languages: tuple[
        str, ...
    ]  # that it knows, ISO 639-1; empty where it knows all, or none is told


class ModelStore:
    """The models on this machine: in the user's folder, bundled with Deskbook, or in packages."""

    def __init__(self, folder: Path, catalogue: Catalogue, *, bundled: Path | None = None) -> None:
        """`folder` is where models are put, made when needed; `bundled` comes with an installer."""
        self._folder = folder
        self.catalogue = catalogue
        self._bundled = bundled

    def list(self) -> tuple[InstalledModel, ...]:
        """The language models that are installed, the best first, those that demonstrate last."""
        known = [
            _installed(entry.name, path, entry)
            for entry in self.catalogue.entries
            if entry.kind is ModelKind.LLM and (path := self._place_of(entry)) is not None
        ]
        known_paths = {model.path for model in known}
        others = [
            _installed(path.stem, path, None)
            for path in sorted(self._folder.glob(f"*{SUFFIX}"))
            if path not in known_paths
        ]
        return tuple(sorted(known + others, key=lambda model: model.is_demonstration))

    def find(self, name_or_path: str) -> InstalledModel:
        """The language model of that name, or in that file. Raises ModelMissing.

        A name is one of the catalogue, or a file in the models folder, with or without `.gguf`.
        """
        for model in self.list():
            if name_or_path in (model.name, model.path.name, model.path.stem):
                return model
        path = Path(name_or_path).expanduser()
        if path.is_file():
            return _installed(path.stem, path, None)
        if path.suffix == SUFFIX or len(path.parts) > 1:
            raise ModelMissing(
                f"There is no model file “{name_or_path}”.",
                remedy="Check the path, or choose one of the installed models.",
            )
        raise self._not_installed(self.catalogue.find(name_or_path))

    def default(self) -> InstalledModel | None:
        """The best real model that is installed; else one that demonstrates; else None."""
        return next(iter(self.list()), None)

    def embedder_folder(self, name: str) -> Path:
        """The folder of an installed embedder. Raises ModelMissing."""
        entry = self.catalogue.find(name)
        if entry.kind is not ModelKind.EMBEDDER:
            raise self._no_embedder(f"“{name}” is no embedder.")
        if (place := self._place_of(entry)) is None:
            raise self._not_installed(entry)
        return place

    def embedder(self, name: str) -> InstalledEmbedder:
        """The installed embedder of that name: of the catalogue, or one that was imported.

        Raises ModelMissing.
        """
        if self._entry_named(name) is None:
            folder = self._folder / name
            if not is_embedder(folder) or folder.parent != self._folder:
                raise self._no_embedder(f"There is no embedder “{name}”.")
            return InstalledEmbedder(name, folder, *own_prefixes(folder), languages=())
        folder, entry = self.embedder_folder(name), self.catalogue.find(name)
        return InstalledEmbedder(
            name, folder, entry.question_prefix, entry.passage_prefix, entry.languages
        )

    def imported_embedders(self) -> tuple[InstalledModel, ...]:
        """The embedders in the models folder that the catalogue does not know."""
        known = {entry.name for entry in self.catalogue.entries}
        return tuple(
            _installed(folder.name, folder, None)
            for folder in sorted(self._folder.glob("*"))
            if folder.name not in known and folder.suffix != PART and is_embedder(folder)
        )

    def reranker_folder(self) -> Path | None:
        """The folder of the best reranker that is installed, if any."""
        rerankers = (e for e in self.catalogue.entries if e.kind is ModelKind.RERANKER)
        places = (self._place_of(entry) for entry in rerankers)
        return next((place for place in places if place is not None), None)

    def get(
        self,
        name: str,
        *,
        hub: str,
        on_progress: Progress,
        is_stopped: Callable[[], bool],
    ) -> InstalledModel:
        """Download a model of the catalogue from `hub`, unless it is here already.

        Raises ModelMissing, DownloadFailed, and Stopped when asked to; what has arrived is kept,
        and a later call goes on from there.
        """
        entry = self.catalogue.find(name)
        if (place := self._place_of(entry)) is not None:
            return _installed(name, place, entry)
        if not entry.repository:
            raise self._not_installed(entry)
        if entry.kind is not ModelKind.LLM:
            return self._get_folder(entry, hub, on_progress, is_stopped)
        (file,) = entry.files
        download = _download(entry, hub, file, self._folder)
        download.fetch(on_progress=on_progress, is_stopped=is_stopped)
        _check_arrived(download.target)
        return _installed(name, download.target, entry)

    def _get_folder(
        self,
        entry: CatalogueEntry,
        hub: str,
        on_progress: Progress,
        is_stopped: Callable[[], bool],
    ) -> InstalledModel:
        """All files into a folder that has its name once it is whole; the weights are the last."""
        part = self._folder / (entry.name + PART)
        for file in entry.files:
            download = _download(entry, hub, file, part)
            if not download.target.exists():
                download.fetch(on_progress=on_progress, is_stopped=is_stopped)
        with _disk_failures_told(f"“{entry.name}” cannot be put into “{self._folder}”"):
            target = part.replace(self._folder / entry.name)
        return _installed(entry.name, target, entry)

    def import_file(self, path: Path) -> InstalledModel:
        """Copy a GGUF file, or an embedder's folder, into the models folder.

        Raises ModelMissing, ModelUnusable, and BadRequest where another has its name there.
        """
        if path.is_dir():
            check_embedder(path)
            target = self._folder / folder_name(path)
            self._take_over(path, target, copy_embedder)
            return _installed(target.name, target, self._entry_named(target.name))
        check_gguf(path)
        target = self._folder / path.with_suffix(SUFFIX).name
        self._take_over(path, target, _copy)
        return self.find(target.name)

    def _take_over(self, path: Path, target: Path, copy: Callable[[Path, Path], None]) -> None:
        if target.exists():
            raise BadRequest(
                f"There is a “{target.name}” in the models folder already.",
                remedy="Remove that one first, or give yours another name.",
            )
        with _disk_failures_told(f"“{path.name}” cannot be copied to “{self._folder}”"):
            self._folder.mkdir(parents=True, exist_ok=True)
            copy(path, target)

    def _entry_named(self, name: str) -> CatalogueEntry | None:
        return next((entry for entry in self.catalogue.entries if entry.name == name), None)

    def remove(self, name: str) -> None:
        """Delete a model from the models folder.

        Raises ModelMissing, BadRequest where it lies elsewhere, ModelUnusable where it resists.
        """
        model = self._named(name)
        if model.path.parent != self._folder:
            raise BadRequest(
                f"“{name}” is not in the models folder, so it is not Deskbook's to remove.",
                remedy="Delete the file yourself if you no longer want it.",
            )
        with _disk_failures_told(f"“{model.path.name}” cannot be removed"):
            if model.path.is_dir():
                shutil.rmtree(model.path)
            else:
                model.path.unlink()

    def _named(self, name: str) -> InstalledModel:
        """The installed model of whichever kind. Raises ModelMissing."""
        for model in self.imported_embedders():
            if model.name == name:
                return model
        entry = self._entry_named(name)
        if entry is None or entry.kind is ModelKind.LLM:
            return self.find(name)
        if (place := self._place_of(entry)) is None:
            raise self._not_installed(entry)
        return _installed(name, place, entry)

    def is_installed(self, entry: CatalogueEntry) -> bool:
        """Whether a model of the catalogue is here, of whichever kind."""
        return self._place_of(entry) is not None

    def _place_of(self, entry: CatalogueEntry) -> Path | None:
        """Where the first of the entry's files lies, or its folder."""
        return next((path for path in self._places(entry) if path.exists()), None)

    def _places(self, entry: CatalogueEntry) -> Iterator[Path]:
        own_name = entry.files[0] if entry.kind is ModelKind.LLM else entry.name
        yield self._folder / own_name
        if self._bundled is not None:
            yield self._bundled / own_name
        if (package := _package_folder(entry.package)) is not None:
            yield package / entry.files[0]

    def _no_embedder(self, what: str) -> ModelMissing:
        names = (e.name for e in self.catalogue.entries if e.kind is ModelKind.EMBEDDER)
        remedy = f"Choose one of {', '.join(names)}, or import the folder of another."
        return ModelMissing(what, remedy=remedy)

    def _not_installed(self, entry: CatalogueEntry) -> ModelMissing:
        remedy = (
            f"Get it with “deskbook models get {entry.name}”."
            if entry.repository
            else "It comes with Deskbook: install Deskbook again."
        )
        return ModelMissing(f"The model “{entry.name}” is not installed.", remedy=remedy)


def _download(entry: CatalogueEntry, hub: str, file: str, folder: Path) -> Download:
    """The checksum of the catalogue is that of the last file, the weights."""
    sha256 = entry.sha256 if file == entry.files[-1] else ""
    return Download(f"{hub}/{entry.repository}/resolve/main/{file}", folder / file, sha256)


def _package_folder(package: str) -> Path | None:
    """Where an installed package lies. It is not imported: some do much when they are."""
    spec = importlib.util.find_spec(package) if package else None
    return Path(spec.origin).parent if spec is not None and spec.origin else None


def _installed(name: str, path: Path, entry: CatalogueEntry | None) -> InstalledModel:
    files = path.rglob("*") if path.is_dir() else [path]
    size = sum(file.stat().st_size for file in files if file.is_file())
    return InstalledModel(name, path, size, entry is not None and entry.is_demonstration, entry)


def _copy(path: Path, target: Path) -> None:
    """Copy under another name first: what has the right name is whole."""
    part = target.with_name(target.name + PART)
    try:
        shutil.copyfile(path, part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _disk_failures_told(what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ModelUnusable(
            f"{what}: {error.strerror}.",
            remedy="Check that there is space and that you may write there.",
        ) from error


def _check_arrived(path: Path) -> None:
    """Raises DownloadFailed where what arrived is no model, and deletes it."""
    try:
        check_gguf(path)
    except ModelUnusable as error:
        path.unlink()
        raise DownloadFailed(
            f"What arrived as “{path.name}” is no whole GGUF file.",
            remedy="Try again later; if it stays so, the file has moved.",
        ) from error

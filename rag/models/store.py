"""The models that are on this machine: found, fetched, taken over and removed."""

from __future__ import annotations

from pathlib import Path

from rag.errors import DownloadFailed, ModelError, ModelMissing
from rag.models.catalogue import Catalogue, CatalogueEntry, ModelKind
from rag.models.connections import Source
from rag.models.disk import PART, failures_told
from rag.models.downloads import IsStopped
from rag.models.embedder_folders import own_prefixes
from rag.models.fetching import OnArrived, alone, fetch_all
from rag.models.gguf import file_parts
from rag.models.installed import InstalledEmbedder, InstalledModel, installed
from rag.models.judging import check_language_model
from rag.models.other_programs import SUFFIX
from rag.models.parts import stem_of
from rag.models.program_folders import Elsewhere
from rag.models.removing import remove_model, remove_remains
from rag.models.taking_over import take_over
from rag.models.whereabouts import Whereabouts


class ModelStore:
    """The models on this machine: Deskbook's own, taken over in place, and other programs'."""

    def __init__(
        self,
        folder: Path,
        catalogue: Catalogue,
        *,
        bundled: Path | None = None,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        """`folder` is where models are put, made when needed; `bundled` comes with an installer.

        Other programs' models are looked for `elsewhere`; nowhere without one.
        """
        self._folder = folder
        self.catalogue = catalogue
        self._whereabouts = Whereabouts(folder, catalogue, bundled=bundled, elsewhere=elsewhere)

    # --- what is here ---------------------------------------------------------------------------

    def list(self) -> tuple[InstalledModel, ...]:
        """The language models on this machine, the best first, those that demonstrate last.

        Other programs' have their `owner`; one that is the very same as a model of the catalogue
        has its name and its `entry`.
        """
        models = self._whereabouts.language_models()
        return tuple(sorted(models, key=lambda model: model.is_demonstration))

    def find(self, name_or_path: str) -> InstalledModel:
        """The language model of that name, or in that file. Raises ModelMissing.

        A name is one of the catalogue, a file in the models folder, with or without `.gguf`, or
        one under which another program lists its model.
        """
        for model in self.list():
            names = (model.name, model.path.name, stem_of(model.path))
            if name_or_path.casefold() in map(str.casefold, names):
                return model
        path = Path(name_or_path).expanduser()
        if path.is_file():
            return installed(stem_of(path), file_parts(path)[0], None)
        if (place := self.gone().get(name_or_path)) is not None:
            raise ModelMissing(
                f"The model “{name_or_path}” was at {place} and is not there any more.",
                remedy=f"Bring it back, or forget it with “deskbook models remove {name_or_path}”.",
            )
        if path.suffix == SUFFIX or len(path.parts) > 1:
            raise ModelMissing(
                f"There is no model file “{name_or_path}”.",
                remedy="Check the path, or choose one of the installed models.",
            )
        raise self._not_installed(self.catalogue.find(name_or_path))

    def default(self) -> InstalledModel | None:
        """The best real model that is installed; else one that demonstrates; else None.

        One of another program is used unasked only where it is a model of the catalogue.
        """
        models = self.list()
        return next((m for m in models if m.entry is not None or not m.owner), None)

    def installed(self, entry: CatalogueEntry) -> InstalledModel | None:
        """A model of the catalogue, of whichever kind, if it is here."""
        return self._whereabouts.of(entry)

    def is_installed(self, entry: CatalogueEntry) -> bool:
        """Whether a model of the catalogue is here, of whichever kind."""
        return self.installed(entry) is not None

    def arrived_bytes(self, entry: CatalogueEntry) -> int:
        """How much of a model that is not here has arrived; `get` goes on from there."""
        paths = self._whereabouts.parts_of(entry.name)
        files = (f for path in paths for f in (path.rglob("*") if path.is_dir() else [path]))
        return sum(file.stat().st_size for file in files if file.is_file())

    def gone(self) -> dict[str, Path]:
        """The models taken over in place whose files are no longer there, by name."""
        return self._whereabouts.gone()

    # --- embedders and rerankers ----------------------------------------------------------------

    def embedder_folder(self, name: str) -> Path:
        """The folder of an installed embedder of the catalogue. Raises ModelMissing."""
        entry = self.catalogue.find(name)
        if entry.kind is not ModelKind.EMBEDDER:
            raise self._no_embedder(f"“{name}” is no embedder.")
        if (model := self.installed(entry)) is None:
            raise self._not_installed(entry)
        return model.path

    def embedder(self, name: str) -> InstalledEmbedder:
        """The installed embedder of that name: of the catalogue, or one that was taken over.

        Raises ModelMissing.
        """
        if (entry := self.catalogue.named(name)) is not None:
            return InstalledEmbedder(
                entry.name,
                self.embedder_folder(name),
                entry.question_prefix,
                entry.passage_prefix,
                entry.languages,
            )
        for model in self.imported_embedders():
            if model.name == name:
                prefixes = own_prefixes(model.path)
                return InstalledEmbedder(name, model.path, *prefixes, languages=())
        raise self._no_embedder(f"There is no embedder “{name}”.")

    def imported_embedders(self) -> tuple[InstalledModel, ...]:
        """The embedders that were taken over and that the catalogue does not know."""
        return self._whereabouts.folders(ModelKind.EMBEDDER)

    def imported_rerankers(self) -> tuple[InstalledModel, ...]:
        """The rerankers that were taken over and that the catalogue does not know."""
        return self._whereabouts.folders(ModelKind.RERANKER)

    def reranker_folder(self) -> Path | None:
        """The folder of the reranker to use, if there is one: a person's own before the others."""
        entries = (e for e in self.catalogue.entries if e.kind is ModelKind.RERANKER)
        known = (self._whereabouts.of(entry) for entry in entries)
        return next((m.path for m in (*self.imported_rerankers(), *known) if m is not None), None)

    # --- coming and going -----------------------------------------------------------------------

    def get(
        self, name: str, *, source: Source, on_progress: OnArrived, is_stopped: IsStopped
    ) -> InstalledModel:
        """Download a model of the catalogue, unless it is here already, in another program too.

        Raises ModelMissing, DownloadFailed, BadRequest where hub or proxy make no sense, and
        Stopped when asked to; what has arrived is kept, and a later call goes on from there.
        """
        entry = self.catalogue.find(name)
        if (model := self.installed(entry)) is not None:
            return model
        if not entry.repository:
            raise self._not_installed(entry)
        with alone(self._folder, entry):
            return self._fetch(entry, source, on_progress, is_stopped)

    def _fetch(
        self,
        entry: CatalogueEntry,
        source: Source,
        on_progress: OnArrived,
        is_stopped: IsStopped,
    ) -> InstalledModel:
        """A model in a folder gets its name once it is whole."""
        is_file = entry.kind is ModelKind.LLM
        folder = self._folder if is_file else self._folder / (entry.name + PART)
        files = fetch_all(
            entry, folder, source=source, on_progress=on_progress, is_stopped=is_stopped
        )
        if is_file:
            _check_arrived(files)
            return installed(entry.name, files[0], entry)
        with failures_told(f"“{entry.name}” cannot be put into “{self._folder}”"):
            target = folder.replace(self._folder / entry.name)
        return installed(entry.name, target, entry, kind=entry.kind)

    def import_path(self, path: Path, *, is_copied: bool) -> tuple[InstalledModel, ...]:
        """Take over the models at a path: a GGUF file, an embedder's or reranker's folder, or a
        folder with GGUF files in it. All of them, or none.

        They are used where they lie, or copied into the models folder. Raises ModelMissing,
        ModelUnusable, DownloadFailed where there is no room for a copy, and BadRequest where
        another has the name.
        """
        return take_over(path, self._whereabouts, is_copied=is_copied)

    def remove(self, name: str) -> None:
        """Delete a model from the models folder, or what has arrived of one; forget one in place.

        Raises ModelMissing, BadRequest where it is not ours, ModelUnusable where it resists.
        """
        if name in self.gone() or self._whereabouts.parts_of(name):
            return remove_remains(name, self._whereabouts)
        remove_model(self._named(name), self._whereabouts)

    def _named(self, name: str) -> InstalledModel:
        """The installed model of whichever kind. Raises ModelMissing."""
        for model in (*self.imported_embedders(), *self.imported_rerankers()):
            if model.name == name:
                return model
        entry = self.catalogue.named(name)
        if entry is None or entry.kind is ModelKind.LLM:
            return self.find(name)
        if (known := self.installed(entry)) is None:
            raise self._not_installed(entry)
        return known

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


def _check_arrived(files: tuple[Path, ...]) -> None:
    """Raises DownloadFailed where what arrived is no model, and deletes it."""
    try:
        check_language_model(files[0])
    except ModelError as error:
        for file in files:
            file.unlink(missing_ok=True)
        raise DownloadFailed(
            f"What arrived as “{files[0].name}” is no whole model file.",
            remedy="Try again later; if it stays so, the file was changed on the hub.",
        ) from error

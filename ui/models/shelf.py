"""The models as the window knows them: asks the engine for them, has them fetched, used, removed.

Holds no widget, and lives as long as the window: what it began goes on while no dialog is open.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from app.messages import (
    Event,
    Failed,
    ImportModel,
    ListModels,
    Models,
    RemoveModel,
    UseModel,
)
from rag.types import ModelOffer, ModelState
from ui.link import EngineLink
from ui.models.downloads import Download
from ui.models.errands import Errands
from ui.models.fetching import Fetching
from ui.models.offer_words import ModelAction

IMPORTING = ""  # the name under which an import is told, for it has none yet


@dataclass(frozen=True, slots=True)
class Standing:
    """What is going on with a model; sentences are empty where there is nothing to say."""

    download: Download | None  # that is not whole
    doing: str  # what is being done with it: "Loading…"
    failure: str  # why the last thing asked was not done, and what to do
    is_new: bool  # fetched just now


class ModelShelf(QObject):
    """The models that are here and those to be had."""

    changed = Signal()  # the models, or what is being done with one of them
    imported = Signal(str)  # path

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self.machine = ""  # what this computer can run, in a sentence; empty until it is known
        self.models: tuple[ModelOffer, ...] = ()
        self.unavailable = ""  # why the models cannot be listed, and what to do
        self.fetching = Fetching(link, self)
        self._new: set[str] = set()  # names of those that were fetched and not used since
        self._errands = Errands(link, self)
        self._importing = ""  # the path that is taken over, or was last
        for part in (self.fetching, self._errands):
            part.changed.connect(self.changed)
        self._errands.listed.connect(self._on_list)
        self._errands.ended.connect(self.refresh)
        self._errands.done.connect(self._note_done)
        self.fetching.fetched.connect(self._note_fetched)

    # --- what is known

    @property
    def recommended(self) -> ModelOffer | None:
        """The right one for this machine."""
        return next((offer for offer in self.models if offer.is_recommended), None)

    @property
    def in_use(self) -> ModelOffer | None:
        """The model that answers."""
        found = (offer for offer in self.models if offer.state is ModelState.IN_USE)
        return next(found, None)

    def standing(self, name: str) -> Standing:
        """What is going on with a model."""
        return Standing(
            download=self.fetching.find(name),
            doing=self._errands.word(name),
            failure=self._errands.failure(name),
            is_new=name in self._new,
        )

    # --- what is asked

    def refresh(self) -> None:
        """Ask for the models."""
        self._link.ask(ListModels, self._on_list)

    def act(self, name: str, action: ModelAction) -> None:
        """Do what a button says."""
        match action:
            case ModelAction.GET | ModelAction.RESUME:
                self.get(name)
            case ModelAction.PAUSE:
                self.fetching.pause(name)
            case ModelAction.USE:
                self.use(name)
            case ModelAction.STOP:
                self._errands.stop(name)

    def get(self, name: str) -> None:
        """Download a model, or go on where a download was interrupted."""
        self._errands.forget_failure(name)
        self.fetching.get(name, self._title(name))

    def use(self, name: str) -> None:
        """Answer with this model from now on."""
        self._new.discard(name)
        self._errands.run(name, "Loading…", lambda request: UseModel(request, name))

    def remove(self, name: str) -> None:
        """Delete a model from Deskbook's folder, or forget where it lies."""
        self._errands.run(name, "Removing…", lambda request: RemoveModel(request, name))

    def import_model(self, path: str, *, is_copied: bool) -> None:
        """Take over a model: where it lies, or as a copy."""
        word = "Copying…" if is_copied else "Looking at the file…"
        self._importing = path
        self._errands.run(IMPORTING, word, lambda request: ImportModel(request, path, is_copied))

    def forget_failure(self, name: str) -> None:
        """The person has read why something was not done."""
        self._errands.forget_failure(name)

    # --- what is told

    def _on_list(self, event: Event) -> None:
        match event:
            case Models():
                self.machine, self.models = event.machine, event.models
                self.unavailable = ""
                self.changed.emit()
            case Failed():
                self.unavailable = f"{event.what} {event.remedy}"
                self.changed.emit()

    def _note_fetched(self, download: Download) -> None:
        self._new.add(download.name)
        self.refresh()

    def _note_done(self, name: str) -> None:
        if name == IMPORTING:
            self.imported.emit(self._importing)

    def _title(self, name: str) -> str:
        return next((offer.title for offer in self.models if offer.name == name), name)

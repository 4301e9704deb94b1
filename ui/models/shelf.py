"""The models as the window knows them: asks the engine for them, has them fetched, used, removed.

Holds no widget, and lives as long as the window: what it began goes on while no dialog is open.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.messages import (
    Done,
    Downloading,
    EngineLost,
    Event,
    Failed,
    GetModel,
    ImportModel,
    ListModels,
    Loading,
    Models,
    RemoveModel,
    Request,
    UseModel,
    WasStopped,
)
from rag.types import ModelOffer, ModelState
from ui.link import EngineLink
from ui.models.downloads import Download, DownloadStage

IMPORTING = ""  # the name under which a failed import is told, for it has none yet


class ModelShelf(QObject):
    """The models that are here and those to be had."""

    changed = Signal()  # the models, or what is being done with one of them
    progressed = Signal(object)  # Download
    fetched = Signal(object)  # Download: it is all here
    imported = Signal(str)  # path

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self.machine = ""  # what this computer can run, in a sentence; empty until it is known
        self.models: tuple[ModelOffer, ...] = ()
        self.unavailable = ""  # why the models cannot be listed, and what to do
        self.downloads: dict[str, Download] = {}  # by name: those that are not whole
        self.new: set[str] = set()  # names of those that were fetched and not looked at since
        self._requests: dict[str, int] = {}  # by name: of downloads that run
        self._doing: dict[str, str] = {}  # by name: what is being done with it, in a word
        self._failures: dict[str, str] = {}  # by name

    # --- what is known

    @property
    def recommended(self) -> ModelOffer | None:
        """The right one for this machine."""
        return next((offer for offer in self.models if offer.is_recommended), None)

    @property
    def has_real_model(self) -> bool:
        """Whether a model that does more than demonstrate is in use."""
        return any(
            offer.state is ModelState.IN_USE and not offer.is_demonstration for offer in self.models
        )

    @property
    def in_use(self) -> ModelOffer | None:
        """The model that answers."""
        found = (offer for offer in self.models if offer.state is ModelState.IN_USE)
        return next(found, None)

    def doing(self, name: str) -> str:
        """What is being done with a model: "Loading…"; empty where nothing is."""
        return self._doing.get(name, "")

    def failure(self, name: str) -> str:
        """Why the last thing asked of a model was not done, and what to do; else empty."""
        return self._failures.get(name, "")

    # --- what is asked

    def refresh(self) -> None:
        """Ask for the models."""
        self._link.ask(ListModels, self._on_list)

    def get(self, name: str) -> None:
        """Download a model, or go on where a download was interrupted."""
        if name in self._requests:
            return
        self._failures.pop(name, None)
        before = self.downloads.get(name) or Download(name, self._title(name))
        self._note(replace(before, stage=DownloadStage.RUNNING, reason=""))
        self._requests[name] = self._link.ask(
            lambda request: GetModel(request, name), lambda event: self._on_get(name, event)
        )
        self.changed.emit()

    def pause(self, name: str) -> None:
        """Interrupt a download; `get` goes on with it."""
        if name in self._requests:
            self._note(replace(self.downloads[name], stage=DownloadStage.PAUSING))
            self._link.stop(self._requests[name])
            self.changed.emit()

    def use(self, name: str) -> None:
        """Answer with this model from now on."""
        self.new.discard(name)
        self._do(name, "Loading…", lambda request: UseModel(request, name))

    def remove(self, name: str) -> None:
        """Delete a model from Deskbook's folder, or forget where it lies."""
        self._do(name, "Removing…", lambda request: RemoveModel(request, name))

    def import_model(self, path: str, *, is_copied: bool) -> None:
        """Take over a model: where it lies, or as a copy."""
        word = "Copying…" if is_copied else "Looking at the file…"
        self._do(
            IMPORTING,
            word,
            lambda request: ImportModel(request, path, is_copied),
            then=lambda: self.imported.emit(path),
        )

    def forget_failure(self, name: str) -> None:
        """The person has read it."""
        self._failures.pop(name, None)

    # --- what is told

    def _do(
        self,
        name: str,
        word: str,
        make: Callable[[int], Request],
        then: Callable[[], None] = lambda: None,
    ) -> None:
        self._failures.pop(name, None)
        self._doing[name] = word

        def on_event(event: Event) -> None:
            match event:
                case Loading():
                    self._doing[name] = f"Loading {event.what}…"
                    self.changed.emit()
                case Models():
                    self._on_list(event)
                case Done() | WasStopped():
                    self._finish(name)
                    then()
                case Failed() | EngineLost():
                    self._failures[name] = f"{event.what} {event.remedy}"
                    self._finish(name)

        self._link.ask(make, on_event)
        self.changed.emit()

    def _finish(self, name: str) -> None:
        self._doing.pop(name, None)
        self.changed.emit()
        self.refresh()

    def _on_list(self, event: Event) -> None:
        match event:
            case Models():
                self.machine, self.models = event.machine, event.models
                self.unavailable = ""
                self.changed.emit()
            case Failed():
                self.unavailable = f"{event.what} {event.remedy}"
                self.changed.emit()

    def _on_get(self, name: str, event: Event) -> None:
        match event:
            case Downloading():
                self._note(
                    replace(
                        self.downloads[name],
                        done_bytes=event.done_bytes,
                        total_bytes=event.total_bytes,
                        seconds_left=event.seconds_left,
                    )
                )
            case Done():
                self._requests.pop(name, None)
                self.new.add(name)
                self.fetched.emit(self.downloads.pop(name))
                self._finish(name)
            case WasStopped():
                self._interrupt(name, DownloadStage.PAUSED, "")
            case Failed() | EngineLost():
                self._interrupt(name, DownloadStage.FAILED, f"{event.what} {event.remedy}")

    def _interrupt(self, name: str, stage: DownloadStage, reason: str) -> None:
        self._requests.pop(name, None)
        self._note(replace(self.downloads[name], stage=stage, reason=reason))
        self.changed.emit()

    def _note(self, download: Download) -> None:
        self.downloads[download.name] = download
        self.progressed.emit(download)

    def _title(self, name: str) -> str:
        return next((offer.title for offer in self.models if offer.name == name), name)

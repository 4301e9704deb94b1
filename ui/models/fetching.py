"""The downloads of models: begun, paused, gone on with. Holds no widget; outlives every dialog.

What has arrived is kept by the engine, over its own restarts too; a download is gone on with by
asking for the model again.
"""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.messages import Done, Downloading, EngineLost, Event, Failed, GetModel, WasStopped
from ui.link import EngineLink
from ui.models.downloads import Download, DownloadStage


class Fetching(QObject):
    """The downloads that are not whole."""

    changed = Signal()  # one began, paused, failed or is whole
    progressed = Signal(object)  # Download
    fetched = Signal(object)  # Download: it is all here

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._downloads: dict[str, Download] = {}
        self._requests: dict[str, int] = {}  # of those that run

    @property
    def downloads(self) -> tuple[Download, ...]:
        """Those that run or were interrupted, in the order in which they began."""
        return tuple(self._downloads.values())

    def find(self, name: str) -> Download | None:
        """The download of a model; None where there is none."""
        return self._downloads.get(name)

    def get(self, name: str, title: str) -> None:
        """Download a model, or go on where its download was interrupted."""
        if name in self._requests:
            return
        before = self._downloads.get(name) or Download(name, title)
        stage = DownloadStage.WAITING if self._requests else DownloadStage.RUNNING
        self._note(replace(before, stage=stage, reason=""))
        self._requests[name] = self._link.ask(
            lambda request: GetModel(request, name), lambda event: self._receive(name, event)
        )
        self.changed.emit()

    def pause(self, name: str) -> None:
        """Interrupt a download; `get` goes on with it."""
        if name in self._requests:
            self._note(replace(self._downloads[name], stage=DownloadStage.PAUSING))
            self._link.stop(self._requests[name])
            self.changed.emit()

    def _receive(self, name: str, event: Event) -> None:
        match event:
            case Downloading():
                download = self._downloads[name]
                is_waiting = download.stage is DownloadStage.WAITING
                self._note(
                    replace(
                        download,
                        stage=DownloadStage.RUNNING if is_waiting else download.stage,
                        done_bytes=event.done_bytes,
                        total_bytes=event.total_bytes,
                        seconds_left=event.seconds_left,
                    )
                )
            case Done():
                del self._requests[name]
                self.fetched.emit(self._downloads.pop(name))
                self.changed.emit()
            case WasStopped():
                self._interrupt(name, DownloadStage.PAUSED, "")
            case Failed() | EngineLost():
                self._interrupt(name, DownloadStage.FAILED, f"{event.what} {event.remedy}")

    def _interrupt(self, name: str, stage: DownloadStage, reason: str) -> None:
        del self._requests[name]
        self._note(replace(self._downloads[name], stage=stage, reason=reason))
        self.changed.emit()

    def _note(self, download: Download) -> None:
        self._downloads[download.name] = download
        self.progressed.emit(download)

"""The engine as the window sees it: requests with a receiver for their events, and signals.

The door calls from a thread of its own; everything here arrives on the window's. Knows nothing of
what is asked or shown.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeAlias

from PySide6.QtCore import QObject, Qt, Signal

from app.door import Door, EndReason, EngineEnd
from app.messages import (
    ChangingEmbedder,
    Ended,
    Event,
    Failed,
    LibraryChanged,
    Loading,
    Pause,
    Ready,
    Request,
    Resume,
    Stop,
)
from ui.restarts import RestartLimit

log = logging.getLogger(__name__)

_NOBODY = 0

Receiver: TypeAlias = Callable[[Event], None]
DoorOpener: TypeAlias = Callable[[Callable[[Event], None], Callable[[EngineEnd], None]], Door]


class EngineLink(QObject):
    """Asks the engine and hands each event to whoever asked; starts a lost engine again."""

    opened = Signal()  # an engine process has been started; requests may be sent
    loading = Signal(str)  # what it loads just now
    ready = Signal(object)  # Ready
    refused = Signal(object)  # Failed: why the engine can answer nothing at all
    library_changed = Signal()
    embedder_changing = Signal(object)  # ChangingEmbedder
    lost = Signal(object, bool)  # EngineEnd, and whether the engine is started again by itself

    _event_came = Signal(object)
    _end_came = Signal(object)

    def __init__(
        self,
        make_door: DoorOpener,
        restarts: RestartLimit | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._receivers: dict[int, Receiver] = {}
        self._restarts = restarts or RestartLimit()
        self.model: Ready | None = None  # what the engine said of its model; None until it did
        self._loading_for = _NOBODY  # the request that something is loaded for
        queued = Qt.ConnectionType.QueuedConnection
        self._event_came.connect(self._deliver, queued)
        self._end_came.connect(self._mourn, queued)
        self._door = make_door(self._event_came.emit, self._end_came.emit)

    def open(self) -> None:
        """Start the engine; returns at once."""
        self._door.open()
        self.opened.emit()

    def ask(self, make: Callable[[int], Request], receiver: Receiver) -> int:
        """Send the request that `make` makes of a new id; `receiver` gets its events to the end."""
        request_id = self._door.new_request_id()
        self._receivers[request_id] = receiver
        self._door.send(make(request_id))
        return request_id

    def stop(self, request_id: int) -> None:
        """Ask for the end of a request; it then ends as stopped."""
        if request_id in self._receivers:
            self._door.send(Stop(request_id))

    def pause(self, request_id: int, is_paused: bool) -> None:
        """Let a request wait, or go on."""
        if request_id in self._receivers:
            self._door.send(Pause(request_id) if is_paused else Resume(request_id))

    def close(self) -> None:
        """End the engine; takes at most a few seconds."""
        self._door.close()

    def _deliver(self, event: Event) -> None:
        match event:
            case Loading():
                self._loading_for = event.request_id
                self.loading.emit(event.what)
            case Ready():
                self._loading_for = _NOBODY
                self.model = event
                self.ready.emit(event)
            case Failed(request_id=0):
                self.refused.emit(event)
            case ChangingEmbedder():
                self.embedder_changing.emit(event)
            case LibraryChanged():
                self.library_changed.emit()
        receiver = self._receivers.get(event.request_id)
        if isinstance(event, Ended):
            self._receivers.pop(event.request_id, None)
            self._tell_ready_again(event.request_id)
        if receiver is not None:
            receiver(event)

    def _tell_ready_again(self, request_id: int) -> None:
        """What was to be loaded for a request is not, if it ended before: all is as it was."""
        if request_id == self._loading_for != _NOBODY:
            self._loading_for = _NOBODY
            if self.model is not None:
                self.ready.emit(self.model)

    def _mourn(self, end: EngineEnd) -> None:
        if end.reason is EndReason.ASKED:
            return
        self.model, self._loading_for = None, _NOBODY
        starts_again = self._restarts.allow()
        log.warning("engine lost: %s %s, starts again: %s", end.reason, end.detail, starts_again)
        self.lost.emit(end, starts_again)
        if starts_again:
            self.open()

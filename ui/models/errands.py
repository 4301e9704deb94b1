"""What is being done with models besides fetching them: one thing at a time with each.

Says in a word what it is, and keeps why it failed until the next thing is asked. Holds no widget.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.messages import (
    Done,
    EngineLost,
    Event,
    Failed,
    Loading,
    Models,
    Request,
    WasStopped,
)
from ui.link import EngineLink


class Errands(QObject):
    """The requests about models that run, and how the last ones ended."""

    changed = Signal()
    listed = Signal(object)  # Models, that one of them brought
    done = Signal(str)  # the model's name
    ended = Signal()  # one, in whichever way

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._words: dict[str, str] = {}  # by the model's name, as all of these
        self._requests: dict[str, int] = {}
        self._failures: dict[str, str] = {}

    def word(self, name: str) -> str:
        """What is being done with a model: "Loading…"; empty where nothing is."""
        return self._words.get(name, "")

    def failure(self, name: str) -> str:
        """Why the last thing asked of a model was not done, and what to do; else empty."""
        return self._failures.get(name, "")

    def forget_failure(self, name: str) -> None:
        """The person has read it, or asks for something else."""
        self._failures.pop(name, None)

    def run(self, name: str, word: str, make: Callable[[int], Request]) -> None:
        """Send what `make` makes of a new id; `word` says what is being done."""
        self.forget_failure(name)
        self._words[name] = word
        self._requests[name] = self._link.ask(make, lambda event: self._receive(name, event))
        self.changed.emit()

    def stop(self, name: str) -> None:
        """Let it be; all is then as it was before."""
        if name in self._requests:
            self._words[name] = "Stopping…"
            self._link.stop(self._requests[name])
            self.changed.emit()

    def _receive(self, name: str, event: Event) -> None:
        match event:
            case Loading():
                self._words[name] = f"Loading {event.what}…"
                self.changed.emit()
            case Models():
                self.listed.emit(event)
            case Done():
                self._end(name)
                self.done.emit(name)
            case WasStopped():
                self._end(name)
            case Failed() | EngineLost():
                self._failures[name] = f"{event.what} {event.remedy}"
                self._end(name)

    def _end(self, name: str) -> None:
        self._words.pop(name, None)
        self._requests.pop(name, None)
        self.changed.emit()
        self.ended.emit()

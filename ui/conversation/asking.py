"""The conversation with the engine: sends questions with the turns before them, keeps the turns.

One question at a time. Survives the engine: the turns live here.
"""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.messages import Answered, Ask, Ended, Event
from rag.types import EVERYWHERE, Mode, Scope, Turn
from ui.link import EngineLink, Receiver


class Asking(QObject):
    """Asks, stops, and remembers."""

    answering_changed = Signal(bool)

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self._turns: tuple[Turn, ...] = ()
        self._request = 0

    @property
    def is_answering(self) -> bool:
        """Whether an answer is still coming."""
        return self._request != 0

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The conversation so far, oldest first."""
        return self._turns

    def ask(
        self,
        question: str,
        mode: Mode,
        show: Receiver,
        *,
        scope: Scope = EVERYWHERE,
        is_thorough: bool = False,
    ) -> None:
        """Ask within a scope; `show` gets each event of the answer."""
        turns = self._turns

        def on_event(event: Event) -> None:
            self._note(event)
            show(event)

        self._request = self._link.ask(
            lambda request: Ask(request, question, mode, scope, turns, is_thorough), on_event
        )
        self.answering_changed.emit(True)

    def stop(self) -> None:
        """Stop the answer that is coming."""
        if self._request:
            self._link.stop(self._request)

    def forget(self) -> None:
        """Begin a new conversation; an answer that is still coming is stopped and not kept."""
        self.stop()
        self._turns = ()
        self._finish()

    def _note(self, event: Event) -> None:
        if event.request_id != self._request:
            return  # of a conversation that is over
        if isinstance(event, Answered):
            self._turns = (*self._turns, event.answer.turn)
        elif isinstance(event, Ended):
            self._finish()

    def _finish(self) -> None:
        if self._request:
            self._request = 0
            self.answering_changed.emit(False)

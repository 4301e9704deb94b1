"""Tells the engine what is being typed, so that it can read ahead. Shows nothing."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, QTimer

from app.messages import Anticipate, Event
from ui.conversation.asking import Asking
from ui.conversation.composer import Composer
from ui.link import EngineLink

_PAUSE_MS = 250  # between two keys of one word there is less
_FEWEST_WORDS = 3  # with fewer, the search finds anything


class Anticipation(QObject):
    """One request at a time, after each pause in typing; none while an answer comes."""

    def __init__(self, link: EngineLink, composer: Composer, asking: Asking) -> None:
        super().__init__(composer)
        self._link = link
        self._composer = composer
        self._asking = asking
        self._request = 0
        self._told: Anticipate | None = None
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        composer.changed.connect(self._note_typing)
        asking.answering_changed.connect(self._note_typing)

    def _note_typing(self) -> None:
        """Only starts a timer: typing must cost nothing."""
        self._pause.start()

    def _tell(self) -> None:
        question = self._composer.box.toPlainText().strip()
        if self._asking.is_answering:
            self._told = None
        elif len(question.split()) < _FEWEST_WORDS:
            self._stop()
        elif self._link.model is not None and self._link.model.model:
            self._send(question)

    def _send(self, question: str) -> None:
        composer, turns = self._composer, self._asking.turns
        wanted = Anticipate(0, question, composer.mode, composer.scope, turns, composer.is_thorough)
        if wanted != self._told:
            self._told = wanted
            self._request = self._link.ask(
                lambda request: replace(wanted, request_id=request), _ignore
            )

    def _stop(self) -> None:
        if self._told is not None:
            self._told = None
            self._link.stop(self._request)


def _ignore(_event: Event) -> None:
    """Reading ahead is answered by nothing but its end."""

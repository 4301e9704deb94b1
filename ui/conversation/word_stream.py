"""The model's words as they come, told in bundles: twenty a second, fewer if slow."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

_BUNDLE_MS = 50
_SHARE = 4  # drawing takes at most one part in this many of the time


class WordStream(QObject):
    """Collects words and says `changed` with all of them so far."""

    changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._timer = QTimer(self, singleShot=True, interval=_BUNDLE_MS)
        self._timer.timeout.connect(self._tell)

    @property
    def text(self) -> str:
        """All the words so far."""
        return self._text

    def add(self, words: str) -> None:
        """The next words."""
        self._text += words
        if not self._timer.isActive():
            self._timer.start()

    def finish(self) -> None:
        """Tell at once what has not been told."""
        if self._timer.isActive():
            self._timer.stop()
            self._tell()

    def drop(self) -> None:
        """Tell nothing more: something better is shown."""
        self._timer.stop()

    def _tell(self) -> None:
        began = time.monotonic()
        self.changed.emit(self._text)
        took_ms = (time.monotonic() - began) * 1000
        self._timer.setInterval(max(_BUNDLE_MS, round(took_ms * _SHARE)))

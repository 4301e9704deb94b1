"""The downloads in the line at the window's foot: one at a time, and a click to see them all."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from ui.models.downloads import Download, DownloadStage
from ui.style import set_look
from ui.tokens import SMALL
from ui.wording import time_left

_WIDTH = 90
_PERCENT = 100


class DownloadLine(QWidget):
    """Hidden until a model is fetched; then says how far it has come, and at last offers it."""

    models_asked = Signal()
    use_asked = Signal(str)  # the model's name

    def __init__(self) -> None:
        super().__init__()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setMaximumWidth(_WIDTH)
        self._words = QPushButton()
        self._use = QPushButton("Use it now")
        set_look(self._words, "quiet")
        set_look(self._use, "link")
        row = QHBoxLayout(self)
        row.setContentsMargins(SMALL, 0, SMALL, 0)
        row.setSpacing(SMALL)
        for widget in (self._words, self._bar, self._use):
            row.addWidget(widget)
        self._here = ""  # the name of the one that is offered
        self._words.clicked.connect(self.models_asked)
        self._use.clicked.connect(self._ask_for_use)
        self.hide()

    @property
    def text(self) -> str:
        """What the line says."""
        return self._words.text()

    def show_downloads(self, downloads: Iterable[Download]) -> None:
        """Show those that are under way or interrupted."""
        shown = sorted(downloads, key=lambda download: download.stage is not DownloadStage.RUNNING)
        if shown:
            self._here = ""
            self._show(shown[0], len(shown) - 1)
        elif not self._here:
            self.hide()

    def show_fetched(self, download: Download) -> None:
        """A model is here: offer to use it, until something else is to be said."""
        self._here = download.name
        self._say(f"{download.title} is here")
        self._bar.hide()
        self._use.setAccessibleName(f"Use it now: {download.title}")
        self._use.show()

    def forget_fetched(self, name: str) -> None:
        """A model is used, or was removed: it is no longer offered."""
        if name == self._here:
            self._here = ""
            self.hide()

    def _show(self, download: Download, others: int) -> None:
        more = f" (and {others} more)" if others else ""
        self._say(f"{download.title}: {_state(download)}{more}")
        self._words.setToolTip(download.reason or download.words)
        self._bar.setRange(0, _PERCENT)
        self._bar.setValue(round(download.share * _PERCENT))
        self._bar.setAccessibleName(f"Download of {download.title}")
        self._bar.setVisible(download.stage is not DownloadStage.FAILED)
        self._use.hide()

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self._words.setToolTip("")
        self.show()

    def _ask_for_use(self) -> None:
        self.use_asked.emit(self._here)


def _state(download: Download) -> str:
    match download.stage:
        case DownloadStage.RUNNING:
            left = time_left(download.seconds_left)
            return f"{download.share:.0%}" + (f", {left}" if left else "")
        case DownloadStage.WAITING:
            return "waiting"
        case DownloadStage.PAUSING | DownloadStage.PAUSED:
            return f"paused at {download.share:.0%}"
        case DownloadStage.FAILED:
            return "interrupted"

"""The line at the window's foot: how the engine is, what model answers, what is amiss."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QStatusBar

from app.door import EngineEnd
from app.messages import ChangingEmbedder, Failed, Ready
from ui.elided_label import ElidedLabel
from ui.library.rows import Tone
from ui.models.download_line import DownloadLine
from ui.style import set_look
from ui.tokens import SMALL

_NO_MODEL = "No language model: answers are quotations"


class StatusLine(QStatusBar):
    """Says one thing at a time."""

    restart_asked = Signal()
    models_asked = Signal()

    def __init__(self) -> None:
        super().__init__(sizeGripEnabled=False)
        self._dot = QLabel("●")
        self._words = ElidedLabel()
        self._model = QPushButton()
        self._model.setToolTip("Which models there are, and which one answers")
        set_look(self._model, "quiet")
        self._model.clicked.connect(self.models_asked)
        self._model.hide()
        self.downloads = DownloadLine()
        self._restart = QPushButton("Start the engine again")
        set_look(self._restart, "link")
        self._restart.clicked.connect(self._ask_for_restart)
        self._restart.hide()
        self.setContentsMargins(SMALL, 0, SMALL, 0)
        self.addWidget(self._dot)
        self.addWidget(self._words, 1)
        self.addWidget(self._restart)
        self.addPermanentWidget(self.downloads)
        self.addPermanentWidget(self._model)
        self.show_starting()

    def show_starting(self) -> None:
        """The engine process starts."""
        self._restart.hide()
        self._say("Starting the engine…", Tone.BUSY)

    def show_loading(self, what: str) -> None:
        """The engine is loading something: `what` names it."""
        self._restart.hide()
        self._say(f"Loading {what}…", Tone.BUSY)

    def show_ready(self, ready: Ready) -> None:
        """The engine can answer."""
        self._restart.hide()
        self._say(ready.notice or "Ready", Tone.BUSY if ready.notice else Tone.QUIET)
        kind = ", for demonstration" if ready.is_demonstration else ""
        self._model.setText(f"Model: {ready.model}{kind}" if ready.model else _NO_MODEL)
        self._model.show()

    def show_changing(self, change: ChangingEmbedder) -> None:
        """The library is read by another embedder, beside everything else."""
        name, percent = change.embedder, 100 * change.done // max(change.total, 1)
        if change.notice:
            self._say(change.notice, Tone.BUSY)
        elif change.is_in_use:
            self._say(f"Passages are now found with {name}", Tone.QUIET)
        else:
            self._say(f"{name} has read {percent} % of the library", Tone.QUIET)

    def show_refused(self, failure: Failed) -> None:
        """The engine can answer nothing, and why."""
        self._say(f"{failure.what} {failure.remedy}", Tone.BAD)

    def show_lost(self, end: EngineEnd, starts_again: bool) -> None:
        """The engine is gone."""
        self._model.hide()
        self._restart.setVisible(not starts_again)
        tail = "It is starting again; nothing is lost." if starts_again else "Nothing is lost."
        self._say(f"{end.sentence} {tail}", Tone.BUSY if starts_again else Tone.BAD)

    def _ask_for_restart(self) -> None:
        self.show_starting()
        self.restart_asked.emit()

    @property
    def text(self) -> str:
        """What the line says of the engine."""
        return self._words.text()

    @property
    def model_text(self) -> str:
        """What the line says of the model."""
        return self._model.text()

    def _say(self, words: str, tone: Tone) -> None:
        self._words.setText(words)
        self._words.setToolTip(words)
        set_look(self._dot, {Tone.QUIET: "good", Tone.BUSY: "warn", Tone.BAD: "bad"}[tone])

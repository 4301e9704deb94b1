"""The line under the library while files are added: which one, how long still, Pause and Stop.

When the import is over it says how it went, and goes away by itself unless something failed.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout

from app.messages import Added, Adding, Done, EngineLost, Failed, WasStopped
from ui.elided_label import ElidedLabel
from ui.style import set_look
from ui.tokens import MEDIUM, SMALL, TIGHT
from ui.wording import counted, time_left

_LINGER_MS = 6_000


class ImportStrip(QFrame):
    """Hidden until something is added."""

    stop_asked = Signal()
    pause_asked = Signal(bool)  # whether to wait, or to go on

    def __init__(self) -> None:
        super().__init__()
        set_look(self, "toast")
        self._file = ElidedLabel(Qt.TextElideMode.ElideMiddle)
        self._count = QLabel()
        set_look(self._count, "fine")
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Progress of adding files")
        self._stop = QPushButton("Stop")
        self._stop.setAccessibleName("Stop adding files")
        self._stop.clicked.connect(self.stop_asked)
        self._pause = QPushButton("Pause")
        self._pause.setCheckable(True)
        self._pause.setAccessibleName("Pause adding files")
        self._pause.toggled.connect(self._show_paused)
        self._pause.toggled.connect(self.pause_asked)
        self._lay_out()
        self._added = self._failed = 0
        self._left = ""  # how long it will take, in words; empty until that is known
        self._hide_later = QTimer(self, singleShot=True, interval=_LINGER_MS)
        self._hide_later.timeout.connect(self.hide)
        self.hide()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(TIGHT)
        words.addWidget(self._file)
        words.addWidget(self._bar)
        words.addWidget(self._count)
        row = QHBoxLayout(self)
        row.setContentsMargins(MEDIUM, SMALL, MEDIUM, SMALL)
        row.addLayout(words, 1)
        row.addWidget(self._pause)
        row.addWidget(self._stop)

    def show_beginning(self) -> None:
        """Files are to be added; which and how many is not known yet."""
        self._begin()
        self._file.setText("Looking at the files…")
        self._count.setText("")
        self._bar.setRange(0, 0)
        self.show()

    def show_progress(self, event: Adding | Added) -> None:
        """One file has begun or has its verdict."""
        if isinstance(event, Adding):
            self._file.setText(f"{event.stage.capitalize()} {Path(event.path).name}")
            self._left = time_left(event.seconds_left)
        elif event.file.verdict.is_success:
            self._added += 1
        else:
            self._failed += 1
        done = f"{event.done:,} of {counted(event.total, 'file')}"
        self._count.setText(f"{done}{self._failures()}{self._left and f' · {self._left}'}")
        self._bar.setRange(0, event.total)
        self._bar.setValue(event.done)
        self.show()

    def show_end(self, end: Done | WasStopped | Failed | EngineLost) -> None:
        """The import is over."""
        self._file.setText(self._verdict(end))
        self._file.setToolTip(self._file.text())
        self._count.setText(f"{counted(self._added, 'file')} added{self._failures()}")
        self._bar.hide()
        self._stop.hide()
        self._pause.hide()
        self.show()
        self._hide_later.start()

    def _begin(self) -> None:
        self._added = self._failed = 0
        self._left = ""
        self._hide_later.stop()
        self._bar.show()
        self._stop.show()
        self._pause.setChecked(False)
        self._pause.show()

    def _show_paused(self, is_paused: bool) -> None:
        self._pause.setText("Go on" if is_paused else "Pause")
        if is_paused:
            self._file.setText("Paused")

    def _verdict(self, end: Done | WasStopped | Failed | EngineLost) -> str:
        match end:
            case Done():
                return "Added, with some problems" if self._failed else "All added"
            case WasStopped():
                return "Stopped; what was finished stays"
            case Failed() | EngineLost():
                return f"{end.what} {end.remedy}"

    def _failures(self) -> str:
        return f" · {self._failed:,} not read" if self._failed else ""

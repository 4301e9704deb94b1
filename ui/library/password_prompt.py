"""When a password is asked for: at a click, and once after an import that met protected files."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.messages import Added, Adding
from rag.types import Verdict
from ui.library.password_dialog import PasswordDialog
from ui.library.rows import Row
from ui.library.shelf import Shelf
from ui.passwords import Passwords
from ui.wording import counted


class PasswordPrompt(QObject):
    """Opens one dialog at a time, and has the shelf add the files again that a password opens."""

    offered = Signal(str, str)  # a sentence about protected files, and the path of the first
    opened = Signal(object)  # list[str]: paths of files that can be opened from now on
    failed = Signal(str)  # what went wrong, and what to do

    def __init__(self, shelf: Shelf, passwords: Passwords, window: QWidget) -> None:
        super().__init__(window)
        self._shelf = shelf
        self._passwords = passwords
        self._window = window
        self._dialog: PasswordDialog | None = None
        self._rows: Sequence[Row] = ()
        self._met: dict[str, None] = {}  # protected files of the present imports, in order
        shelf.changed.connect(self._take_rows)
        shelf.progressed.connect(self._note)
        shelf.import_ended.connect(self._offer)

    def ask(self, path: str) -> None:
        """Ask for the password of a file, unless one is being asked for."""
        if self._dialog is not None:
            self._dialog.raise_()
            return
        others = [row.path for row in self._rows if row.asks_password and row.path != path]
        self._dialog = PasswordDialog(self._passwords, path, others, self._window)
        self._dialog.opened.connect(self._add_again)
        self._dialog.complained.connect(self.failed)
        self._dialog.finished.connect(self._let_go)
        self._dialog.open()  # modal to the window, while the import and the engine go on

    def _let_go(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    def _take_rows(self, rows: Sequence[Row]) -> None:
        self._rows = rows

    def _note(self, event: Adding | Added) -> None:
        if isinstance(event, Added) and event.file.verdict is Verdict.PASSWORD:
            self._met[event.file.path] = None

    def _offer(self) -> None:
        if self._shelf.is_importing or not self._met:
            return
        met, self._met = list(self._met), {}
        are = "asks" if len(met) == 1 else "ask"
        self.offered.emit(f"{counted(len(met), 'file')} {are} for a password.", met[0])

    def _add_again(self, paths: Sequence[str]) -> None:
        self._shelf.add_back([row for row in self._rows if row.path in paths])
        self.opened.emit(paths)

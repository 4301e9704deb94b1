"""The dialog that asks for the password of a protected file.

It has the engine try what is typed and says what came of it; having the files read is for whoever
hears that they open.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.messages import Done, Ended, PasswordTried, WasStopped
from ui.parts import label
from ui.passwords import Passwords
from ui.style import set_look
from ui.tokens import LARGE, MEDIUM, SMALL
from ui.wording import counted, shortened

_WIDTH = 420
_NAME_LENGTH = 60  # characters of a file's name that are shown


class PasswordDialog(QDialog):
    """One file and its password, and what else to do with that."""

    opened = Signal(object)  # list[str]: paths of the files that the password opens
    complained = Signal(str)  # what went wrong though the file opens, and what to do

    def __init__(
        self, passwords: Passwords, path: str, others: Sequence[str], parent: QWidget | None = None
    ) -> None:
        """`others` are protected too and may have the same password."""
        super().__init__(parent)
        self.setWindowTitle("Password")
        self.setFixedWidth(_WIDTH)
        set_look(self, "surface")
        self._passwords = passwords
        self._path = path
        self._others = tuple(others)
        self._answers: dict[str, PasswordTried] = {}
        self._is_over = False  # answers may still come, and find no widget any more
        self.finished.connect(self._end)
        self._field = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self._field.setAccessibleName("Password")
        self._field.textChanged.connect(self._offer_to_try)
        which = "protected file" if len(others) == 1 else f"{len(others):,} protected files"
        self._try_others = QCheckBox(f"Try it on the other {which} too")
        self._try_others.setChecked(True)
        self._try_others.setVisible(bool(others))
        self._keep = QCheckBox("Keep it in this computer's keyring")
        self._keep.hide()
        self._failure = label("bad")
        self._failure.hide()
        self._cancel = QPushButton("Cancel", autoDefault=False)
        self._cancel.clicked.connect(self.reject)
        self._open = QPushButton("Open", default=True)
        set_look(self._open, "primary")
        self._open.clicked.connect(self._try)
        self._lay_out()
        self._offer_to_try()
        passwords.find_keyring(self._offer_to_keep)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, LARGE, LARGE, LARGE)
        column.setSpacing(SMALL)
        name = shortened(Path(self._path).name, _NAME_LENGTH)
        column.addWidget(label("title", f"“{name}” is protected with a password"))
        column.addWidget(label("muted", "Deskbook remembers it until it is closed."))
        column.addSpacing(SMALL)
        for widget in (self._field, self._failure, self._try_others, self._keep):
            column.addWidget(widget)
        column.addSpacing(MEDIUM)
        column.addStretch(1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._open)
        column.addLayout(buttons)
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end(self) -> None:
        self._is_over = True

    def _offer_to_try(self) -> None:
        self._open.setEnabled(bool(self._field.text()))

    def _offer_to_keep(self, is_usable: bool) -> None:
        if not self._is_over:
            self._keep.setVisible(is_usable)

    def _try(self) -> None:
        self._set_busy(True)
        self._answers = {}
        self._passwords.try_on(
            [self._path, *(self._others if self._try_others.isChecked() else ())],
            self._field.text(),
            is_to_be_kept=self._keep.isChecked(),
            on_tried=self._note,
            on_end=self._show_end,
        )

    def _note(self, answer: PasswordTried) -> None:
        self._answers[answer.path] = answer

    def _show_end(self, end: Ended) -> None:
        """Closes where the file opens; otherwise says why not, for another try."""
        if self._is_over:
            return
        self._set_busy(False)
        opened = [path for path, answer in self._answers.items() if answer.is_opened]
        if opened:
            self.opened.emit(opened)
            self._others = tuple(path for path in self._others if path not in opened)
        what_failed = "" if isinstance(end, Done | WasStopped) else f"{end.what} {end.remedy}"
        if self._path in opened:
            if what_failed:
                self.complained.emit(what_failed)
            self.accept()
        else:
            own = self._answers.get(self._path)
            self._show_failure(what_failed or (own.reason if own else ""), len(opened))

    def _show_failure(self, sentence: str, opened_count: int) -> None:
        if opened_count:
            sentence = f"{sentence} It opens {counted(opened_count, 'other file')}."
        self._failure.setText(sentence)
        self._failure.show()
        self.adjustSize()
        self._field.selectAll()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _set_busy(self, is_busy: bool) -> None:
        for widget in (self._field, self._open, self._try_others, self._keep):
            widget.setEnabled(not is_busy)
        self._open.setText("Trying…" if is_busy else "Open")

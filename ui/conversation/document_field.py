"""A field in which a document is found by a piece of its title or its file's name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit

from rag.types import DocumentEntry


class DocumentField(QLineEdit):
    """Offers the documents whose names hold what is written; empties when one is chosen."""

    chosen = Signal(str)  # the document's id

    def __init__(self, documents: Iterable[DocumentEntry]) -> None:
        super().__init__()
        self._documents = _named(documents)
        self.setPlaceholderText("Add one by its title…")
        self.setAccessibleName("Add a document by its title")
        completer = QCompleter(list(self._documents), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)
        completer.activated.connect(self._choose, Qt.ConnectionType.QueuedConnection)

    def _choose(self, name: str) -> None:
        # Queued: the completer writes the name into the field once it has told of it.
        self.clear()
        self.chosen.emit(self._documents[name])


def _named(documents: Iterable[DocumentEntry]) -> dict[str, str]:
    """Ids by names that tell the documents apart."""
    named: dict[str, str] = {}
    for entry in documents:
        name = f"{entry.title} · {Path(entry.path).name}"
        named[f"{name} · {entry.path}" if name in named else name] = entry.document
    return named

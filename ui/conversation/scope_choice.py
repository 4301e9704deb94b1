"""The part of the library that the next question is kept to. Holds no widget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from rag.types import EVERYWHERE, DocumentEntry, Scope


class ScopeChoice(QObject):
    """What is chosen, and the documents that can be. The collection is chosen in the library."""

    changed = Signal()
    collection_cleared = Signal()  # not in this collection any more, but in all of the library

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._scope = EVERYWHERE
        self.documents: tuple[DocumentEntry, ...] = ()

    @property
    def scope(self) -> Scope:
        """What the next question is kept to."""
        return self._scope

    @property
    def titles(self) -> dict[str, str]:
        """The documents' titles, by id."""
        return {each.document: each.title or Path(each.path).name for each in self.documents}

    def choose(self, scope: Scope) -> None:
        """Keep to this from now on."""
        is_cleared = bool(self._scope.collection) and not scope.collection
        self._take(scope)
        if is_cleared:
            self.collection_cleared.emit()

    def choose_collection(self, name: str) -> None:
        """Keep to this collection, or to none; what else was chosen stays."""
        self._take(replace(self._scope, collection=name))

    def choose_documents(self, documents: Sequence[str]) -> None:
        """Keep to these documents alone, whatever was chosen before."""
        name = self._scope.collection
        members = {entry.document for entry in self.documents if name in entry.collections}
        is_within = members.issuperset(documents)
        self.choose(Scope(collection=name if is_within else "", documents=tuple(documents)))

    def show_library(self, documents: Sequence[DocumentEntry]) -> None:
        """Take note of what there is; documents that are gone are chosen no longer."""
        self.documents = tuple(documents)
        there = {entry.document for entry in documents}
        kept = tuple(each for each in self._scope.documents if each in there)
        self._take(replace(self._scope, documents=kept))

    def _take(self, scope: Scope) -> None:
        if scope != self._scope:
            self._scope = scope
            self.changed.emit()

"""The collections as the window knows them: asks the engine for them and has them changed.

Holds no widget. Each change can be taken back; what says so is a signal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from app.messages import (
    AssignDocuments,
    CollectionDeleted,
    Collections,
    DeleteCollection,
    Done,
    EngineLost,
    Event,
    Failed,
    ListCollections,
    MakeCollection,
    RenameCollection,
    Request,
)
from app.settings import DEFAULT_COLLECTION
from rag.types import CollectionEntry, CollectionMembers
from ui.link import EngineLink
from ui.wording import counted, shortened

_COALESCE_MS = 250  # changes that come closer together than this are asked for once


@dataclass(frozen=True, slots=True)
class Change:
    """What was done, in words, and what takes it back."""

    words: str
    undo: Callable[[], None]


class CollectionShelf(QObject):
    """The collections, kept up to date."""

    changed = Signal()
    renamed = Signal(str, str)  # from, to
    done = Signal(object)  # Change
    failed = Signal(str)  # why a change was not made, and what to do

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self.entries: tuple[CollectionEntry, ...] = ()
        self._refresh_soon = QTimer(self, singleShot=True, interval=_COALESCE_MS)
        self._refresh_soon.timeout.connect(self.refresh)
        link.opened.connect(self.refresh)
        link.library_changed.connect(self._refresh_later)

    @property
    def names(self) -> list[str]:
        """Those that the person has made, in order."""
        return [entry.name for entry in self.entries if entry.name != DEFAULT_COLLECTION]

    def refresh(self) -> None:
        """Ask for the collections."""
        self._link.ask(ListCollections, self._on_list)

    def make(self, name: str, documents: Sequence[str] = ()) -> None:
        """Make a collection, with documents in it if some are given."""
        members = CollectionMembers(tuple(documents))
        self._ask(
            lambda request: MakeCollection(request, name.strip(), members), self._told_nothing
        )

    def rename(self, name: str, new_name: str) -> None:
        """Give a collection another name."""
        to = new_name.strip()
        if to != name:
            self._ask(
                lambda request: RenameCollection(request, name, to),
                lambda: self._rename_here(name, to),
            )

    def delete(self, name: str) -> None:
        """Delete a collection; its documents stay."""
        self._ask(lambda request: DeleteCollection(request, name), self._told_nothing)

    def put_in(self, name: str, documents: Sequence[str]) -> None:
        """Put documents into a collection as well."""
        self._assign(name, tuple(documents), are_members=True)

    def take_out(self, name: str, documents: Sequence[str]) -> None:
        """Take documents out of a collection; they stay in the library."""
        self._assign(name, tuple(documents), are_members=False)

    def _assign(self, name: str, documents: tuple[str, ...], *, are_members: bool) -> None:
        if not documents:
            return

        def ask(are_members: bool, on_done: Callable[[], None]) -> None:
            self._ask(
                lambda request: AssignDocuments(request, documents, name, are_members), on_done
            )

        where = "put into" if are_members else "taken out of"
        words = f"{counted(len(documents), 'document')} {where} “{shortened(name, 40)}”."
        undo = Change(words, lambda: ask(not are_members, self._told_nothing))
        ask(are_members, lambda: self.done.emit(undo))

    def _ask(self, make: Callable[[int], Request], on_done: Callable[[], None]) -> None:
        def on_event(event: Event) -> None:
            match event:
                case CollectionDeleted(_, name, members):
                    self.done.emit(self._deletion(name, members))
                case Done():
                    on_done()
                    self.refresh()
                case Failed() | EngineLost():
                    self.failed.emit(f"{event.what} {event.remedy}")

        self._link.ask(make, on_event)

    def _on_list(self, event: Event) -> None:
        """Where it fails the documents' own list says why, and the old collections can stay."""
        if isinstance(event, Collections):
            self.entries = event.collections
            self.changed.emit()

    def _rename_here(self, name: str, to: str) -> None:
        """The new name at once: what was chosen must not be gone until the list comes."""
        self.entries = tuple(
            CollectionEntry(to, entry.document_count) if entry.name == name else entry
            for entry in self.entries
        )
        self.renamed.emit(name, to)
        self.changed.emit()

    def _deletion(self, name: str, members: CollectionMembers) -> Change:
        stays = counted(len(members.documents), "document stays", "documents stay")
        return Change(
            f"“{shortened(name, 40)}” is deleted. {stays} in the library.",
            lambda: self._ask(
                lambda request: MakeCollection(request, name, members), self._told_nothing
            ),
        )

    def _told_nothing(self) -> None:
        """What was done is seen in the list."""

    def _refresh_later(self) -> None:
        if not self._refresh_soon.isActive():
            self._refresh_soon.start()

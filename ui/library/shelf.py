"""The library as the window knows it: asks the engine for it, adds to it, takes out of it.

Holds no widget; the pane shows what it tells. One import at a time is shown, others wait in the
engine, each with its own request.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from app.messages import (
    Added,
    Adding,
    AddPaths,
    Documents,
    Done,
    EngineLost,
    Event,
    Failed,
    ListDocuments,
    RemoveDocuments,
    WasStopped,
)
from app.settings import DEFAULT_COLLECTION
from rag.types import AddedFile, DocumentEntry
from ui.library.collections import CollectionShelf
from ui.library.followed import FollowedShelf
from ui.library.rows import Row, library_rows
from ui.link import EngineLink

_COALESCE_MS = 250  # changes that come closer together than this are asked for once


class Shelf(QObject):
    """What is in the library, kept up to date."""

    changed = Signal(object)  # list[Row]
    import_began = Signal()
    progressed = Signal(object)  # Adding or Added
    import_ended = Signal(object)  # how the import ended: Done, WasStopped, Failed or EngineLost
    unavailable = Signal(str)  # why the library cannot be listed, and what to do
    failed = Signal(str)  # why something else went wrong, and what to do
    removed = Signal(object)  # list[Row]: they are out of the library, and can be added back

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self.documents: tuple[DocumentEntry, ...] = ()
        self.collections = CollectionShelf(link, self)
        self.followed = FollowedShelf(link, self)
        self.collection = ""  # the one that is looked at: what is added goes there
        self._problems: dict[str, AddedFile] = {}
        self._imports: list[int] = []
        self._refresh_soon = QTimer(self, singleShot=True, interval=_COALESCE_MS)
        self._refresh_soon.timeout.connect(self.refresh)
        link.opened.connect(self.refresh)
        link.library_changed.connect(self._refresh_later)

    @property
    def is_importing(self) -> bool:
        """Whether files are being added."""
        return bool(self._imports)

    def refresh(self) -> None:
        """Ask for what is in the library."""
        self._link.ask(lambda request: ListDocuments(request, ""), self._on_list)

    def add(self, paths: Sequence[str], collection: str = "") -> None:
        """Add files and folders to a collection, or to the one that is looked at."""
        if not paths:
            return
        chosen = tuple(paths)
        for path in chosen:
            self._problems.pop(path, None)  # it is tried again
        into = collection or self.collection or DEFAULT_COLLECTION
        request = self._link.ask(lambda request: AddPaths(request, chosen, into), self._on_import)
        self._imports.append(request)
        if len(self._imports) == 1:
            self.import_began.emit()

    def add_back(self, rows: Sequence[Row]) -> None:
        """Add what was taken out, to all collections that it was in."""
        for name in sorted({name for row in rows for name in row.collections}):
            self.add([row.path for row in rows if name in row.collections], name)
        self.add([row.path for row in rows if not row.collections], DEFAULT_COLLECTION)

    def stop_import(self) -> None:
        """Stop adding; what is finished stays."""
        for request in self._imports:
            self._link.stop(request)

    def pause_import(self, is_paused: bool) -> None:
        """Let all that is being added wait, or go on."""
        for request in self._imports:
            self._link.pause(request, is_paused)

    def remove(self, rows: Sequence[Row]) -> None:
        """Take documents out of the library, and forget failed files. The files stay on disk."""
        for row in rows:
            self._problems.pop(row.path, None)
        documents = tuple(row.document for row in rows if row.document)
        if not documents:
            self._tell()
            return
        gone = [row for row in rows if row.document]

        def on_event(event: Event) -> None:
            match event:
                case Done():
                    self.removed.emit(gone)
                    self.refresh()
                case Failed() | EngineLost():
                    self.failed.emit(f"{event.what} {event.remedy}")

        self._link.ask(lambda request: RemoveDocuments(request, documents), on_event)

    def remove_documents(self, documents: Sequence[str]) -> None:
        """Take documents out of the library, given their ids."""
        wanted = frozenset(documents)
        self.remove([row for row in library_rows(self.documents, ()) if row.document in wanted])

    def _on_list(self, event: Event) -> None:
        match event:
            case Documents():
                self.documents = event.documents
                self._tell()
            case Failed():
                self.unavailable.emit(f"{event.what} {event.remedy}")

    def _on_import(self, event: Event) -> None:
        match event:
            case Adding():
                self.progressed.emit(event)
            case Added():
                self._note_verdict(event.file)
                self.progressed.emit(event)
            case Done() | WasStopped() | Failed() | EngineLost():
                self._imports.remove(event.request_id)
                self.import_ended.emit(event)
                self._refresh_later()

    def _note_verdict(self, file: AddedFile) -> None:
        if file.verdict.is_success:
            self._problems.pop(file.path, None)
        else:
            self._problems[file.path] = file
        self._refresh_later()

    def _refresh_later(self) -> None:
        if not self._refresh_soon.isActive():
            self._refresh_soon.start()

    def _tell(self) -> None:
        self.changed.emit(library_rows(self.documents, self._problems.values()))

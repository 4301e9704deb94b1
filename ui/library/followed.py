"""The followed folders as the window knows them: asks the engine for them, has them changed.

Holds no widget.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.messages import (
    Concerned,
    Done,
    EngineLost,
    Event,
    Failed,
    Folders,
    ListFolders,
    LookAgain,
    Request,
    SetPatterns,
    UnfollowFolder,
)
from rag.types import FollowedFolder
from ui.link import EngineLink
from ui.wording import counted


@dataclass(frozen=True, slots=True)
class Staying:
    """Documents that a change concerns and that stay until the person says otherwise."""

    words: str
    documents: tuple[str, ...]  # ids; empty where none is concerned


class FollowedShelf(QObject):
    """The folders that are followed, and what is left out in them."""

    changed = Signal()
    done = Signal(object)  # Staying
    failed = Signal(str)  # why something was not done, and what to do

    def __init__(self, link: EngineLink, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._link = link
        self.folders: tuple[FollowedFolder, ...] = ()
        self._patterns: tuple[str, ...] = ()

    def patterns(self, path: str) -> tuple[str, ...]:
        """What is left out in one folder besides what is in all, or in all for an empty path."""
        own = {folder.path: folder.patterns for folder in self.folders}
        return own.get(path, ()) if path else self._patterns

    def refresh(self) -> None:
        """Ask for what is followed."""
        self._link.ask(ListFolders, self._on_list)

    def look_again(self, path: str = "") -> None:
        """Look for changes in a folder, or in all of them."""
        self._ask(lambda request: LookAgain(request, path), lambda documents: "")

    def unfollow(self, path: str) -> None:
        """Keep in step with a folder no longer; its documents stay."""

        def words(documents: Sequence[str]) -> str:
            stay = f" {_stay(documents)} in the library." if documents else ""
            return f"“{Path(path).name}” is followed no longer.{stay}"

        self._ask(lambda request: UnfollowFolder(request, path), words)

    def set_patterns(self, path: str, lines: Sequence[str]) -> None:
        """Set what is left out in a folder, or in all for an empty path; then look again."""

        def words(documents: Sequence[str]) -> str:
            return f"{_stay(documents)} though left out now." if documents else "Saved."

        self._ask(
            lambda request: SetPatterns(request, path, tuple(lines)),
            words,
            then=lambda: self.look_again(path),  # what is let in again comes by itself
        )

    def _ask(
        self,
        make: Callable[[int], Request],
        words: Callable[[Sequence[str]], str],
        *,
        then: Callable[[], None] = lambda: None,
    ) -> None:
        """`words` says what was done, given the documents that it concerns."""
        concerned: list[str] = []

        def on_event(event: Event) -> None:
            match event:
                case Concerned(_, documents):
                    concerned.extend(documents)
                case Done():
                    self.refresh()
                    if said := words(concerned):
                        self.done.emit(Staying(said, tuple(concerned)))
                    then()
                case Failed() | EngineLost():
                    self.failed.emit(f"{event.what} {event.remedy}")

        self._link.ask(make, on_event)

    def _on_list(self, event: Event) -> None:
        """Where it fails the window says elsewhere why; what was known stays."""
        if isinstance(event, Folders):
            self.folders, self._patterns = event.folders, event.patterns
            self.changed.emit()


def _stay(documents: Sequence[str]) -> str:
    return counted(len(documents), "document stays", "documents stay")

"""The library kept in step with its followed folders, in the lane where imports run."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from app.engine import Engine
from app.lanes import Lane
from app.messages import AddPaths, Event, LibraryChanged
from app.performing import perform_to_end
from app.watching import Watch
from rag.errors import DeskbookError
from rag.library.following import Changes
from rag.scheduler import Work

log = logging.getLogger(__name__)

NOBODY = 0  # the request id of what nobody asked for


class Following:
    """Brings in what is new and changed in followed folders, and lets go what is gone."""

    def __init__(
        self,
        engine: Engine,
        lane: Lane,
        work: Work,
        emit: Callable[[Event], None],
        *,
        then: Callable[[], None],
    ) -> None:
        """`then` is called after each look, since what was read may have scanned pages."""
        self._engine = engine
        self._lane = lane
        self._work = work
        self._emit = emit
        self._then = then
        self._costs: dict[Path, float] = {}  # seconds of the last look at each folder
        self._watch = Watch(self._look_soon, self._concerns)

    def begin(self) -> None:
        """Follow the folders that the catalog names by now."""
        self._watch.follow(Path(folder.path) for folder in self._engine.library.followed())
        self._then()

    def end(self) -> None:
        """Follow nothing more."""
        self._watch.close()

    def look_again(self, folder: Path | None = None) -> None:
        """Look at a followed folder soon, or at all of them."""
        for each in [folder] if folder else [Path(f.path) for f in self._engine.library.followed()]:
            self._look_soon(each)

    def _concerns(self, path: Path, folder: Path) -> bool:
        """What is left out may change as it likes, and what cannot be told is looked at."""
        try:
            return self._engine.library.concerns(path, folder)
        except DeskbookError:
            return True

    def _look_soon(self, folder: Path) -> None:
        self._lane.submit(lambda: self._look(folder))

    def _look(self, folder: Path) -> None:
        library = self._engine.library
        followed = {Path(each.path): each.collection for each in library.followed()}
        if folder not in followed or self._work.is_stopped():
            return
        changes = self._look_at(folder)
        if changes.to_read:
            paths = tuple(map(str, changes.to_read))
            request = AddPaths(NOBODY, paths, followed[folder])
            perform_to_end(self._engine, request, self._emit, self._work)
            if self._work.is_stopped():
                return
            changes = library.changes_in(folder)  # a file that has moved is not gone by now
        self._let_go(changes)
        self._then()

    def _look_at(self, folder: Path) -> Changes:
        """The look is noted, and told where the folder has gone away or come back."""
        library = self._engine.library
        started = time.monotonic()
        changes = library.changes_in(folder)
        self._costs[folder] = time.monotonic() - started
        self._watch.pace(sum(self._costs.values()))
        was_away = {Path(each.path): each.is_away for each in library.followed()}.get(folder)
        library.note_look(folder, is_away=changes.is_away)
        if was_away is not changes.is_away:
            self._emit(LibraryChanged(NOBODY))
        return changes

    def _let_go(self, changes: Changes) -> None:
        """What is gone from the disk goes from the library; archives take theirs with them."""
        library = self._engine.library
        archives = library.archives(self._engine.settings.paths.unpacked)
        for document in changes.gone:
            library.let_go(document)
        for path in changes.others_gone:
            archives.let_go(path)
        lost = tuple(archives.lost_documents()) if changes.others_gone else ()
        for document in lost:
            library.let_go(document)
        if changes.gone or lost:
            log.info("%d documents are gone with their files", len(changes.gone) + len(lost))
            self._emit(LibraryChanged(NOBODY))

"""The library kept in step with its followed folders, in the lane where imports run."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from app.engine import Engine
from app.lanes import Lane
from app.messages import AddPaths, Event, LibraryChanged
from app.performing import perform_to_end
from app.watching import Watch
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
        self._watch = Watch(self._look_soon)

    def begin(self) -> None:
        """Follow the folders that the catalog names by now."""
        self._watch.follow(Path(folder.path) for folder in self._engine.library.followed())
        self._then()

    def end(self) -> None:
        """Follow nothing more."""
        self._watch.close()

    def _look_soon(self, folder: Path) -> None:
        self._lane.submit(lambda: self._look(folder))

    def _look(self, folder: Path) -> None:
        library = self._engine.library
        followed = {Path(each.path): each.collection for each in library.followed()}
        if folder not in followed or self._work.is_stopped():
            return
        changes = library.changes_in(folder)
        if changes.to_read:
            paths = tuple(map(str, changes.to_read))
            request = AddPaths(NOBODY, paths, followed[folder])
            perform_to_end(self._engine, request, self._emit, self._work)
            changes = library.changes_in(folder)  # a file that has moved is not gone by now
        for document in changes.gone:
            library.remove(document)
        if changes.gone:
            log.info("%d documents are gone with their files", len(changes.gone))
            self._emit(LibraryChanged(NOBODY))
        self._then()

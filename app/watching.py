"""Keeps the library in step with the folders it follows, while the engine runs.

The system's events only say that something has changed below a folder; what has changed is told
by a look at the files. Each folder is also looked at when the engine starts and now and then, for
drives that send no events: the oftener the less it costs.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

log = logging.getLogger(__name__)

LEAST_PAUSE_S, MOST_PAUSE_S = 60.0, 600.0  # between two looks that no event asked for
PAUSE_RATIO = 200  # a pause to a look: half a hundredth of a core at most
QUIET_MS = 2_000  # an editor that saves writes several times


class Watch:
    """Watches folders in a thread of its own and says which are to be looked at."""

    def __init__(
        self,
        look_at: Callable[[Path], None],
        concerns: Callable[[Path, Path], bool] = lambda path, folder: True,
    ) -> None:
        """`look_at` is called from the watch's thread and should return soon.

        `concerns` says of a changed path in a folder whether that is a reason to look at it.
        """
        self._look_at = look_at
        self._concerns = concerns
        self._folders: tuple[Path, ...] = ()
        self.pause_s = LEAST_PAUSE_S
        self._changed = threading.Event()  # the folders are others now
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._thread.start()

    def follow(self, folders: Iterable[Path]) -> None:
        """Watch these folders, and look at each that was not watched before."""
        earlier, self._folders = self._folders, tuple(folders)
        for folder in self._folders:
            if folder not in earlier:
                self._look_at(folder)
        self._changed.set()

    def pace(self, seconds: float) -> None:
        """A look at all folders takes so long."""
        self.pause_s = min(max(LEAST_PAUSE_S, PAUSE_RATIO * seconds), MOST_PAUSE_S)

    def close(self) -> None:
        """Watch nothing more."""
        self._is_closed = True
        self._changed.set()
        self._thread.join()

    def _run(self) -> None:
        while True:
            self._changed.clear()
            if self._is_closed:  # asked after the clearing: no end may be missed
                return
            if there := self._present():
                self._watch(there)
            elif not self._changed.wait(self.pause_s):
                self._look_at_all()

    def _present(self) -> list[Path]:
        return [folder for folder in self._folders if os.path.isdir(folder)]

    def _watch(self, folders: list[Path]) -> None:
        """Until the folders are others, one of those that were away among them."""
        from watchfiles import watch  # asyncio with it: not before there is a folder to watch

        looking = threading.Thread(target=self._look_again, args=(folders,), daemon=True)
        looking.start()
        try:
            for changes in watch(
                *folders,
                debounce=QUIET_MS,
                step=200,
                stop_event=self._changed,
                watch_filter=None,
                ignore_permission_denied=True,
                raise_interrupt=False,
            ):
                changed = {Path(path) for _, path in changes}
                for folder in folders:
                    below = (path for path in changed if path.is_relative_to(folder))
                    if any(self._concerns(path, folder) for path in below):
                        self._look_at(folder)
        except OSError as error:
            log.warning("folders cannot be watched and are looked at now and then: %s", error)
            self._changed.wait()
        finally:
            self._changed.set()
            looking.join()

    def _look_again(self, watched: list[Path]) -> None:
        """Now and then, while these are watched; others that are there by then end the watching."""
        while not self._changed.wait(self.pause_s):
            self._look_at_all()
            if self._present() != watched:
                self._changed.set()

    def _look_at_all(self) -> None:
        for folder in self._folders:
            self._look_at(folder)

"""A model of the catalogue fetched whole: all its files, with room checked and progress told.

One file's way is `rag.models.downloads`'; where models are kept is `rag.models.store`'s to say.
"""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from rag.errors import DownloadFailed
from rag.models.catalogue import CatalogueEntry, PublishedFile
from rag.models.connections import Source, connected, look
from rag.models.disk import check_space, download_failures_told
from rag.models.downloads import Download, IsStopped
from rag.models.published import Published
from rag.models.retrying import persistently

if TYPE_CHECKING:
    import httpx

TELL_EVERY_S = 0.2
PACE_OVER_S = 15.0  # the time left is told by the pace of so long


@dataclass(frozen=True, slots=True)
class Arrived:
    """How far a download has come, all its files together."""

    done_bytes: int
    total_bytes: int
    seconds_left: float  # infinite until it can be told, and while the server is waited for


OnArrived = Callable[[Arrived], None]


def fetch_all(
    entry: CatalogueEntry,
    folder: Path,
    *,
    source: Source,
    on_progress: OnArrived,
    is_stopped: IsStopped,
) -> tuple[Path, ...]:
    """Fetch those files of a model that are not in the folder; all of them, as they lie there.

    Raises DownloadFailed, BadRequest where hub or proxy make no sense, and Stopped when asked to;
    what has arrived is kept, and a later call goes on from there.
    """
    downloads = tuple(_download(entry, file, source, folder) for file in entry.files)
    missing = [download for download in downloads if not download.target.exists()]
    with connected(source) as client:
        sizes = {d.target: _size(client, d, source, is_stopped) for d in missing}
        total = sum(sizes.values()) or entry.size_bytes
        here = sum(d.have_bytes for d in missing)
        check_space(folder, total - here, entry.title)
        pace = _Pace(total, here, on_progress)
        before = 0
        for download in missing:
            report = partial(pace.tell, before)
            download.fetch(
                client, source, on_bytes=report, is_stopped=is_stopped, on_pause=pace.pause
            )
            before += download.target.stat().st_size
        pace.finish(before)
    return tuple(download.target for download in downloads)


@contextmanager
def alone(folder: Path, entry: CatalogueEntry) -> Iterator[None]:
    """Inside, nobody else fetches this model into the folder. Raises DownloadFailed."""
    place = folder / f".{entry.name}.lock"
    lock = FileLock(place)
    with download_failures_told(place):
        folder.mkdir(parents=True, exist_ok=True)
        try:
            lock.acquire(timeout=0)
        except Timeout as error:
            raise DownloadFailed(
                f"{entry.title} is being downloaded already, by another Deskbook.",
                remedy="Wait until that one is done.",
            ) from error
    try:
        yield
    finally:
        with suppress(OSError):  # while it is held: nobody waits for it, who comes makes another
            place.unlink()
        lock.release()


def _download(entry: CatalogueEntry, file: PublishedFile, source: Source, folder: Path) -> Download:
    url = f"{source.hub.rstrip('/')}/{entry.repository}/resolve/main/{file.name}"
    return Download(url, folder / PurePosixPath(file.name), file.sha256)


def _size(client: httpx.Client, download: Download, source: Source, is_stopped: IsStopped) -> int:
    def ask() -> Published:
        return look(client, download.url, name=download.target.name, source=source)

    return persistently(ask, pauses_s=source.pauses_s, is_stopped=is_stopped).size_bytes


class _Pace:
    """Tells progress a few times a second, with the time that is left at the pace of late."""

    def __init__(self, total_bytes: int, done_bytes: int, on_progress: OnArrived) -> None:
        self._total = total_bytes
        self._on_progress = on_progress
        self._told: deque[tuple[float, int]] = deque([(time.monotonic(), done_bytes)])

    def tell(self, before_bytes: int, file_bytes: int) -> None:
        """So much of a file is here, and of those before it."""
        done_bytes, now = before_bytes + file_bytes, time.monotonic()
        if now - self._told[-1][0] < TELL_EVERY_S:
            return
        self._told.append((now, done_bytes))
        while now - self._told[0][0] > PACE_OVER_S:
            self._told.popleft()
        self._on_progress(Arrived(done_bytes, self._total, self._seconds_left(now, done_bytes)))

    def pause(self) -> None:
        """Nothing comes until the server is asked again: who knows how long it takes."""
        _, done_bytes = self._told[-1]
        self._on_progress(Arrived(done_bytes, self._total, math.inf))

    def finish(self, done_bytes: int) -> None:
        """All is here."""
        self._on_progress(Arrived(done_bytes, done_bytes, 0.0))

    def _seconds_left(self, now: float, done_bytes: int) -> float:
        since, before = self._told[0]
        if done_bytes <= before:
            return math.inf
        return max(0.0, (self._total - done_bytes) * (now - since) / (done_bytes - before))

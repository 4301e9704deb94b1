"""One file fetched over HTTPS: resumed where it broke off, and checked before it gets its name.

Which file from where is `rag.models`' to say.
"""

from __future__ import annotations

import hashlib
import http.client
import logging
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rag.errors import DownloadFailed, Stopped

log = logging.getLogger(__name__)

BLOCK_BYTES = 256 * 1024
TIMEOUT_S = 30.0  # without a byte
RANGE_NOT_SATISFIABLE = 416

Progress = Callable[[int, int], None]  # bytes done, bytes in all


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be fetched from `url` to `target`; `sha256` is empty where none is published."""

    url: str
    target: Path
    sha256: str

    @property
    def part(self) -> Path:
        """Where the bytes gather; what a broken download left there is gone on with."""
        return self.target.with_name(self.target.name + ".part")

    def fetch(self, *, on_progress: Progress, is_stopped: Callable[[], bool]) -> None:
        """Fetch the file whole, check it and give it its name.

        Raises DownloadFailed, and Stopped when asked to; a later call goes on from there.
        """
        with self._failures_told():
            self.target.parent.mkdir(parents=True, exist_ok=True)
            total = self._fetch_rest(on_progress, is_stopped)
            self._check(total)
            self.part.replace(self.target)
        log.info("fetched %d bytes", total)

    def _fetch_rest(self, on_progress: Progress, is_stopped: Callable[[], bool]) -> int:
        """Append what is missing to the part; returns the size that the server names."""
        have = self.part.stat().st_size if self.part.exists() else 0
        try:
            response = self._open(have)
        except urllib.error.HTTPError as error:
            if error.code != RANGE_NOT_SATISFIABLE:
                raise
            error.close()
            return self._begin_again_unless_whole(error, on_progress, is_stopped)
        with response:
            if response.status != http.client.PARTIAL_CONTENT:
                have = 0  # the server sends the file from its beginning
            total = have + int(response.headers.get("Content-Length", 0))
            self._check_space(total - have)
            with self.part.open("ab" if have else "wb") as file:
                for block in iter(lambda: response.read(BLOCK_BYTES), b""):
                    if is_stopped():
                        raise Stopped
                    file.write(block)
                    on_progress(file.tell(), total)
        return total

    def _open(self, have: int) -> http.client.HTTPResponse:
        request = urllib.request.Request(self.url, headers={"User-Agent": "Deskbook"})
        if have:
            request.add_header("Range", f"bytes={have}-")
        response = urllib.request.urlopen(request, timeout=TIMEOUT_S)
        assert isinstance(response, http.client.HTTPResponse)
        return response

    def _begin_again_unless_whole(
        self, error: urllib.error.HTTPError, on_progress: Progress, is_stopped: Callable[[], bool]
    ) -> int:
        """The server has nothing behind the part: all is there, or the part is of another file."""
        _, _, total = error.headers.get("Content-Range", "").rpartition("/")
        if total == str(self.part.stat().st_size):
            return int(total)
        self.part.unlink()
        return self._fetch_rest(on_progress, is_stopped)

    def _check_space(self, needed_bytes: int) -> None:
        free = shutil.disk_usage(self.target.parent).free
        if needed_bytes > free:
            raise DownloadFailed(
                f"“{self.target.name}” needs {_gigabytes(needed_bytes)} of disk space, and "
                f"{_gigabytes(free)} are free.",
                remedy="Free some space, or keep the models on another disk.",
            )

    def _check(self, total: int) -> None:
        size = self.part.stat().st_size
        if size < total:
            raise DownloadFailed(
                f"The download of “{self.target.name}” broke off at {_gigabytes(size)} of "
                f"{_gigabytes(total)}.",
                remedy="Start it again: it goes on from there.",
            )
        if size > total or (self.sha256 and _sha256(self.part) != self.sha256):
            self.part.unlink()
            raise DownloadFailed(
                f"“{self.target.name}” did not arrive as it was published.",
                remedy="Start the download again; if that fails too, the file was changed there.",
            )

    @contextmanager
    def _failures_told(self) -> Iterator[None]:
        """Turns the network's and the disk's exceptions into DownloadFailed."""
        try:
            yield
        except urllib.error.HTTPError as error:
            error.close()
            raise DownloadFailed(
                f"The server refused “{self.target.name}”: {error.code} {error.reason}.",
                remedy="Try again later; if it stays so, the file has moved.",
            ) from error
        except (OSError, http.client.HTTPException) as error:
            raise DownloadFailed(
                f"“{self.target.name}” could not be downloaded: {_reason(error)}.",
                remedy="Check the network and the disk and start it again: it goes on from there.",
            ) from error


def _reason(error: Exception) -> str:
    if isinstance(error, urllib.error.URLError):
        return str(error.reason)
    return str(error) or type(error).__name__


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _gigabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e9:.2f} GB"

"""One file fetched over HTTPS: resumed where it broke off, and checked before it gets its name.

Which file from where is `rag.models.fetching`'s to say; connections are `rag.models.connections`'.
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from rag.errors import DownloadFailed, Stopped
from rag.models.connections import Source, Unreachable, asking, check_status
from rag.models.disk import PART, check_space, download_failures_told, gigabytes
from rag.models.listening import stop_heard
from rag.models.published import Published
from rag.models.retrying import Passing, persistently

if TYPE_CHECKING:
    import httpx

log = logging.getLogger(__name__)

BLOCK_BYTES = 1024 * 1024
NOTES = PART + ".json"  # ends the name of what is known of the whole
GGUF, MAGIC = ".gguf", b"GGUF"
GO_ON = "Check the network and start it again: it goes on from there."

Report = Callable[[int], None]  # the bytes of the file that are here
IsStopped = Callable[[], bool]


class WrongBytes(DownloadFailed):
    """What arrived, or is about to, is not the file: none of it is kept."""


class _Changed(Exception):
    """The file on the server is not the one of which a part is here."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file to be fetched from `url` to `target`; `sha256` is empty where none is published."""

    url: str
    target: Path
    sha256: str

    @property
    def part(self) -> Path:
        """Where the bytes gather; what a broken download left there is gone on with."""
        return self.target.with_name(self.target.name + PART)

    @property
    def have_bytes(self) -> int:
        """How much of the file is here already."""
        place = self.target if self.target.exists() else self.part
        return place.stat().st_size if place.exists() else 0

    def fetch(
        self,
        client: httpx.Client,
        source: Source,
        *,
        on_bytes: Report,
        is_stopped: IsStopped,
        on_pause: Callable[[], None] = lambda: None,
    ) -> None:
        """Fetch the file whole, check it and give it its name.

        `on_pause` hears that the server is waited for. Raises DownloadFailed, and Stopped when
        asked to; a later call goes on from there.
        """
        farthest = self.have_bytes

        def has_moved() -> bool:
            nonlocal farthest
            before, farthest = farthest, max(farthest, self.have_bytes)
            return farthest > before

        def attempt() -> None:
            try:
                self._attempt(client, source, on_bytes, is_stopped)
            except WrongBytes:
                self.discard()
                raise

        with download_failures_told(self.target):
            self.target.parent.mkdir(parents=True, exist_ok=True)
            persistently(
                attempt,
                pauses_s=source.pauses_s,
                is_stopped=is_stopped,
                has_moved=has_moved,
                on_pause=on_pause,
            )

    def discard(self) -> None:
        """Throw away what has arrived."""
        self.part.unlink(missing_ok=True)
        self._notes.unlink(missing_ok=True)

    @property
    def _notes(self) -> Path:
        """What the server said of the file of which the part is."""
        return self.target.with_name(self.target.name + NOTES)

    def _noted(self) -> Published | None:
        try:
            return Published(**json.loads(self._notes.read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def _attempt(
        self, client: httpx.Client, source: Source, on_bytes: Report, is_stopped: IsStopped
    ) -> None:
        for _ in range(2):
            try:
                return self._fetch_rest(client, source, on_bytes, is_stopped)
            except _Changed:
                self.discard()
            except Unreachable as error:  # it was there a moment ago: the network may come back
                raise Passing(DownloadFailed(error.what, remedy=GO_ON)) from error
        raise DownloadFailed(
            f"“{self.target.name}” changes on the server while it is downloaded.",
            remedy="Start the download again later.",
        )

    def _fetch_rest(
        self, client: httpx.Client, source: Source, on_bytes: Report, is_stopped: IsStopped
    ) -> None:
        name, noted = self.target.name, self._noted()
        have = self.part.stat().st_size if noted is not None and self.part.exists() else 0
        if noted is not None and have and have == noted.size_bytes:
            return self._finish(noted, self._gathered((), have, on_bytes, is_stopped))
        headers = {"Range": f"bytes={have}-"} if have else {}
        with (
            asking(name, source),
            client.stream("GET", self.url, headers=headers, follow_redirects=True) as response,
        ):
            check_status(response, name=name, source=source)
            published = Published.of(response)
            if response.status_code == HTTPStatus.OK:
                have = 0  # the server sends the file from its beginning
            elif published != noted or not _begins_at(have, response):
                raise _Changed
            self._check_offer(response, published, have)
            with stop_heard(response, is_stopped):
                blocks = response.iter_raw()  # as they come: none waits for a larger one
                sha256 = self._gathered(blocks, have, on_bytes, is_stopped)
        self._finish(published, sha256)

    def _check_offer(self, response: httpx.Response, published: Published, have: int) -> None:
        """Before the first byte. Notes which file it is, where it comes from its beginning."""
        if response.headers.get("Content-Type", "").startswith("text/html"):
            raise _no_model(self.target)
        if self.sha256 and published.sha256 not in ("", self.sha256):
            raise _not_as_published(self.target)
        check_space(self.target.parent, published.size_bytes - have, self.target.name)
        if not have:
            self._notes.write_text(json.dumps(asdict(published)), "utf-8")

    def _gathered(
        self, blocks: Iterable[bytes], have: int, on_bytes: Report, is_stopped: IsStopped
    ) -> str:
        """Append what comes to the part; the SHA-256 of all of it, what was here included."""
        digest = hashlib.sha256()
        with self.part.open("r+b" if have else "wb") as file:
            for block in _blocks_of(file):
                if is_stopped():
                    raise Stopped
                digest.update(block)
            for block in blocks:
                if is_stopped():
                    raise Stopped
                if not file.tell() and not self._may_begin_with(block):
                    raise _no_model(self.target)
                file.write(block)
                digest.update(block)
                on_bytes(file.tell())
        return digest.hexdigest()

    def _may_begin_with(self, block: bytes) -> bool:
        """Whether the file may; the first block that comes may be of a byte."""
        return self.target.suffix != GGUF or MAGIC.startswith(block[: len(MAGIC)])

    def _finish(self, published: Published, sha256: str) -> None:
        size, total = self.part.stat().st_size, published.size_bytes
        if size < max(total, 1):  # no file of a model is empty
            raise Passing(_early(self.target, size, total))
        is_longer = bool(total) and size > total
        if is_longer or (self.sha256 or published.sha256) not in ("", sha256):
            raise _not_as_published(self.target)
        self.part.replace(self.target)
        self._notes.unlink(missing_ok=True)
        log.info("fetched %d bytes", size)


def _begins_at(have: int, response: httpx.Response) -> bool:
    """Whether what is sent begins where the part ends."""
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return match is not None and int(match[1]) == have


def _blocks_of(file: BinaryIO) -> Iterator[bytes]:
    """What a broken download left; the file is at its end afterwards."""
    if file.readable():
        yield from iter(lambda: file.read(BLOCK_BYTES), b"")


# --- sentences ----------------------------------------------------------------------------------


def _no_model(target: Path) -> WrongBytes:
    return WrongBytes(
        f"What the server sends as “{target.name}” is no model; perhaps it is a page that wants "
        "you to log in.",
        remedy="Open any page in a browser once, as networks of hotels want it, or check `hub` "
        "under [downloads] in the settings.",
    )


def _not_as_published(target: Path) -> WrongBytes:
    return WrongBytes(
        f"“{target.name}” is not as it was published: its checksum or its size differs.",
        remedy="Start the download again; if that fails too, the file was changed there.",
    )


def _early(target: Path, size: int, total: int) -> DownloadFailed:
    return DownloadFailed(
        f"The download of “{target.name}” broke off at {gigabytes(size)} of {gigabytes(total)}.",
        remedy=GO_ON,
    )

"""The way to Chroma: in a folder, opened when first used, or on a server of its own.

What Chroma raises for faults of the world is turned into ours here. `chroma` holds what is done
with the collection.
"""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from rag.errors import LibraryDamaged, VectorServerAway
from rag.vectors.chroma_files import shrink

if TYPE_CHECKING:
    from chromadb.api.client import Client

SERVER_PORT = 8_000  # what `chroma run` listens on unless told otherwise


class ChromaConnection:
    """At most one client at a time. Not safe to use from several threads: `chroma` has the lock."""

    def __init__(self, folder: Path, server: str) -> None:
        """Of Chroma in `folder`, or on `server` ("host:port") unless that is empty."""
        self.folder = folder
        self.server = server
        self._client: Client | None = None

    @property
    def is_open(self) -> bool:
        """Whether there is a client."""
        return self._client is not None

    @property
    def client(self) -> Client:
        """The client; it must be open."""
        assert self._client is not None
        return self._client

    def open(self) -> Client:
        """A client, in the place of the one before."""
        self.close()
        self._client = self._new_client()
        return self._client

    def close(self) -> None:
        """Let go of files and connections."""
        client, self._client = self._client, None
        if client is None:
            return
        client.close()
        if self.server:  # Chroma itself leaves its connections open
            for part in (client, client._admin_client):
                part._server._session.close()  # type: ignore[union-attr]

    def shrink(self) -> None:
        """Give the disk back what a closed folder does not need."""
        assert not self.is_open
        if not self.server:
            shrink(self.folder)

    def forget_folder(self) -> None:
        """Close, and delete the folder with all that is in it."""
        from chromadb.api.shared_system_client import SharedSystemClient

        self.close()
        SharedSystemClient.clear_system_cache()
        shutil.rmtree(self.folder, ignore_errors=True)

    def mark(self) -> str:
        """What ends the names of this library's collections: a server may hold many libraries."""
        if not self.server:
            return ""
        path = self.folder / "library.mark"
        if not path.is_file():
            self.folder.mkdir(parents=True, exist_ok=True)
            path.write_text(secrets.token_hex(8), "utf-8")
        return "-" + path.read_text("utf-8")

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Chroma's failures as LibraryDamaged, a server's absence as VectorServerAway."""
        import httpx
        from chromadb.errors import InternalError

        try:
            yield
        except InternalError as error:  # its other kinds are bugs of ours
            raise LibraryDamaged(
                f"The search by meaning in {self.folder} failed: {error}.",
                remedy="Check that the disk has space left. `deskbook doctor --repair` makes "
                "it anew from the documents.",
            ) from error
        except httpx.TransportError as error:
            raise self._away(error) from error

    def _new_client(self) -> Client:
        import chromadb
        from chromadb.config import Settings

        settings = Settings(anonymized_telemetry=False)
        if not self.server:
            return cast("Client", chromadb.PersistentClient(str(self.folder), settings=settings))
        host, _, port = self.server.partition(":")
        try:
            return cast(
                "Client", chromadb.HttpClient(host, int(port or SERVER_PORT), settings=settings)
            )
        except ValueError as error:  # what Chroma makes of a server that does not answer
            raise self._away(error) from error

    def _away(self, error: Exception) -> VectorServerAway:
        return VectorServerAway(
            f"The Chroma server at {self.server} does not answer: {error}.",
            remedy="Start it with `chroma run`, or take chroma_server out of the settings.",
        )

"""What a server says of a file before it sends it: how large it is, and which one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import httpx

SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Published:
    """What a server says of a file."""

    size_bytes: int  # 0 where it does not say
    sha256: str  # empty where it does not say
    version: str  # changes with the file; empty where it does not say

    @classmethod
    def of(cls, response: httpx.Response) -> Published:
        """From an answer and the redirects before it: a hub names size and checksum in these."""
        linked = [r.headers for r in [*response.history, response] if "X-Linked-Etag" in r.headers]
        headers = linked[0] if linked else response.headers
        tag = headers.get("X-Linked-Etag") or headers.get("ETag", "")
        bare = tag.removeprefix("W/").strip('"')
        return cls(
            size_bytes=_size(headers, response),
            sha256=bare if SHA256.fullmatch(bare) else "",
            version=bare or headers.get("Last-Modified", ""),
        )


def _size(headers: httpx.Headers, response: httpx.Response) -> int:
    """The whole file's, also where the answer holds its end alone."""
    _, _, whole = response.headers.get("Content-Range", "").rpartition("/")
    said = headers.get("X-Linked-Size") or whole or response.headers.get("Content-Length", "")
    return int(said) if said.isdecimal() else 0

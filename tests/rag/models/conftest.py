"""A hub on this machine that behaves, and misbehaves, as real ones do."""

from __future__ import annotations

import base64
import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import gguf
import numpy as np
import pytest

from rag.models import Source


class Hub(ThreadingHTTPServer):
    """Serves files by their paths, from any byte on; each attribute is one way to misbehave."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str, str]] = []  # method, path, Range
        self.breaks_off_after = 10**12  # bytes of each answer
        self.breaks: list[int] = []  # the bytes of the next answers, before the above
        self.claimed_bytes = 0  # more than are sent
        self.knows_ranges = True
        self.knows_head = True
        self.links = False  # names size and checksum in a redirect, as Hugging Face does
        self.named_sha256 = ""  # in place of the file's own
        self.content_type = "application/octet-stream"
        self.refusals: list[tuple[int, dict[str, str]]] = []  # the next answers to GET
        self.silent_s = 0.0  # before the second half of each answer
        self.wants_password = False  # as a proxy does
        self.password = "a p@ss"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def ranges(self) -> list[str]:
        """What was asked of the files themselves, in order."""
        return [asked for method, _, asked in self.asked if method == "GET"]


class Answer(BaseHTTPRequestHandler):
    """One request answered."""

    server: Hub

    def do_HEAD(self) -> None:
        if not self.server.knows_head:
            return self.send_error(405)
        self._answer(with_content=False)

    def do_CONNECT(self) -> None:
        self._send(407, b"")

    def do_GET(self) -> None:
        self._answer(with_content=True)

    def _answer(self, *, with_content: bool) -> None:
        hub, path = self.server, re.sub(r"^http://[^/]+", "", self.path)
        hub.asked.append((self.command, path, self.headers.get("Range", "")))
        content = hub.files.get(path.removeprefix("/linked"))
        if hub.wants_password and not self._has_password():
            self._send(407, b"")
        elif content is None:
            self.send_error(404)
        elif with_content and hub.refusals:
            status, headers = hub.refusals.pop(0)
            self._send(status, b"", headers)
        elif hub.links and not path.startswith("/linked"):
            self._send(302, b"", {"Location": "/linked" + path, **self._linked(content)})
        else:
            self._send_file(content, with_content=with_content)

    def _has_password(self) -> bool:
        expected = base64.b64encode(f"me:{self.server.password}".encode()).decode()
        return self.headers.get("Proxy-Authorization") == f"Basic {expected}"

    def _linked(self, content: bytes) -> dict[str, str]:
        sha256 = self.server.named_sha256 or hashlib.sha256(content).hexdigest()
        return {"X-Linked-Size": str(len(content)), "X-Linked-Etag": f'"{sha256}"'}

    def _send_file(self, content: bytes, *, with_content: bool) -> None:
        hub, total = self.server, len(content) + self.server.claimed_bytes
        match = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(match[1]) if match and hub.knows_ranges else 0
        headers = {"ETag": f'"{hashlib.md5(content).hexdigest()}"'}
        if start:
            headers["Content-Range"] = f"bytes {start}-{total - 1}/{total}"
        headers["Content-Length"] = str(total - start)
        headers["Content-Type"] = hub.content_type
        body = content[start:] if with_content else b""
        self._send(206 if start else 200, body, headers)

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": "0", **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        is_cut = bool(body and self.server.breaks)
        body = body[: self.server.breaks.pop(0) if is_cut else self.server.breaks_off_after]
        half = len(body) // 2 if self.server.silent_s else len(body)
        try:
            self.wfile.write(body[:half])
            if half < len(body):
                time.sleep(self.server.silent_s)
                self.wfile.write(body[half:])
        except OSError:
            pass  # whoever asked has gone
        self.close_connection = True

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub() -> Iterator[Hub]:
    with Hub() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def source(hub: Hub) -> Source:
    """The hub, and no patience to lose."""
    return Source(hub.address, pauses_s=(0.01, 0.02), timeout_s=5)


@pytest.fixture
def own_copy(tmp_path: Path, phi4_path: Path) -> Path:
    """A model of somebody's own, whole."""
    path = tmp_path / "mine.gguf"
    path.write_bytes(phi4_path.read_bytes())
    return path


WriteGguf = Callable[..., Path]


@pytest.fixture
def write_gguf() -> WriteGguf:
    """Writes a GGUF file that is whole, of a few kilobytes, and says of itself what is wanted."""
    return write_small


def write_small(
    path: Path,
    *,
    architecture: str = "llama",
    kind: str = "model",
    layers: int = 2,
    kv_heads: int = 2,
    file_type: int = 15,
    pooling_type: int = 0,
    template: str = "{{ messages }}",
    numbers: int = 64,
    split: tuple[int, int] = (0, 1),
) -> Path:
    """By default a language model of no catalogue. `split` is the part, from 0, and their count."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(path, architecture)
    writer.add_type(kind)
    writer.add_tags(["chat", "small"])
    writer.add_context_length(4096)
    writer.add_embedding_length(256)
    writer.add_block_count(layers)
    writer.add_head_count(4)
    writer.add_head_count_kv(kv_heads)
    writer.add_key_length(128)
    writer.add_file_type(file_type)
    if pooling_type:
        writer.add_pooling_type(gguf.PoolingType(pooling_type))
    if split[1] > 1:
        writer.add_uint16("split.no", split[0])
        writer.add_uint16("split.count", split[1])
    writer.add_token_list(["a", "b"])
    if template:
        writer.add_chat_template(template)
    writer.add_tensor("output.weight", np.ones(numbers, dtype=np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path

"""Downloads from a real server on this machine, whole and broken off."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from rag.errors import DownloadFailed, Stopped
from rag.models.downloads import Download

CONTENT = bytes(range(256)) * 4096  # 1 MiB


class Hub(ThreadingHTTPServer):
    """Serves one file from any byte on. `asked` has the Range of each request, empty for none."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.content = CONTENT
        self.asked: list[str] = []
        self.breaks_off_after = len(CONTENT)
        self.claimed_bytes = 0  # more than are sent
        self.knows_ranges = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/model"


class Answer(BaseHTTPRequestHandler):
    """One request answered."""

    server: Hub

    def do_GET(self) -> None:
        asked = self.headers.get("Range", "")
        self.server.asked.append(asked)
        match = re.fullmatch(r"bytes=(\d+)-", asked) if self.server.knows_ranges else None
        start = int(match[1]) if match else 0
        if self.path != "/model":
            self.send_error(404)
        elif start >= len(self.server.content):
            self.answer(416, b"", f"bytes */{len(self.server.content)}")
        else:
            self.answer(206 if match else 200, self.server.content[start:], "")

    def answer(self, status: int, content: bytes, content_range: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content) + self.server.claimed_bytes))
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()
        self.wfile.write(content[: self.server.breaks_off_after])

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
def download(hub: Hub, tmp_path: Path) -> Download:
    return Download(hub.url, tmp_path / "models" / "m.gguf", hashlib.sha256(CONTENT).hexdigest())


def fetch(download: Download) -> list[tuple[int, int]]:
    progress: list[tuple[int, int]] = []
    download.fetch(
        on_progress=lambda done, total: progress.append((done, total)), is_stopped=lambda: False
    )
    return progress


def test_a_file_arrives_whole_and_tells_how_far_it_is(download: Download) -> None:
    progress = fetch(download)
    assert download.target.read_bytes() == CONTENT
    assert not download.part.exists()
    assert progress == sorted(progress)
    assert progress[-1] == (len(CONTENT), len(CONTENT))


def test_a_broken_download_is_told_and_goes_on_from_there(download: Download, hub: Hub) -> None:
    hub.breaks_off_after = 300_000
    with pytest.raises(DownloadFailed, match=r"“m\.gguf” broke off at .* goes on from there\."):
        fetch(download)
    assert not download.target.exists()
    hub.breaks_off_after = len(CONTENT)
    fetch(download)
    assert hub.asked == ["", "bytes=300000-"]
    assert download.target.read_bytes() == CONTENT


def test_a_stopped_download_goes_on_from_there(download: Download, hub: Hub) -> None:
    blocks: list[int] = []
    with pytest.raises(Stopped):
        download.fetch(
            on_progress=lambda done, _: blocks.append(done), is_stopped=lambda: len(blocks) == 2
        )
    fetch(download)
    assert hub.asked[1] == f"bytes={blocks[-1]}-"
    assert download.target.read_bytes() == CONTENT


def test_a_server_without_ranges_sends_it_all_again(download: Download, hub: Hub) -> None:
    download.target.parent.mkdir()
    download.part.write_bytes(b"old" * 1000)
    hub.knows_ranges = False
    fetch(download)
    assert download.target.read_bytes() == CONTENT


def test_a_part_that_is_whole_is_only_checked(download: Download, hub: Hub) -> None:
    download.target.parent.mkdir()
    download.part.write_bytes(CONTENT)
    assert fetch(download) == []
    assert download.target.read_bytes() == CONTENT


def test_a_part_longer_than_the_file_is_thrown_away(download: Download, hub: Hub) -> None:
    download.target.parent.mkdir()
    download.part.write_bytes(CONTENT + b"more")
    fetch(download)
    assert hub.asked == [f"bytes={len(CONTENT) + 4}-", ""]
    assert download.target.read_bytes() == CONTENT


def test_a_file_with_another_checksum_is_thrown_away(download: Download, hub: Hub) -> None:
    hub.content = b"x" + CONTENT[1:]
    with pytest.raises(DownloadFailed, match="did not arrive as it was published"):
        fetch(download)
    assert list(download.target.parent.iterdir()) == []


def test_a_file_too_large_for_the_disk_is_not_begun(download: Download, hub: Hub) -> None:
    hub.claimed_bytes = 10**18
    with pytest.raises(DownloadFailed, match=r"needs 1000000000\.00 GB of disk space"):
        fetch(download)
    assert not download.part.exists()


def test_a_refusal_is_told(hub: Hub, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match=r"The server refused “m\.gguf”: 404 Not Found\."):
        fetch(Download(hub.url + "/none", tmp_path / "m.gguf", ""))


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match=r"could not be downloaded: .*Check the network"):
        fetch(Download("http://127.0.0.1:1/model", tmp_path / "m.gguf", ""))


def test_a_folder_that_cannot_be_made_is_told(hub: Hub, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DownloadFailed, match=r"“m\.gguf” could not be downloaded: .*the disk"):
        fetch(Download(hub.url, tmp_path / "file" / "m.gguf", ""))

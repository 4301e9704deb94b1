"""Downloads over HTTPS, with certificates that are trusted and that are not."""

from __future__ import annotations

import ssl
import time
from pathlib import Path
from typing import Any

import pytest

from rag.errors import DownloadFailed, Stopped
from rag.models import Source
from rag.models.connections import connected
from rag.models.downloads import Download

CONTENT = b"GGUF" + bytes(range(256)) * 4096


@pytest.fixture
def download(hub: Any, certificate: Path, tmp_path: Path) -> Download:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    hub.socket = context.wrap_socket(hub.socket, server_side=True)
    hub.files["/model"] = CONTENT
    address = hub.address.replace("http:", "https:")
    return Download(f"{address}/model", tmp_path / "m.gguf", "")


def fetch(download: Download, *, is_stopped: Any = lambda: False) -> None:
    source = Source(download.url.removesuffix("/model"), pauses_s=(0.01,))
    with connected(source) as client:
        download.fetch(client, source, on_bytes=lambda _: None, is_stopped=is_stopped)


def test_a_certificate_that_the_system_trusts_is_trusted(
    download: Download, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    fetch(download)
    assert download.target.read_bytes() == CONTENT


def test_a_server_that_cannot_prove_itself_is_told(download: Download) -> None:
    with pytest.raises(DownloadFailed, match=r"127\.0\.0\.1 cannot prove that it is what it says"):
        fetch(download)


def test_a_stop_is_heard_while_a_server_is_silent_over_https(
    download: Download, hub: Any, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    hub.silent_s = 20
    begun = time.monotonic()
    with pytest.raises(Stopped):
        fetch(download, is_stopped=lambda: time.monotonic() > begun + 0.5)
    assert time.monotonic() < begun + 10
    assert download.have_bytes > 0

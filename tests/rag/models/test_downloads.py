"""One file from a real server on this machine: whole, broken off, and not what it should be."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import BadRequest, DownloadFailed, Stopped
from rag.models import Source
from rag.models.connections import connected
from rag.models.downloads import Download

CONTENT = b"GGUF" + bytes(range(256)) * 4096  # about 1 MiB
OTHER = b"GGUF" + bytes(reversed(range(256))) * 4096
SHA256 = hashlib.sha256(CONTENT).hexdigest()
PLACE = "/model"


@pytest.fixture
def download(hub: Any, tmp_path: Path) -> Download:
    hub.files[PLACE] = CONTENT
    return Download(hub.address + PLACE, tmp_path / "models" / "m.gguf", SHA256)


def fetch(download: Download, source: Source) -> list[int]:
    arrived: list[int] = []
    with connected(source) as client:
        download.fetch(client, source, on_bytes=arrived.append, is_stopped=lambda: False)
    return arrived


def fetch_a_part(download: Download, source: Source) -> int:
    """Stop after two blocks; what is here then."""
    blocks: list[int] = []
    with connected(source) as client, pytest.raises(Stopped):
        download.fetch(client, source, on_bytes=blocks.append, is_stopped=lambda: len(blocks) == 2)
    return blocks[-1]


def left(download: Download) -> list[Path]:
    return list(download.target.parent.iterdir())


# --- whole ----------------------------------------------------------------------------------------


def test_a_file_arrives_whole_and_tells_how_far_it_is(download: Download, source: Source) -> None:
    arrived = fetch(download, source)
    assert download.target.read_bytes() == CONTENT
    assert left(download) == [download.target]
    assert arrived == sorted(arrived)
    assert arrived[-1] == len(CONTENT)


@pytest.mark.parametrize("links", [False, True])
def test_a_stopped_download_goes_on_from_there(
    download: Download, source: Source, hub: Any, links: bool
) -> None:
    hub.links = links
    have = fetch_a_part(download, source)
    assert download.have_bytes == have
    fetch(download, source)
    assert hub.ranges[-1] == f"bytes={have}-"
    assert download.target.read_bytes() == CONTENT


def test_a_download_that_breaks_off_goes_on_by_itself(
    download: Download, source: Source, hub: Any
) -> None:
    hub.breaks_off_after = 300_000
    fetch(download, source)
    assert hub.ranges == ["", "bytes=300000-", "bytes=600000-", "bytes=900000-"]
    assert download.target.read_bytes() == CONTENT


def test_a_server_without_ranges_sends_it_all_again(
    download: Download, source: Source, hub: Any
) -> None:
    fetch_a_part(download, source)
    hub.knows_ranges = False
    fetch(download, source)
    assert download.target.read_bytes() == CONTENT


def test_a_part_that_is_whole_is_only_checked(download: Download, source: Source, hub: Any) -> None:
    fetch_a_part(download, source)
    download.part.write_bytes(CONTENT)
    asked = len(hub.asked)
    fetch(download, source)
    assert len(hub.asked) == asked
    assert download.target.read_bytes() == CONTENT


def test_a_part_of_nobody_knows_what_is_fetched_again(
    download: Download, source: Source, hub: Any
) -> None:
    download.target.parent.mkdir()
    download.part.write_bytes(b"GGUF and something else")
    fetch(download, source)
    assert hub.ranges == [""]
    assert download.target.read_bytes() == CONTENT


@pytest.mark.parametrize("links", [False, True])
def test_a_file_that_changed_meanwhile_is_fetched_from_its_beginning(
    download: Download, source: Source, hub: Any, links: bool
) -> None:
    hub.links = links
    download = replace(download, sha256="")
    fetch_a_part(download, source)
    hub.files[PLACE] = OTHER
    fetch(download, source)
    assert download.target.read_bytes() == OTHER


def test_a_part_with_a_damaged_byte_is_noticed(download: Download, source: Source) -> None:
    fetch_a_part(download, source)
    download.part.write_bytes(b"GGUF" + b"x" * (download.have_bytes - 4))
    with pytest.raises(DownloadFailed, match="its checksum or its size differs"):
        fetch(download, source)
    assert left(download) == []


@given(breaks=st.lists(st.integers(1, len(CONTENT)), max_size=6), links=st.booleans())
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_wherever_it_breaks_off_it_arrives_whole(
    download: Download, source: Source, hub: Any, breaks: list[int], links: bool
) -> None:
    hub.links, hub.breaks = links, list(breaks)
    fetch(download, source)
    assert download.target.read_bytes() == CONTENT
    download.target.unlink()


def test_an_empty_answer_is_no_file(download: Download, source: Source, hub: Any) -> None:
    hub.files[PLACE] = b""
    with pytest.raises(DownloadFailed, match=r"“m\.gguf” broke off at 0\.00 GB"):
        fetch(replace(download, sha256=""), source)


# --- not what it should be ------------------------------------------------------------------------


def test_a_file_with_another_checksum_is_thrown_away(
    download: Download, source: Source, hub: Any
) -> None:
    hub.files[PLACE] = OTHER
    with pytest.raises(DownloadFailed, match=r"“m\.gguf” is not as it was published"):
        fetch(download, source)
    assert left(download) == []


def test_a_checksum_that_the_hub_names_differs_before_a_byte_is_sent(
    download: Download, source: Source, hub: Any
) -> None:
    hub.links, hub.named_sha256 = True, "0" * 64
    with pytest.raises(DownloadFailed, match=r"“m\.gguf” is not as it was published"):
        fetch(download, source)
    assert left(download) == []


def test_without_a_published_checksum_the_hub_s_is_checked(
    download: Download, source: Source, hub: Any
) -> None:
    hub.links, hub.named_sha256 = True, "0" * 64
    with pytest.raises(DownloadFailed, match="its checksum or its size differs"):
        fetch(replace(download, sha256=""), source)
    hub.named_sha256 = ""
    fetch(replace(download, sha256=""), source)
    assert download.target.read_bytes() == CONTENT


@pytest.mark.parametrize("content_type", ["text/html; charset=utf-8", "application/octet-stream"])
def test_a_page_in_place_of_a_model_is_told(
    download: Download, source: Source, hub: Any, content_type: str
) -> None:
    hub.files[PLACE], hub.content_type = b"<html>Log in, please</html>", content_type
    with pytest.raises(DownloadFailed, match=r"“m\.gguf” is no model; perhaps it is a page that"):
        fetch(replace(download, sha256=""), source)
    assert left(download) == []


# --- servers and networks -------------------------------------------------------------------------


def test_a_download_that_breaks_off_for_good_is_told_and_kept(
    download: Download, source: Source, hub: Any
) -> None:
    hub.claimed_bytes = 10
    with pytest.raises(DownloadFailed, match=r"broke off.* start it again: it goes on from there"):
        fetch(download, source)
    assert download.have_bytes == len(CONTENT)
    assert len(hub.asked) == 1 + len(source.pauses_s)


def test_a_silent_server_is_told_and_what_came_is_kept(
    download: Download, source: Source, hub: Any
) -> None:
    hub.silent_s = 2
    with pytest.raises(DownloadFailed, match=r"sent nothing of “m\.gguf” for 0 seconds"):
        fetch(download, replace(source, timeout_s=0.2, pauses_s=()))
    assert download.have_bytes == len(CONTENT) // 2


def test_a_stop_is_heard_while_the_server_is_silent(
    download: Download, source: Source, hub: Any
) -> None:
    hub.silent_s = 20
    begun = time.monotonic()
    with connected(source) as client, pytest.raises(Stopped):
        download.fetch(
            client,
            source,
            on_bytes=lambda _: None,
            is_stopped=lambda: time.monotonic() > begun + 0.3,
        )
    assert time.monotonic() < begun + 10
    assert download.have_bytes == len(CONTENT) // 2


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_busy_server_is_asked_again(
    download: Download, source: Source, hub: Any, status: int
) -> None:
    hub.refusals = [(status, {}), (status, {})]
    fetch(download, source)
    assert download.target.read_bytes() == CONTENT


def test_a_server_that_stays_busy_is_told(download: Download, source: Source, hub: Any) -> None:
    hub.refusals = [(503, {})] * 3
    with pytest.raises(DownloadFailed, match=r"refused “m\.gguf”: 503 .*Try again later"):
        fetch(download, source)


@pytest.mark.parametrize("as_date", [False, True])
def test_the_pause_that_a_server_asks_for_is_kept(
    download: Download, source: Source, hub: Any, as_date: bool
) -> None:
    asked = formatdate(time.time() + 2, usegmt=True) if as_date else "1"
    hub.refusals = [(429, {"Retry-After": asked})]
    begun = time.monotonic()
    fetch(download, source)
    assert 0.9 < time.monotonic() - begun < 4


def test_a_pause_of_an_hour_is_not_waited_for(download: Download, source: Source, hub: Any) -> None:
    hub.refusals = [(429, {"Retry-After": "3600"})]
    with pytest.raises(DownloadFailed, match=r"refused “m\.gguf”: 429"):
        fetch(download, source)


@pytest.mark.parametrize(
    ("status", "remedy"), [(404, "the file has moved"), (401, "download it with a browser")]
)
def test_a_refusal_is_told(
    download: Download, source: Source, hub: Any, status: int, remedy: str
) -> None:
    hub.refusals = [(status, {})]
    with pytest.raises(DownloadFailed, match=rf"refused “m\.gguf”: {status} .*{remedy}"):
        fetch(download, source)
    assert len(hub.asked) == 1


# --- the disk -------------------------------------------------------------------------------------


def test_a_file_too_large_for_the_disk_is_not_begun(
    download: Download, source: Source, hub: Any
) -> None:
    hub.claimed_bytes = 10**18
    with pytest.raises(DownloadFailed, match=r"needs 1000000000\.00 GB of disk space"):
        fetch(download, source)
    assert left(download) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full device")
def test_a_full_disk_is_told(download: Download, source: Source) -> None:
    download.target.parent.mkdir()
    download.part.symlink_to("/dev/full")
    with pytest.raises(DownloadFailed, match=r"the disk is full\. Free some space and start it"):
        fetch(download, source)


@pytest.mark.skipif(sys.platform == "win32", reason="this system limits no file's size")
def test_what_came_before_the_disk_took_no_more_is_kept(download: Download, source: Source) -> None:
    code = (
        "import json, resource, signal, sys; from pathlib import Path;"
        "from rag.models import Source; from rag.models.connections import connected;"
        "from rag.models.downloads import Download;"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000));"
        "url, target, hub = sys.argv[1:]; source = Source(hub);"
        "opened = connected(source); client = opened.__enter__();"
        "Download(url, Path(target), '').fetch("
        "client, source, on_bytes=lambda _: None, is_stopped=lambda: False)"
    )
    arguments = [download.url, str(download.target), source.hub]
    ran = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60
    )
    assert "DownloadFailed" in ran.stderr
    assert "the disk takes no file as large" in ran.stderr
    assert download.have_bytes == 400_000
    fetch(download, source)
    assert download.target.read_bytes() == CONTENT


def test_a_folder_that_cannot_be_made_is_told(hub: Any, source: Source, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    download = Download(hub.address + PLACE, tmp_path / "file" / "m.gguf", "")
    with pytest.raises(DownloadFailed, match=r"“m\.gguf” could not be downloaded to .*file"):
        fetch(download, source)


def test_the_notes_beside_a_part_name_the_file_on_the_server(
    download: Download, source: Source
) -> None:
    fetch_a_part(download, source)
    notes = json.loads((download.target.parent / "m.gguf.part.json").read_text())
    assert notes["size_bytes"] == len(CONTENT)
    assert notes["version"]


def test_an_address_that_makes_no_sense_is_told(tmp_path: Path) -> None:
    source = Source("nonsense")
    with pytest.raises(BadRequest, match="address of the hub, “nonsense”, makes no sense"):
        fetch(Download("nonsense/m.gguf", tmp_path / "m.gguf", ""), source)

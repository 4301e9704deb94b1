"""A model fetched whole, through proxies and without a network, with room looked for before."""

from __future__ import annotations

import math
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from rag.errors import BadRequest, DownloadFailed, ModelMissing, Stopped
from rag.models import Arrived, Catalogue, CatalogueEntry, ModelStore, Source
from rag.models.fetching import alone, fetch_all

AT = "/tiny/tiny-GGUF/resolve/main/"


@pytest.fixture
def entry(catalogue: Catalogue, hub: Any, write_gguf: Callable[..., Path], tmp_path: Path) -> Any:
    """A model in two files, on the hub."""
    names = [f"tiny-0000{n}-of-00002.gguf" for n in (1, 2)]
    for name in names:
        made = write_gguf(tmp_path / "made" / name, numbers=200_000)
        hub.files[AT + name] = made.read_bytes()
    known = catalogue.find("phi-4")
    files = tuple(replace(known.files[0], name=name, sha256="") for name in names)
    return replace(known, name="tiny", repository="tiny/tiny-GGUF", files=files)


def fetch(entry: CatalogueEntry, folder: Path, source: Source) -> list[Arrived]:
    told: list[Arrived] = []
    fetch_all(entry, folder, source=source, on_progress=told.append, is_stopped=lambda: False)
    return told


def total_of(hub: Any) -> int:
    return sum(map(len, hub.files.values()))


def test_all_files_arrive_and_progress_counts_them_together(
    entry: CatalogueEntry, source: Source, hub: Any, tmp_path: Path
) -> None:
    told = fetch(entry, tmp_path, source)
    assert {path.name for path in tmp_path.glob("*.gguf")} == {file.name for file in entry.files}
    assert told[-1] == Arrived(total_of(hub), total_of(hub), 0.0)


def test_the_time_left_is_told_while_it_arrives(
    entry: CatalogueEntry, source: Source, hub: Any, tmp_path: Path
) -> None:
    hub.silent_s = 0.4
    told = fetch(entry, tmp_path, source)
    done = [arrived.done_bytes for arrived in told]
    assert done == sorted(done)
    assert all(0 <= arrived.seconds_left < 60 for arrived in told)
    assert {arrived.total_bytes for arrived in told} == {total_of(hub)}
    assert len(told) > 1


def test_room_for_all_files_is_looked_for_before_the_first_byte(
    entry: CatalogueEntry, source: Source, hub: Any, tmp_path: Path
) -> None:
    hub.claimed_bytes = shutil.disk_usage(tmp_path).free * 2 // 3  # one would find room, not two
    with pytest.raises(DownloadFailed, match=r"“Phi-4 14B \(Q4_K_M\)” needs .* of disk space"):
        fetch(entry, tmp_path / "models", source)
    assert hub.ranges == []
    assert not (tmp_path / "models").exists()


def test_what_is_here_is_not_asked_for_again(
    entry: CatalogueEntry, source: Source, hub: Any, tmp_path: Path
) -> None:
    second = entry.files[1].name
    (tmp_path / second).write_bytes(hub.files[AT + second])
    fetch(entry, tmp_path, source)
    assert [path for _, path, _ in hub.asked] == [AT + entry.files[0].name] * 2


def test_a_server_that_knows_no_head_tells_the_size_with_the_file(
    entry: CatalogueEntry, source: Source, hub: Any, tmp_path: Path
) -> None:
    hub.knows_head = False
    assert fetch(entry, tmp_path, source)[-1].done_bytes == total_of(hub)


def test_a_hub_that_redirects_is_followed(
    entry: CatalogueEntry, source: Source, hub: Any, tmp_path: Path
) -> None:
    hub.links = True
    assert fetch(entry, tmp_path, source)[-1].done_bytes == total_of(hub)


def test_that_the_server_is_waited_for_is_told(
    entry: CatalogueEntry, source: Source, hub: Any, tmp_path: Path
) -> None:
    hub.refusals = [(503, {})]
    assert fetch(entry, tmp_path, source)[0] == Arrived(0, total_of(hub), math.inf)


def test_a_stop_between_two_tries_is_heard(
    entry: CatalogueEntry, source: Source, hub: Any, tmp_path: Path
) -> None:
    hub.refusals = [(503, {})] * 9
    patient = replace(source, pauses_s=(60.0,))
    with pytest.raises(Stopped):
        fetch_all(
            entry,
            tmp_path,
            source=patient,
            on_progress=lambda _: None,
            is_stopped=lambda: bool(hub.ranges),
        )


# --- proxies and networks -------------------------------------------------------------------------


def test_all_goes_through_the_proxy_with_its_password(
    entry: CatalogueEntry, hub: Any, tmp_path: Path
) -> None:
    hub.wants_password = True  # the hub answers as the proxy: it is asked for another's address
    proxy = f"http://me:{quote(hub.password)}@127.0.0.1"
    source = Source("http://hub.invalid", proxy=f"{proxy}:{hub.server_port}")
    assert fetch(entry, tmp_path, source)[-1].done_bytes == total_of(hub)


@pytest.mark.parametrize(
    ("user", "sentence"),
    [
        ("", "The proxy wants a name and a password. Write them into `proxy`"),
        ("me:wrong@", "The proxy refused the name and the password that it was given."),
    ],
)
def test_a_proxy_that_wants_a_password_is_told(
    entry: CatalogueEntry, hub: Any, tmp_path: Path, user: str, sentence: str
) -> None:
    hub.wants_password = True
    source = Source("http://hub.invalid", proxy=f"http://{user}127.0.0.1:{hub.server_port}")
    with pytest.raises(DownloadFailed, match=sentence):
        fetch(entry, tmp_path, source)


def test_a_proxy_that_wants_a_password_for_https_is_told_too(
    entry: CatalogueEntry, hub: Any, tmp_path: Path
) -> None:
    hub.wants_password = True
    source = Source("https://hub.invalid", proxy=f"http://127.0.0.1:{hub.server_port}")
    with pytest.raises(DownloadFailed, match="The proxy wants a name and a password"):
        fetch(entry, tmp_path, source)


def test_the_system_s_own_proxy_is_used(
    entry: CatalogueEntry, hub: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", hub.address)
    monkeypatch.setenv("no_proxy", "")
    assert fetch(entry, tmp_path, Source("http://hub.invalid"))[-1].done_bytes == total_of(hub)


@pytest.mark.parametrize("proxy", ["nonsense", "gopher://a:1", "http://a:port"])
def test_a_proxy_that_is_none_is_told(entry: CatalogueEntry, tmp_path: Path, proxy: str) -> None:
    with pytest.raises(BadRequest, match="proxy for downloads is not one that Deskbook can go"):
        fetch(entry, tmp_path, Source("http://hub.invalid", proxy=proxy))


@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:1"])
def test_without_a_network_the_sentence_says_what_can_be_done(
    entry: CatalogueEntry, tmp_path: Path, proxy: str
) -> None:
    with pytest.raises(DownloadFailed) as raised:
        fetch(entry, tmp_path, Source("http://127.0.0.1:1", proxy=proxy))
    place = "the proxy" if proxy else "127.0.0.1"
    assert f"could not be downloaded: {place} cannot be reached." in raised.value.what
    assert "“deskbook models import FILE” takes a model that you have" in raised.value.remedy


def test_a_server_that_speaks_no_https_is_told(
    entry: CatalogueEntry, hub: Any, tmp_path: Path
) -> None:
    with pytest.raises(DownloadFailed, match=r"127\.0\.0\.1"):
        fetch(entry, tmp_path, Source(hub.address.replace("http", "https"), pauses_s=()))


def test_a_model_in_parts_is_one_model_once_all_are_here(
    entry: CatalogueEntry, source: Source, hub: Any, tmp_path: Path
) -> None:
    store = ModelStore(tmp_path / "models", Catalogue((entry,)))
    (second,) = (path for path in hub.files if "-00002-of" in path)
    kept = hub.files.pop(second)
    with pytest.raises(DownloadFailed):
        got(store, source)
    hub.files[second] = kept
    model = got(store, source)
    assert model.path.name == "tiny-00001-of-00002.gguf"
    assert model.size_bytes == total_of(hub)
    store.remove("tiny")
    assert list((tmp_path / "models").iterdir()) == []


def test_two_do_not_fetch_the_same_at_once(
    entry: CatalogueEntry, source: Source, tmp_path: Path
) -> None:
    store = ModelStore(tmp_path, Catalogue((entry,)))
    with alone(tmp_path, entry), pytest.raises(DownloadFailed, match="by another Deskbook"):
        got(store, source)
    assert got(store, source).name == "tiny"
    assert not list(tmp_path.glob(".*.lock"))


def test_what_has_arrived_of_a_model_can_be_removed(
    entry: CatalogueEntry, source: Source, hub: Any, tmp_path: Path
) -> None:
    hub.breaks_off_after = 300_000
    store = ModelStore(tmp_path / "models", Catalogue((entry,)))
    with pytest.raises(DownloadFailed):
        got(store, replace(source, pauses_s=()))
    assert sum(path.stat().st_size for path in (tmp_path / "models").iterdir()) > 300_000
    store.remove("tiny")
    assert list((tmp_path / "models").iterdir()) == []
    with pytest.raises(ModelMissing, match="The model “tiny” is not installed"):
        store.remove("tiny")


def test_a_network_that_goes_away_is_waited_for_and_told(
    entry: CatalogueEntry, source: Source, hub: Any, tmp_path: Path
) -> None:
    hub.breaks_off_after = 300_000

    def vanish_with_the_first_bytes() -> bool:
        if hub.ranges:
            hub.socket.close()
        return False

    with pytest.raises(DownloadFailed, match=r"127\.0\.0\.1 cannot be reached\. .*it goes on"):
        fetch_all(
            entry,
            tmp_path,
            source=source,
            on_progress=lambda _: None,
            is_stopped=vanish_with_the_first_bytes,
        )
    assert (tmp_path / (entry.files[0].name + ".part")).stat().st_size == 300_000


def got(store: ModelStore, source: Source) -> Any:
    return store.get("tiny", source=source, on_progress=lambda _: None, is_stopped=lambda: False)

"""The vector store against Chroma's own server, a real one that the test starts."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import numpy as np
import pytest

from rag.embedding import Vectors
from rag.errors import VectorServerAway
from rag.vectors import VectorStore

START_LIMIT_S = 60
CHROMA = Path(sys.executable).with_name("chroma")


def rows(count: int) -> Vectors:
    return np.eye(count, 8, dtype=np.float32)


def free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a running server."""
    port = free_port()
    folder = tmp_path_factory.mktemp("server")
    command = [CHROMA, "run", "--path", folder, "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(port)
        yield f"127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()


def wait_for(port: int) -> None:
    deadline = time.monotonic() + START_LIMIT_S
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")


Opened = Callable[[Path], VectorStore]


@pytest.fixture
def opened(server: str) -> Iterator[Opened]:
    """Opens the store of a folder on the server; all are closed in the end."""
    with ExitStack() as stores:

        def open_store(folder: Path) -> VectorStore:
            store = VectorStore(folder / "chroma", embedder="minilm", server=server)
            return stores.enter_context(closing(store))

        yield open_store


def test_vectors_live_on_the_server(opened: Opened, tmp_path: Path) -> None:
    opened(tmp_path).add([1, 2, 3], ["bees", "wasps", "bees"], rows(3))
    again = opened(tmp_path)
    assert again.ids() == {1, 2, 3}
    assert again.nearest(rows(3)[1:2], limit=1) == [(2, pytest.approx(1, abs=1e-5))]
    assert not (tmp_path / "chroma" / "chroma.sqlite3").exists()


def test_large_libraries_are_searched_by_the_server(
    opened: Opened, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.vectors.store.SMALL", 2)
    store = opened(tmp_path)
    store.add(range(8), ["bees"] * 8, rows(8))
    assert store.nearest(rows(8)[5:6], limit=1)[0][0] == 5


def test_what_is_removed_is_gone_from_the_server(opened: Opened, tmp_path: Path) -> None:
    store = opened(tmp_path)
    store.add([1, 2], ["bees", "wasps"], rows(2))
    store.remove([1])
    assert opened(tmp_path).ids() == {2}


def test_two_libraries_on_one_server_know_nothing_of_each_other(
    opened: Opened, tmp_path: Path
) -> None:
    ours, theirs = opened(tmp_path / "ours"), opened(tmp_path / "theirs")
    ours.add([1], ["bees"], rows(1))
    theirs.add([2], ["ants"], rows(1))
    theirs.renew()
    assert (ours.ids(), theirs.ids()) == ({1}, set())


def test_a_matrix_that_was_lost_is_filled_from_the_server(opened: Opened, tmp_path: Path) -> None:
    opened(tmp_path).add([1, 2], ["bees", "wasps"], rows(2))
    (tmp_path / "chroma" / "passages-minilm.rows").unlink()
    found = opened(tmp_path).nearest(rows(2)[:1], limit=5, documents=["wasps"])
    assert [passage_id for passage_id, _ in found] == [2]


def test_a_server_that_does_not_answer_is_told(tmp_path: Path) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    with pytest.raises(VectorServerAway) as failure:
        VectorStore(tmp_path, embedder="minilm", server=nowhere).ids()
    assert failure.value.what.startswith(f"The Chroma server at {nowhere} does not answer: ")
    assert "chroma run" in failure.value.remedy

"""What is set before any test imports a library that reads the environment once; a real server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # no screen is needed
os.environ["HF_HUB_OFFLINE"] = "1"  # nobody asks a hub whether a model is newer there
os.environ["TOKENIZERS_PARALLELISM"] = "false"
# Threads that wait for each other sleep: on a busy machine spinning takes many times as long.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

# Nobody's home: models that other programs keep on a developer's machine are in no test.
HOME = tempfile.TemporaryDirectory(prefix="deskbook-home-")
os.environ["HOME"] = os.environ["USERPROFILE"] = HOME.name

SERVER_KEY = "the right key"


@pytest.fixture(scope="session")
def chat_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of llama-cpp-python's own server with the starter; it wants `SERVER_KEY`."""
    from rag.models import Catalogue, ModelStore

    catalogue = Catalogue.read(Path(__file__).parents[1] / "assets" / "models.toml")
    starter = ModelStore(tmp_path_factory.mktemp("no-models"), catalogue).find("starter")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    options = {
        "--model": starter.path, "--model_alias": "starter", "--n_ctx": 1024, "--n_threads": 1,
        "--host": "127.0.0.1", "--port": address.split(":")[2].removesuffix("/v1"),
        "--api_key": SERVER_KEY,
    }  # fmt: skip
    command = [sys.executable, "-m", "llama_cpp.server"]
    command += [str(each) for option in options.items() for each in option]
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with (
        log.open("wb") as output,
        subprocess.Popen(command, stdout=output, stderr=output) as server,
    ):
        try:
            _wait_for(address, server, log)
            yield address
        finally:
            server.kill()


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    asked = Request(f"{address}/models", headers={"Authorization": f"Bearer {SERVER_KEY}"})
    for _ in range(600):
        try:
            with urlopen(asked, timeout=5):
                return
        except URLError:
            assert server.poll() is None, log.read_text("utf-8")
            time.sleep(0.1)
    raise TimeoutError(log.read_text("utf-8"))

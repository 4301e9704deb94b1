"""`deskbook models`: what there is, what would run, and models that come and go."""

from __future__ import annotations

import functools
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
# One without a checksum in the catalogue: what tests serve in its place has another.
SERVED = "phi-4-q6_k"
SERVED_AT = "bartowski/phi-4-GGUF/resolve/main/phi-4-Q6_K.gguf"

KEYS = ["name", "title", "kind", "installed", "path", "size_bytes", "licence"]
KEYS += ["state", "owner", "memory_bytes", "arrived_bytes"]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole GGUF in the shape of Phi-4, of a few megabytes."""
    path = tmp_path_factory.mktemp("tiny") / "tiny-phi.gguf"
    maker = ROOT / "tests" / "models" / "phi4_shape.py"
    subprocess.run([sys.executable, maker, path], check=True, timeout=60)
    return path


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def hub(tmp_path: Path, deskbook: Any) -> Iterator[Path]:
    """The folder that a server on this machine offers, and the settings that point to it."""
    folder = tmp_path / "hub"
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Quiet, directory=folder)
    ) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        deskbook.data.mkdir()
        address = f"http://127.0.0.1:{server.server_port}"
        (deskbook.data / "settings.toml").write_text(f'[downloads]\nhub = "{address}"\n')
        (folder / SERVED_AT).parent.mkdir(parents=True)
        yield folder
        server.shutdown()
        thread.join()


def listed(deskbook: Any) -> dict[str, dict[str, Any]]:
    return {line["name"]: line for line in deskbook("models", "list", "--json").lines}


def test_the_list_has_what_is_here_and_what_is_to_be_had(deskbook: Any) -> None:
    models = listed(deskbook)
    assert all(list(line) == KEYS for line in models.values())
    here = {name for name, line in models.items() if line["installed"]}
    assert here == {"starter", "minilm"}
    assert {line["state"] for line in models.values()} == {"in_use", "available"}
    assert (
        "to be had  phi-4  Phi-4 14B (Q4_K_M), 9.1 GB, MIT; takes 9.7 to 11.0 GB of memory at 4K "
        "to 16K tokens. The model that Deskbook is made for."
    ) in deskbook("models", "list").out


def test_a_model_comes_from_the_hub_answers_and_goes(
    deskbook: Any, hub: Path, tiny: Path, note: Path
) -> None:
    (hub / SERVED_AT).write_bytes(tiny.read_bytes())
    got = deskbook("models", "get", SERVED, "--json")
    assert (got.code, got.line["name"]) == (0, SERVED)
    assert Path(got.line["path"]).read_bytes() == tiny.read_bytes()
    size = tiny.stat().st_size
    assert json.loads(got.err.splitlines()[-1]) == {
        "name": SERVED, "done_bytes": size, "total_bytes": size, "seconds_left": 0.0,
    }  # fmt: skip

    deskbook("add", note, "--quiet")
    answer = deskbook("ask", "How much water do the tomatoes get?", "--json").line
    assert answer["model"] == SERVED  # a real one goes before the starter

    gone = deskbook("models", "remove", SERVED)
    assert (gone.code, gone.out) == (0, f"{SERVED} is removed\n")
    assert listed(deskbook)[SERVED]["installed"] is False


def test_a_download_that_fails_is_told(deskbook: Any, hub: Path) -> None:
    ran = deskbook("models", "get", SERVED)
    assert (ran.code, ran.out) == (1, "")
    assert "deskbook: The server refused “phi-4-Q6_K.gguf”: 404" in ran.err
    (hub / SERVED_AT).write_text("<html>no model</html>")
    assert "is no model; perhaps it is a page" in deskbook("models", "get", SERVED).err


def test_a_part_of_a_model_is_told_and_can_be_removed(deskbook: Any) -> None:
    part = deskbook.data / "models" / "phi-4-Q6_K.gguf.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"GGUF" + bytes(10**9 // 20))
    assert listed(deskbook)[SERVED]["arrived_bytes"] == part.stat().st_size
    assert "12.0 GB (0.1 GB of it are here), MIT" in deskbook("models", "list").out
    assert deskbook("models", "remove", SERVED).code == 0
    assert not part.exists()


def test_a_file_is_taken_over_once(deskbook: Any, tiny: Path) -> None:
    taken = deskbook("models", "import", tiny, "--copy", "--json")
    assert (taken.code, taken.line["name"]) == (0, "tiny-phi")
    assert Path(taken.line["path"]).parent == deskbook.data / "models"
    again = deskbook("models", "import", tiny)
    assert (again.code, again.out) == (2, "")
    assert "There is a model “tiny-phi” already, at" in again.err
    assert deskbook("models", "remove", "tiny-phi").code == 0
    assert tiny.exists()


@pytest.mark.parametrize(
    ("typed", "code", "said"),
    [
        (("get", "nonsense"), 3, "There is no model “nonsense”."),
        (("get", "../../etc/passwd"), 3, "There is no model “../../etc/passwd”."),
        (("import", "nowhere.gguf"), 3, "nowhere.gguf"),
        (("import", "README.md"), 3, "“README.md” is no GGUF file."),
        (("remove", "nonsense"), 3, "There is no model “nonsense”."),
        (("remove", "starter"), 2, "is not in the models folder, so it is not Deskbook's"),
    ],
)
def test_what_cannot_be_done_is_told(
    deskbook: Any, typed: tuple[str, ...], code: int, said: str
) -> None:
    arguments = [ROOT / name if name == "README.md" else name for name in typed]
    ran = deskbook("models", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err
    assert not ran.err.count("Traceback")

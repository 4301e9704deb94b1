"""How long a person waits: for the window, for the engine, for the first word; and in the terminal.

One run with the starter model and the sample library, in a data folder of its own. Measures whole
processes from their start on this machine as it is; says nothing of the quality of answers. An
empty PySide6 window is opened in the same run as the baseline for the window.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "assets" / "samples"
QUESTION = json.loads((ROOT / "assets" / "sample_questions.json").read_text("utf-8"))[0]
ROUNDS = 3  # of each window; the median is told


def main() -> int:
    """Measure and print, a JSON line at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--window", type=Path, help=argparse.SUPPRESS)  # the process measured
    parser.add_argument("--empty", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--started", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.empty:
        return open_empty_window(arguments.started)
    if arguments.window:
        return open_deskbook(arguments.window, arguments.started)
    with tempfile.TemporaryDirectory() as folder:
        figures = measure_terminal(Path(folder)) | measure_windows(Path(folder))
    for name, value in figures.items():
        print(f"{name:36}{value:8.2f}")
    print(json.dumps(figures | {"machine": machine(), "commit": commit()}))
    return 0


# --- the processes that are measured ------------------------------------------------------------


def open_empty_window(started: float) -> int:
    """The baseline: PySide6's smallest window, closed when painted."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QWidget

    class Empty(QWidget):
        def paintEvent(self, event: object) -> None:
            QTimer.singleShot(0, application.quit)

    application = QApplication([])
    window = Empty()
    window.resize(1440, 880)
    window.show()
    application.exec()
    print(json.dumps({"empty window painted": time.time() - started}))
    return 0


def open_deskbook(data: Path, started: float) -> int:
    """Deskbook's own window; asks the first sample question when the engine is ready."""
    from app.messages import Ask, Done, Event, Quoted, Words
    from app.settings import Paths, Settings
    from rag.types import EVERYWHERE, Mode
    from ui.link import EngineLink
    from ui.program import open_window
    from ui.window import MainWindow

    moments: dict[str, float] = {}

    def note(moment: str) -> None:
        moments.setdefault(moment, time.time() - started)

    def receive(event: Event) -> None:
        match event:
            case Quoted():
                note("quotation")
            case Words():
                note("first token")
            case Done():
                memory = psutil.Process().memory_info().rss / 1e6
                print(json.dumps(moments | {"window's memory, MB": memory}))
                window.close()

    def watch(shown: MainWindow, link: EngineLink) -> None:
        nonlocal window
        window = shown
        shown.painted.connect(lambda: note("window painted"))
        link.ready.connect(lambda ready: note("engine ready"))
        link.ready.connect(
            lambda ready: link.ask(
                lambda request: Ask(request, QUESTION, Mode.DOCUMENTS, EVERYWHERE, ()), receive
            )
        )

    window: MainWindow
    return open_window(Settings(Paths.of(data)), on_shown=watch)


# --- the measuring ------------------------------------------------------------------------------


def measure_terminal(folder: Path) -> dict[str, float]:
    """Seconds to add the samples and to ask one question, set-up aside."""
    program = [sys.executable, "-m", "app", "--quiet", "--data-dir", str(folder)]
    added = timed([*program, "add", str(SAMPLES)])
    asked = timed([*program, "ask", QUESTION])
    again = timed([*program, "add", str(SAMPLES)])
    return {
        "terminal: samples added": added,
        "terminal: one question": asked,
        "terminal: both": added + asked,
        "terminal: samples added again": again,
    }


def measure_windows(folder: Path) -> dict[str, float]:
    """The medians over some rounds, Deskbook and the empty window in turn."""
    rounds = []
    for _ in range(ROUNDS):
        rounds.append(window_round("--empty") | window_round("--window", str(folder)))
    figures = {name: median([each[name] for each in rounds]) for name in rounds[0]}
    figures["painted, times the empty window"] = median(
        [each["window painted"] / each["empty window painted"] for each in rounds]
    )
    return figures


def window_round(*what: str) -> dict[str, float]:
    """One process from its start to its end."""
    command = [sys.executable, __file__, *what, "--started", str(time.time())]
    environment = dict(os.environ)
    if sys.platform == "linux" and not (os.environ.keys() & {"DISPLAY", "WAYLAND_DISPLAY"}):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    shown = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    moments: dict[str, float] = json.loads(shown.stdout.splitlines()[-1])
    return moments


def timed(command: list[str]) -> float:
    """Seconds that a command takes; it must succeed."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def median(values: list[float]) -> float:
    """The middle one of an odd number of values."""
    return sorted(values)[len(values) // 2]


def machine() -> str:
    """What it was measured on."""
    memory = psutil.virtual_memory().total / 1e9
    return f"{platform.platform()}, {psutil.cpu_count(logical=False)} cores, {memory:.0f} GB"


def commit() -> str:
    """What was measured."""
    command = ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


if __name__ == "__main__":
    sys.exit(main())

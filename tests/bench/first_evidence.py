"""How much longer a question waits for its first evidence while PDFs are brought in.

Questions go through the door to a real engine, each until its `Found`: on an idle engine, during
an import of the folder's PDFs (without a folder, of generated ones), and on an idle engine again,
whose library has by then grown. The wait of each is told in milliseconds, with the load of the
processor; what is promised is that the import adds at most 200. No language model takes part.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import queue
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psutil
from material.mixed_files import WORDS, paragraph, write_pdf_of
from spine import SAMPLES, commit, machine

from app.door import Door
from app.messages import Adding, AddPaths, Done, Event, Failed, Found, Ready, Search
from app.settings import DEFAULT_COLLECTION, Paths, Settings
from rag.types import EVERYWHERE

PATIENCE_S = 900.0
PAUSE_S = (0.3, 1.5)  # between an answer and the next question: the import is to get going again
GENERATED, PARAGRAPHS = 16, 200  # PDFs of about 22 pages
SEED = 4

Waits = Sequence[float]  # milliseconds


def main() -> int:
    """Measure and print, a JSON line at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="of PDFs; generated ones without it")
    parser.add_argument("--questions", type=int, default=40)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = arguments.folder or generated(Path(folder) / "source")
        with opened(Path(folder) / "data") as engine:
            figures = measure(engine, source, arguments.questions)
    for name, value in figures.items():
        print(f"{name:48}{value:10.1f}")
    print(json.dumps(figures | {"machine": machine(), "commit": commit()}))
    return 0


def generated(source: Path) -> Path:
    """A folder of PDFs that holds enough work for all questions."""
    source.mkdir()
    for number in range(GENERATED):
        drawn = random.Random(SEED + number)
        write_pdf_of(source / f"{number:02}.pdf", [paragraph(drawn) for _ in range(PARAGRAPHS)])
    return source


def measure(engine: Listener, source: Path, count: int) -> dict[str, float]:
    """The waits on an idle engine, during the import, and on an idle engine again."""
    engine.do(lambda number: AddPaths(number, (str(SAMPLES),), DEFAULT_COLLECTION))
    asked = questions(count)
    load = Load()
    idle = [engine.wait_of(question) for question in asked]
    idle_load = load.take()
    adding = engine.begin_import(source)
    during = [engine.wait_of(question) for question in asked]
    during_load, is_over = load.take(), engine.has_ended(adding)
    if is_over:
        sys.exit("The import ended before all questions were asked: take more PDFs.")
    engine.until_ended(adding)
    load.take()
    after = [engine.wait_of(question) for question in asked]
    loads = {"idle": idle_load, "during the import": during_load, "idle again": load.take()}
    return (
        told("idle", idle)
        | told("during the import", during)
        | told("idle again", after)
        | added(during, after)
        | {f"cores at work, {when}": cores for when, cores in loads.items()}
    )


def told(when: str, waits: Waits) -> dict[str, float]:
    """The median and the 95th percentile of waits."""
    return {
        f"{when}: median, ms": statistics.median(waits),
        f"{when}: p95, ms": percentile(waits, 95),
        f"{when}: longest, ms": max(waits),
    }


def added(during: Waits, idle: Waits) -> dict[str, float]:
    """What the import adds to the waits of the very same library at rest."""
    return {
        "added by the import: median, ms": statistics.median(during) - statistics.median(idle),
        "added by the import: p95, ms": percentile(during, 95) - percentile(idle, 95),
    }


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest of the values that so many percent of them do not exceed."""
    return sorted(values)[max(0, -(-len(values) * percent // 100) - 1)]


def questions(count: int) -> list[str]:
    """Different ones, so that nothing is remembered; the first warms everything up."""
    drawn = random.Random(SEED)
    return [f"Where is the {' of the '.join(drawn.sample(WORDS, 3))}?" for _ in range(count)]


class Load:
    """How many cores all programs together kept busy since last asked."""

    def __init__(self) -> None:
        psutil.cpu_percent()

    def take(self) -> float:
        """The cores' number; all that there are is the most."""
        return psutil.cpu_percent() * (psutil.cpu_count() or 1) / 100


class Listener:
    """A door to a real engine, and what comes through it with the moment it came."""

    def __init__(self, settings: Settings) -> None:
        self._events: queue.Queue[tuple[float, Event]] = queue.Queue()
        self._ended: dict[int, Event] = {}
        self._drawn = random.Random(SEED)
        self.door = Door(settings, on_event=self._keep, on_end=lambda end: None)

    def do(self, make: Callable[[int], AddPaths]) -> None:
        """Send a request and wait for its end."""
        request = make(self.door.new_request_id())
        self.door.send(request)
        self.until_ended(request.request_id)

    def begin_import(self, source: Path) -> int:
        """Start the import; it comes back when the first passages are embedded."""
        request_id = self.door.new_request_id()
        self.door.send(AddPaths(request_id, (str(source),), DEFAULT_COLLECTION))
        self.until(lambda event: isinstance(event, Adding) and event.stage == "embedding")
        return request_id

    def wait_of(self, question: str) -> float:
        """Milliseconds from the question to its first evidence."""
        time.sleep(self._drawn.uniform(*PAUSE_S))
        request_id = self.door.new_request_id()
        asked = time.perf_counter()
        self.door.send(Search(request_id, question, EVERYWHERE, 10))
        came, _ = self.until(
            lambda event: isinstance(event, Found) and event.request_id == request_id
        )
        self.until_ended(request_id)
        return (came - asked) * 1000

    def has_ended(self, request_id: int) -> bool:
        """Whether a request has come to its end by now."""
        return request_id in self._ended

    def until_ended(self, request_id: int) -> None:
        """Wait for the end of a request."""
        while request_id not in self._ended:
            self.until(lambda event: True)
        if not isinstance(self._ended[request_id], Done):
            sys.exit(f"A request failed: {self._ended[request_id]}")

    def until(self, is_meant: Callable[[Event], bool]) -> tuple[float, Event]:
        """The next such event, and when it came."""
        while True:
            came, event = self._events.get(timeout=PATIENCE_S)
            if is_meant(event):
                return came, event

    def _keep(self, event: Event) -> None:
        came = time.perf_counter()
        if isinstance(event, Done | Failed):
            self._ended[event.request_id] = event
        self._events.put((came, event))


@contextlib.contextmanager
def opened(data: Path) -> Iterator[Listener]:
    """An engine, ready, on a library in this folder."""
    listener = Listener(Settings(Paths.of(data)))
    listener.door.open()
    try:
        listener.until(lambda event: isinstance(event, Ready))
        yield listener
    finally:
        listener.door.close()


if __name__ == "__main__":
    sys.exit(main())

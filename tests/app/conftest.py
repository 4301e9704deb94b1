"""The program as tests call it, a library with the samples in it, and a door to a real engine."""

from __future__ import annotations

import contextlib
import io
import json
import os
import queue
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, get_args

import pytest

from app import cli
from app.door import Door, EngineEnd
from app.messages import Ended, Event, Ready, Request
from app.settings import ASSETS, Paths, Settings

ROOT = Path(__file__).parents[2]
PATIENCE_S = 90  # the engine loads its models on a machine that may be busy

Kind = TypeVar("Kind")


@dataclass(frozen=True)
class Ran:
    """What came of one call of the program."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON lines on standard output."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def line(self) -> dict[str, Any]:
        """The one JSON line on standard output."""
        (line,) = self.lines
        return line


class Program:
    """`deskbook`, called again and again with one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def __call__(self, *arguments: str | Path) -> Ran:
        """Run it in this process: what it imports is imported once for all tests."""
        typed = ["--data-dir", str(self.data), *map(str, arguments)]
        with captured() as (out, err):
            try:
                code = cli.main(typed)
            except SystemExit as end:  # how argparse ends
                code = int(end.code or 0)
        return Ran(code, text_of(out), text_of(err))

    def start(self, *arguments: str | Path, **options: Any) -> subprocess.Popen[str]:
        """Start it in a process of its own, its output to be read from pipes."""
        return subprocess.Popen(
            [sys.executable, "-m", "app", "--data-dir", self.data, *map(str, arguments)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=os.environ | options.pop("env", {}),
            **options,
        )

    def run(self, *arguments: str | Path, **options: Any) -> Ran:
        """Run it to its end in a process of its own."""
        with self.start(*arguments, **options) as process:
            out, err = process.communicate(timeout=PATIENCE_S)
        return Ran(process.returncode, out, err)

    def log(self) -> str:
        """What the program's log says."""
        return (self.data / "logs" / "deskbook.log").read_text(encoding="utf-8")


@contextlib.contextmanager
def captured() -> Iterator[tuple[io.TextIOWrapper, io.TextIOWrapper]]:
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        yield out, err


def text_of(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")


@pytest.fixture
def deskbook(tmp_path: Path) -> Program:
    """The program on an empty data folder."""
    return Program(tmp_path / "data")


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """The program on a library with the sample documents. Tests only read from it."""
    program = Program(tmp_path_factory.mktemp("samples") / "data")
    assert program("add", ASSETS / "samples", "--quiet").code == 0
    return program


@pytest.fixture
def own_samples(samples: Program, tmp_path: Path) -> Program:
    """A copy of the library with the samples, for a test to change."""
    shutil.copytree(samples.data, tmp_path / "data")
    return Program(tmp_path / "data")


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "balcony.md"
    path.write_text(
        "# Balcony\n\nBasil likes the morning sun.\n\n"
        "The tomatoes get two litres of water every evening in July.\n",
        encoding="utf-8",
    )
    return path


class Listener:
    """A door to a real engine and all that comes through it."""

    def __init__(self, settings: Settings) -> None:
        self.events: queue.Queue[Event] = queue.Queue()
        self.ends: queue.Queue[EngineEnd] = queue.Queue()
        self.opening: tuple[Event, ...] = ()  # what came until the engine was ready
        self.data = settings.paths.data
        self.door = Door(settings, on_event=self.events.put, on_end=self.ends.put)

    def open(self) -> None:
        """Open the door and wait until the engine is ready."""
        self.door.open()
        self.opening = self.until(lambda event: isinstance(event, Ready))

    def ask(self, make: Callable[[int], Request]) -> tuple[Event, ...]:
        """Send a request and wait for its end; the events that answer it."""
        request = make(self.door.new_request_id())
        self.door.send(request)
        return self.until_ended(request.request_id)

    def until_ended(self, request_id: int) -> tuple[Event, ...]:
        """The events that answer this request, its end included."""
        events = self.until(
            lambda event: event.request_id == request_id and isinstance(event, get_args(Ended))
        )
        return tuple(event for event in events if event.request_id == request_id)

    def until(self, is_last: Callable[[Event], bool]) -> tuple[Event, ...]:
        """All events up to the first of which that is true."""
        events: list[Event] = []
        deadline = time.monotonic() + PATIENCE_S
        while not events or not is_last(events[-1]):
            events.append(self.events.get(timeout=max(0.01, deadline - time.monotonic())))
        return tuple(events)

    def wait_for(self, kind: type[Kind], request_id: int) -> Kind:
        """The next event of a kind that answers this request."""
        found = self.until(
            lambda event: isinstance(event, kind) and event.request_id == request_id
        )[-1]
        assert isinstance(found, kind)
        return found

    def end(self) -> EngineEnd:
        """How the engine ended."""
        return self.ends.get(timeout=PATIENCE_S)


@contextlib.contextmanager
def listening(data: Path) -> Iterator[Listener]:
    listener = Listener(Settings(Paths.of(data)))
    try:
        yield listener
    finally:
        listener.door.close()


@contextlib.contextmanager
def ready(data: Path) -> Iterator[Listener]:
    with listening(data) as listener:
        listener.open()
        yield listener


@pytest.fixture
def engine_on() -> Callable[[Path], contextlib.AbstractContextManager[Listener]]:
    """Opens an engine on a data folder; several in turn are one library's life."""
    return ready


@pytest.fixture
def closed(samples: Program) -> Iterator[Listener]:
    """A door to the library with the samples, not opened yet."""
    with listening(samples.data) as listener:
        yield listener


@pytest.fixture
def own_engine(own_samples: Program) -> Iterator[Listener]:
    """An engine, ready, for a test to end, on a library of its own with the samples."""
    with listening(own_samples.data) as listener:
        listener.open()
        yield listener


@pytest.fixture(scope="module")
def module_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listener]:
    """An engine, ready, on an empty library, for the tests of one module."""
    with listening(tmp_path_factory.mktemp("module") / "data") as listener:
        listener.open()
        yield listener


@pytest.fixture(scope="session")
def engine(samples: Program, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listener]:
    """An engine, ready, on a library with the samples; several tests speak to it in turn."""
    data = tmp_path_factory.mktemp("engine") / "data"
    shutil.copytree(samples.data, data)
    with listening(data) as listener:
        listener.open()
        yield listener

"""One call of the program: what was typed, where its library lies, and how it prints."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from app.commands.terminal import Terminal
from app.engine import Engine
from app.settings import Settings
from rag.scheduler import Work


@dataclass(frozen=True, slots=True)
class Invocation:
    """What a command gets to work with."""

    arguments: argparse.Namespace
    settings: Settings
    terminal: Terminal
    collection: str  # empty where none was named

    def note_unknown_collection(self, engine: Engine) -> None:
        """Say where the collection that was named is none; it is searched as an empty one."""
        names = {entry.name for entry in engine.catalog.collections.list()}
        if self.collection and self.collection not in names:
            self.terminal.say(
                f"There is no collection “{self.collection}”. "
                "`deskbook collections` lists those there are."
            )

    @contextmanager
    def stoppable(self, work: Work) -> Iterator[Work]:
        """Inside, Ctrl+C stops the work at its next checkpoint; a second one, at once."""

        def stop(signal_number: int, frame: FrameType | None) -> None:
            if work.is_stopped():
                raise KeyboardInterrupt
            work.stop()

        earlier = signal.signal(signal.SIGINT, stop)
        try:
            yield work
        finally:
            signal.signal(signal.SIGINT, earlier)

    @contextmanager
    def opened(self) -> Iterator[tuple[Engine, Work]]:
        """The library's engine in this process, and a piece of work that Ctrl+C stops.

        Raises LibraryError and ModelMissing.
        """
        with Engine(self.settings) as engine, self.stoppable(Work(engine.scheduler)) as work:
            yield engine, work

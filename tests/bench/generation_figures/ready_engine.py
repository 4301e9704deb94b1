"""A process that opens an engine as the window does, and says how long it took to be ready.

    python ready_engine.py DATA_FOLDER MODEL

It imports next to nothing of its own, for the engine's process imports the same again.
"""

from __future__ import annotations

import json
import queue
import sys
import time
from pathlib import Path

import psutil

from app.door import Door, EngineEnd
from app.messages import Event, Ready
from app.settings import ModelSettings, Paths, Settings

LONGEST_S = 300.0


def main() -> None:
    """Open, wait, close, and print a line of JSON: seconds on the clock and of the cores."""
    data, model = sys.argv[1:]
    settings = Settings(Paths.of(Path(data)), model=ModelSettings(name=model))
    events: queue.SimpleQueue[Event | EngineEnd] = queue.SimpleQueue()
    door = Door(settings, on_event=events.put, on_end=events.put)
    started = time.perf_counter()
    door.open()
    try:
        while not isinstance(event := events.get(timeout=LONGEST_S), Ready):
            assert not isinstance(event, EngineEnd), event.sentence
        clock = time.perf_counter() - started
        worked = psutil.Process(door.engine_pid).cpu_times()
    finally:
        door.close()
    assert event.model, event.notice
    print(json.dumps({"clock": clock, "cores": worked.user + worked.system}))


if __name__ == "__main__":
    main()

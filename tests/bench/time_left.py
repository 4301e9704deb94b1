"""How right is the time that an import says is left?

Generated files of many kinds, one folder a kind, are brought in; whenever the engine tells how
long the rest will take, that is kept, and compared with the truth when all is done. What is
promised is 20 % after the first minute; where less than a minute is left, what is off is told in
seconds. The load of the machine must be steady meanwhile: the forecast cannot know better.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psutil
from material.mixed_files import make_files
from spine import commit, machine

from app.engine import Engine
from app.messages import Adding, AddPaths, Event
from app.performing import perform
from app.settings import DEFAULT_COLLECTION, Paths, Settings
from rag.scheduler import Work

SEED = 4
EVERY_S = 15.0
FIRST_S, NEAR_END_S = 60.0, 60.0

Told = tuple[float, float]  # seconds from the start, and seconds that were said to be left


def main() -> int:
    """Import and print, a JSON line at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="of files; generated ones without it")
    parser.add_argument("--files", type=int, default=700, help="how many are generated")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source = arguments.folder or Path(folder) / "source"
        if not arguments.folder:
            make_files(source, arguments.files, seed=SEED, by_kind=True)
        load = psutil.cpu_percent()
        told, took_s = brought_in(source, Path(folder) / "data")
        load = psutil.cpu_percent() / 100 * (psutil.cpu_count() or 1)
    if took_s < 2 * FIRST_S:
        sys.exit(f"The import took {took_s:.0f} seconds: take more --files.")
    for at_s, left_s in sampled(told):
        print(
            f"{at_s:6.0f} s: told {left_s:6.0f}, true {took_s - at_s:6.0f}"
            f"{100 * (left_s / (took_s - at_s) - 1):+7.0f} %"
        )
    figures = figures_of(told, took_s) | {"cores at work": load}
    for name, value in figures.items():
        print(f"{name:48}{value:10.1f}")
    print(json.dumps(figures | {"machine": machine(), "commit": commit()}))
    return 0


def brought_in(source: Path, data: Path) -> tuple[list[Told], float]:
    """What was told while all of it came in, and the seconds that it took."""
    told: list[Told] = []
    started = time.monotonic()

    def keep(event: Event) -> None:
        if isinstance(event, Adding) and not math.isinf(event.seconds_left):
            told.append((time.monotonic() - started, event.seconds_left))

    with Engine(Settings(Paths.of(data))) as engine:
        started = time.monotonic()
        request = AddPaths(1, (str(source),), DEFAULT_COLLECTION)
        perform(engine, request, keep, Work(engine.scheduler))
        return told, time.monotonic() - started


def sampled(told: Sequence[Told]) -> list[Told]:
    """The first that was told in each quarter of a minute."""
    first = {int(at_s // EVERY_S): (at_s, left_s) for at_s, left_s in reversed(told)}
    return [first[number] for number in sorted(first)]


def figures_of(told: Sequence[Told], took_s: float) -> dict[str, float]:
    """How far off what was told after the first minute was."""
    later = [(left_s, took_s - at_s) for at_s, left_s in told if at_s >= FIRST_S]
    early = [100 * abs(left_s / true_s - 1) for left_s, true_s in later if true_s >= NEAR_END_S]
    late = [abs(left_s - true_s) for left_s, true_s in later if true_s < NEAR_END_S]
    return {
        "the import, s": took_s,
        "first told after, s": told[0][0],
        "off by, while over a minute is left, median %": sorted(early)[len(early) // 2],
        "off by, while over a minute is left, most %": max(early),
        "right within 20 %, % of what was told": 100 * sum(e <= 20 for e in early) / len(early),
        "off by, in the last minute, most s": max(late),
    }


if __name__ == "__main__":
    sys.exit(main())

"""Does the engine's memory grow with the number of files that are brought in?

Generated notes, a passage or two each, go through the engine in this process, one import after the
other as a person would drop folders. Told is the memory resident after each thousand files, with
the reader's process and without; the index of the vectors, which must grow, is told beside it.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
from spine import commit, machine

from app.engine import Engine
from app.messages import AddPaths, Event
from app.performing import perform
from app.settings import DEFAULT_COLLECTION, Paths, Settings
from rag.scheduler import Work

STEP = 1_000  # files of one import
WORDS = ("heron", "eel", "reed", "boat", "river", "mill", "oak", "tide", "lamp", "frost", "ferry")
SENTENCES = 8  # a note

Row = dict[str, float]


def main() -> int:
    """Import and print, a JSON line at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=5_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = list(imported(Path(folder), arguments.files))
    grown = rows[-1]["engine MB"] / rows[0]["engine MB"]
    print(f"from the first to the last: {grown:.2f} times")
    print(json.dumps({"rows": rows, "grown": grown, "machine": machine(), "commit": commit()}))
    return 0


def imported(folder: Path, count: int) -> Iterator[Row]:
    """The memory after each thousand files; the row is printed as it comes."""
    with Engine(Settings(Paths.of(folder / "data"))) as engine:
        for first in range(0, count, STEP):
            source = folder / f"notes-{first}"
            write_notes(source, range(first, min(first + STEP, count)))
            request = AddPaths(1, (str(source),), DEFAULT_COLLECTION)
            perform(engine, request, ignore, Work(engine.scheduler))
            row = measured(min(first + STEP, count), engine, folder)
            print("  ".join(f"{name} {value:,.0f}" for name, value in row.items()), flush=True)
            yield row


def ignore(event: Event) -> None:
    """What the import tells is of no interest here."""


def measured(file_count: int, engine: Engine, folder: Path) -> Row:
    """The row of what is resident now."""
    gc.collect()
    process = psutil.Process()
    own = process.memory_info().rss
    children = sum(child.memory_info().rss for child in process.children(recursive=True))
    vectors = sum(path.stat().st_size for path in folder.rglob("*.bin"))
    return {
        "files": float(file_count),
        "passages": float(engine.catalog.passages.count()),
        "engine MB": own / 1e6,
        "with its reader MB": (own + children) / 1e6,
        "vectors on disk MB": vectors / 1e6,
    }


def write_notes(folder: Path, numbers: range) -> None:
    """A note for each number, no two alike."""
    folder.mkdir()
    for number in numbers:
        chosen = random.Random(number)
        lines = (" ".join(chosen.choices(WORDS, k=12)) for _ in range(SENTENCES))
        text = ". ".join(lines)
        (folder / f"{number}.md").write_text(f"# Note {number}\n\n{text}.\n", "utf-8")


if __name__ == "__main__":
    raise SystemExit(main())

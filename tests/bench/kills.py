"""Is anything lost or doubled when an import is killed again and again?

Generated files of many kinds are brought in by the real command line: once undisturbed, and once
with SIGKILLs at drawn moments, to the whole process group, to the engine alone or to a reader,
each followed by a new start of the same command. Then some files change, and both go on. At the
end the two libraries must hold the same. Kills do not show what a power cut does to a disk.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psutil
from material.libraries import contents, differences
from material.mixed_files import WORDS, change_files, make_files
from spine import ROOT, commit, machine

AT_WORK = (": reading ", ": embedding ", ": recognizing ")
AT_THE_START, START_S = 0.2, 2.0  # so many of the kills come in the first seconds
GRACE_S = 5.0  # for a reader to see that its engine is gone
SPREAD = 1.6  # a kill comes after no more than so many times its even share of the import
VICTIMS = ("group", "group", "engine", "engine", "reader")
PATIENCE_S = 1_800.0
QUERIES = (*(f"{word}{n}" for n, word in enumerate(WORDS[:20])), "ember7 OR lantern", "wil*")


def main() -> int:
    """Import, kill, compare and print, a JSON line at the end; 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=320)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--keep", type=Path, help="an empty folder to work in, which then stays")
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", file=sys.stderr)
    with tempfile.TemporaryDirectory() as folder:
        place = arguments.keep or Path(folder)
        figures, amiss = measure(place, arguments.files, arguments.kills, seed=arguments.seed)
    for line in (line for lines in amiss.values() for line in lines):
        print(line, file=sys.stderr)
    for name, value in figures.items():
        print(f"{name:40}{value:10.2f}")
    about = {"seed": arguments.seed, "machine": machine(), "commit": commit()}
    print(json.dumps(figures | about))
    return 1 if any(amiss.values()) else 0


def measure(
    place: Path, file_count: int, kill_count: int, *, seed: int
) -> tuple[dict[str, float], dict[str, list[str]]]:
    """The figures, and what was not the same in both libraries, by kind of thing."""
    source, calm, killed = place / "source", place / "calm", place / "killed"
    files = make_files(source, file_count, seed=seed)
    after_change = kill_count // 4
    drawn, done = random.Random(seed), Killings()
    reference_s = add(source, calm)
    disturb(source, killed, kill_count - after_change, reference_s, drawn, done)
    change_files(files, seed=seed)
    changed_s = add(source, calm)
    disturb(source, killed, after_change, changed_s, drawn, done)
    held, held_too = contents(calm, QUERIES), contents(killed, QUERIES)
    if not any(held["found"].values()):
        sys.exit("No query finds anything, so that nothing can be compared.")
    amiss = differences(held, held_too)
    amiss["orphans"] += [f"{name}: {n}" for name, n in held_too["orphans"].items() if n]
    amiss["doctor"] = doctor(killed)
    amiss["outlived"] = done.outlived
    if done.count < kill_count:
        sys.exit(f"The import ended after {done.count} of {kill_count} kills: take more --files.")
    figures = {f"{kind}, here and there": float(len(held[kind])) for kind in held}
    figures |= {f"not the same: {kind}": float(len(lines)) for kind, lines in amiss.items()}
    figures |= {f"killed {how}": float(count) for how, count in sorted(done.how.items())}
    times = {"undisturbed, s": reference_s + changed_s, "with kills, s": done.seconds}
    return figures | {"starts": float(done.starts)} | times, amiss


# --- the imports --------------------------------------------------------------------------------


@dataclass
class Killings:
    """What was killed so far."""

    count: int = 0
    starts: int = 0
    seconds: float = 0.0
    how: Counter[str] = field(default_factory=Counter)
    outlived: list[str] = field(default_factory=list)  # processes that went on without their parent


class Adding:
    """`deskbook add` at work; what it says is read as it comes."""

    def __init__(self, source: Path, data: Path) -> None:
        command = [sys.executable, "-m", "app", "--data-dir", str(data), "add", str(source)]
        environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_WAIT_POLICY": "passive"}
        self.process = subprocess.Popen(
            [*command, "--json"],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.is_at_work = threading.Event()
        self.stage = "start"
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def wait(self, timeout_s: float) -> bool:
        """Whether it came to its end within this time."""
        try:
            code = self.process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            return False
        self._listener.join()
        if code not in (0, 1, -signal.SIGKILL):  # 1: some files could not be read, as is meant
            sys.exit(f"The import failed with exit code {code}: {self.stage}")
        return True

    def readers(self) -> list[psutil.Process]:
        """The processes in which files are read just now."""
        try:
            children = psutil.Process(self.process.pid).children()
            return [child for child in children if "spawn_main" in " ".join(child.cmdline())]
        except psutil.Error:
            return []

    def _listen(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            if stage := next((stage for stage in AT_WORK if stage in line), ""):
                self.stage = stage.strip(": ")
                self.is_at_work.set()
            elif not line.startswith("deskbook: "):
                self.stage = line.strip()
        self.is_at_work.set()


def add(source: Path, data: Path) -> float:
    """Bring all in, undisturbed; the seconds it took."""
    started = time.monotonic()
    if not Adding(source, data).wait(PATIENCE_S):
        sys.exit("The import does not end.")
    return time.monotonic() - started


def disturb(
    source: Path, data: Path, kills: int, share_s: float, drawn: random.Random, done: Killings
) -> None:
    """Bring all in, with so many kills spread over an import that takes `share_s` undisturbed."""
    started, last = time.monotonic(), done.count + kills
    while done.count < last:
        adding = Adding(source, data)
        done.starts += 1
        while adding.process.returncode is None and done.count < last:
            if drawn.random() < AT_THE_START:
                after_s = drawn.uniform(0, START_S)
            else:
                adding.is_at_work.wait(PATIENCE_S)
                after_s = drawn.uniform(0, SPREAD * share_s / kills)
            if adding.wait(after_s):
                return
            kill(adding, drawn.choice(VICTIMS), done)
        adding.wait(PATIENCE_S)
    add(source, data)
    done.seconds += time.monotonic() - started


def kill(adding: Adding, victim: str, done: Killings) -> None:
    """SIGKILL for one or all of an import's processes; without its engine none may go on."""
    readers = adding.readers()
    stage, pid = adding.stage, adding.process.pid
    if victim == "reader" and readers:
        readers[0].kill()
    elif victim == "group":
        os.killpg(pid, signal.SIGKILL)
    else:
        victim = "engine"
        os.kill(pid, signal.SIGKILL)
    done.count += 1
    done.how[f"while {stage}: {victim}"] += 1
    if victim != "reader":
        adding.process.wait()
        _, alive = psutil.wait_procs(readers, timeout=GRACE_S)
        done.outlived += [f"a reader outlived its engine, killed while {stage}"] * len(alive)


def doctor(data: Path) -> list[str]:
    """What `deskbook doctor` finds amiss."""
    command = [sys.executable, "-m", "app", "--data-dir", str(data), "doctor", "--json"]
    said = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    found = map(json.loads, said.stdout.splitlines())
    return [f"{each['name']}: {each['sentence']}" for each in found if not each["well"]]


if __name__ == "__main__":
    sys.exit(main())

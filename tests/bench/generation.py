"""What it costs to have a language model answer: waiting, work, memory, each beside its target.

With `--model FILE` another than the starter; a file above a gigabyte is given less to read. Every
part runs in a process of its own. All is measured on this machine as it is: a baseline is always
measured in the same process and in turn, and the ratio to it is what counts. Says nothing of the
quality of answers.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import time
from pathlib import Path

import llama_cpp
from generation_figures.figure import Figure
from generation_figures.subject import Subject, say, starter
from spine import commit, machine

from rag.hardware import physical_cores

SECTIONS = ("reuse", "speed", "drafting", "stopping", "memory", "opening")


def main() -> int:
    """Measure and print, a JSON line at the end, or that alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, metavar="FILE", help="a GGUF file; the starter")
    parser.add_argument("--only", default=",".join(SECTIONS), metavar="PART,…", help=f"{SECTIONS}")
    parser.add_argument("--threads", type=int, default=physical_cores())
    parser.add_argument("--json", action="store_true", help="print the JSON line alone")
    parser.add_argument("--part", choices=SECTIONS, help=argparse.SUPPRESS)  # the process measured
    arguments = parser.parse_args()
    subject = Subject(arguments.model or starter(), arguments.threads)
    if arguments.part:
        return measure_part(arguments.part, subject)
    names = arguments.only.split(",")
    if unknown := set(names) - set(SECTIONS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {SECTIONS}")
    return measure_all(subject, names, is_quiet=arguments.json)


def measure_part(name: str, subject: Subject) -> int:
    """Measure one part and hand its figures on, a line of JSON each."""
    part = importlib.import_module(f"generation_figures.{name}")
    for figure in part.measure(subject):
        print(json.dumps(figure.row), flush=True)
    return 0


def measure_all(subject: Subject, names: list[str], *, is_quiet: bool) -> int:
    """Each part in a process of its own, its lines as they come; 1 where a part failed."""
    rows: list[dict[str, object]] = []
    seconds: dict[str, float] = {}
    failed = []
    for name in names:
        started = time.perf_counter()
        say(f"- {name} …")
        found, is_whole = figures_of(name, subject)
        seconds[name] = round(time.perf_counter() - started, 1)
        for figure in found if not is_quiet else ():
            print(figure.line, flush=True)
        rows += [{"part": name, **figure.row} for figure in found]
        failed += [] if is_whole else [name]
    print(json.dumps({"figures": rows, "seconds": seconds, "failed": failed} | told(subject)))
    return 1 if failed else 0


def figures_of(name: str, subject: Subject) -> tuple[list[Figure], bool]:
    """The figures of a part, and whether those are all."""
    command = [sys.executable, __file__, "--part", name, "--threads", str(subject.threads)]
    part = subprocess.run(
        [*command, "--model", str(subject.path)], stdout=subprocess.PIPE, text=True, check=False
    )
    rows = [json.loads(line) for line in part.stdout.splitlines()]
    for row in rows:
        del row["is_met"]
    return [Figure(**row) for row in rows], part.returncode == 0


def told(subject: Subject) -> dict[str, object]:
    """What was measured, with what, and where."""
    return {
        "model": subject.path.name,
        "model_bytes": subject.path.stat().st_size,
        "threads": subject.threads,
        "llama_cpp": llama_cpp.__version__,
        "machine": machine(),
        "commit": commit(),
    }


if __name__ == "__main__":
    sys.exit(main())

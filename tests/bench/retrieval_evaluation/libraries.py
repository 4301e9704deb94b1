"""Libraries of files, made through the engine once and kept until what makes them changes.

A library is named by a hash of its files and of the code between a file and its vectors; vectors
are kept by the text they were computed of, so that a change there computes only what is new. Work
is done on a copy: it may be changed, and two runs do not wait for each other.
"""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from unittest import mock

import numpy as np
import platformdirs
from spine import ROOT

from app.engine import Engine
from app.settings import DEFAULT_COLLECTION, Paths, Settings
from rag.embedding import Vectors
from rag.scheduler import Work
from rag.types import AddedFile

KEPT = platformdirs.user_cache_path("deskbook-bench", appauthor=False)
MAKERS = (  # what decides on the content of a library
    "app/settings.py",
    "assets/embedders/*",
    "rag/catalog/*.py",
    "rag/chunking.py",
    "rag/documents/*.py",
    "rag/embedding/*.py",
    "rag/folding.py",
    "rag/library/*.py",
    "rag/sentences.py",
    "rag/vectors/*.py",
    "rag/words.py",
)
VERSIONS_KEPT = 4  # of each library
WHOLE = "whole.txt"  # stands in a library that was made to its end


Embed = Callable[[Sequence[str]], Vectors]
Making = Callable[[Engine, Embed], AbstractContextManager[object]]


@contextmanager
def remembering(engine: Engine, remembered: Embed) -> Iterator[None]:
    """A library as the program makes it; only vectors that are not remembered are computed."""
    with mock.patch.object(engine.embedder, "embed", remembered):
        yield


@contextmanager
def opened(
    name: str, files: Sequence[Path], kept: Path, *, making: Making = remembering
) -> Iterator[Engine]:
    """The engine of a library of these files; changes to it are gone afterwards.

    It was made inside of what `making` gives.
    """
    made = make(name, files, kept, making)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        shutil.copytree(made, data)
        with Engine(Settings(Paths.of(data))) as engine:
            engine.embedder.load()
            engine.vectors.ids()
            yield engine


def make(name: str, files: Sequence[Path], kept: Path, making: Making = remembering) -> Path:
    """The folder of the library, made now unless it is there."""
    wanted = kept / f"{name}-{fingerprint(files)}"
    if (wanted / WHOLE).is_file():
        return wanted
    started = time.perf_counter()
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept) as folder:
        data = Path(folder) / "data"
        add(data, files, kept, making)
        shutil.rmtree(wanted, ignore_errors=True)
        data.rename(wanted)
    forget_old(name, kept)
    print(f"library {name}: {time.perf_counter() - started:.0f} s", file=sys.stderr)
    return wanted


def fingerprint(files: Sequence[Path]) -> str:
    """Of the files and of the code that makes a library of them."""
    code = sorted(path for pattern in MAKERS for path in ROOT.glob(pattern) if path.is_file())
    digest = hashlib.sha256()
    for path in [*code, *sorted(files)]:
        digest.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:12]


def add(data: Path, files: Sequence[Path], kept: Path, making: Making) -> None:
    """Bring the files into a new library; one that is not taken in ends the benchmark."""
    settings = Settings(Paths.of(data))
    measured = settings.paths.models / "measured"  # one way of embedding for all libraries
    if (kept / "measured").is_dir():
        shutil.copytree(kept / "measured", measured)
    with Engine(settings) as engine:
        remembered = RememberedVectors(kept / "vectors.sqlite3", engine.embedder.fingerprint)
        work = Work(engine.scheduler)
        adding = engine.library.add(files, collection=DEFAULT_COLLECTION, work=work)
        with making(engine, remembered.before(engine.embedder.embed)):
            for step in adding.run():
                if isinstance(step, AddedFile) and not step.verdict.is_success:
                    sys.exit(f"{step.path} was not taken in: {step.reason}")
        remembered.close()
    if measured.is_dir():
        shutil.copytree(measured, kept / "measured", dirs_exist_ok=True)
    (data / WHOLE).touch()


def forget_old(name: str, kept: Path) -> None:
    """Remove all but the newest versions of a library."""
    versions = sorted(kept.glob(f"{name}-*"), key=lambda path: path.stat().st_mtime)
    for path in versions[:-VERSIONS_KEPT]:
        shutil.rmtree(path, ignore_errors=True)


class RememberedVectors:
    """Vectors by the text they were computed of, for the embedder of one fingerprint."""

    def __init__(self, path: Path, embedder: str) -> None:
        self._embedder = embedder
        self._db = sqlite3.connect(path, timeout=60, check_same_thread=False)
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS vectors (text BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID"
        )

    def before(self, embed: Embed) -> Embed:
        """The same, computing only what is not remembered."""

        def remembering(texts: Sequence[str]) -> Vectors:
            known = {text: self._recall(text) for text in texts}
            new = [text for text, vector in known.items() if vector is None]
            if new:
                computed = dict(zip(new, embed(new), strict=True))
                self._keep(computed)
                known |= computed
            return np.stack([known[text] for text in texts])

        return remembering

    def close(self) -> None:
        self._db.close()

    def _recall(self, text: str) -> Vectors | None:
        query = "SELECT vector FROM vectors WHERE text = ?"
        row = self._db.execute(query, [self._key(text)]).fetchone()
        return np.frombuffer(row[0], np.float32) if row else None

    def _keep(self, computed: dict[str, Vectors]) -> None:
        with self._db:
            self._db.executemany(
                "INSERT OR IGNORE INTO vectors VALUES (?, ?)",
                [(self._key(text), vector.tobytes()) for text, vector in computed.items()],
            )

    def _key(self, text: str) -> bytes:
        return hashlib.sha256(f"{self._embedder}\0{text}".encode()).digest()

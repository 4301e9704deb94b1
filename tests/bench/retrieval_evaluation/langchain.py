"""The baseline: LangChain's tutorial pipeline over the same files, asked the same questions.

It runs in an environment of its own, which `ingest` makes; its store is kept beside the libraries.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import ingest
from retrieval_evaluation.aligning import Alignment
from retrieval_evaluation.libraries import WHOLE, forget_old
from retrieval_evaluation.scoring import Locate, Searched
from retrieval_evaluation.searches import PASSAGES, Found, Hit, whole
from retrieval_evaluation.tokens import TokenEnds
from retrieval_evaluation.typeset_corpora import TypesetText

from rag.types import Span

SCRIPTS = [ingest.PIPELINES / name for name in ("langchain_search.py", "langchain_tutorial.py")]
STRIDE = 100_000  # between the offsets of two pieces: each has numbers of its own


class LangChain:
    """What the baseline found, and where its pieces lie."""

    def __init__(self, name: str, files: Sequence[Path], kept: Path, ends: TokenEnds) -> None:
        self._files = files
        self._store = kept / f"langchain-{name}-{_fingerprint(files)}"
        self._name, self._kept, self._ends = f"langchain-{name}", kept, ends
        self._pieces: dict[tuple[str, int], tuple[str, int]] = {}  # text and page, by its offset
        self._numbers: dict[tuple[str, int, int], int] = {}

    def ask(self, questions: Sequence[str]) -> Searched:
        """What it finds for each of the questions."""
        ingest.install_baseline()
        if not (self._store / WHOLE).is_file():  # a run was cut short: its pieces would be twice
            shutil.rmtree(self._store, ignore_errors=True)
        lines = answers_of(self._request(questions), self._store)
        forget_old(self._name, self._kept)
        return {line["question"]: self._found(line) for line in lines}

    def locator(self, typeset: Mapping[str, TypesetText]) -> Locate:
        """Where its pieces were typeset: each on the page that it names."""

        @cache
        def alignment(document: str, base: int) -> tuple[int, Alignment]:
            text, page = self._pieces[document, base]
            there = typeset[document].on_page(page)
            return there.start, Alignment(text, there.of(typeset[document].squeezed.text))

        @cache
        def locate(document: str, span: Span) -> Sequence[Span]:
            if document not in typeset:
                return ()
            base = span.start - span.start % STRIDE
            start, aligned = alignment(document, base)
            places = aligned.places(Span(span.start - base, span.end - base))
            return [Span(start + place.start, start + place.end) for place in places]

        return locate

    def _request(self, questions: Sequence[str]) -> dict[str, Any]:
        return {
            "files": list(map(str, self._files)),
            "questions": list(questions),
            "limit": PASSAGES,
        }

    def _found(self, line: dict[str, Any]) -> Found:
        hits = tuple(map(self._hit, line["found"]))
        nearest = line["found"][0]["distance"]
        # Chroma's distance is squared, and the vectors have length 1: so this is the cosine.
        return Found(hits, whole(hits, self._ends), 1 - nearest / 2, line["seconds"])

    def _hit(self, told: dict[str, Any]) -> Hit:
        document, page, text = told["source"], told["page"], told["text"]
        if page is None:
            start = told["start"]
            return Hit(document, Span(start, start + len(text)), text)
        key = document, page, told["start"]
        base = STRIDE * self._numbers.setdefault(key, len(self._numbers))
        self._pieces[document, base] = text, page + 1
        return Hit(document, Span(base, base + len(text)), text, (page + 1,))


def _fingerprint(files: Sequence[Path]) -> str:
    parts = [*map(Path.read_bytes, [*files, *SCRIPTS]), "".join(ingest.BASELINE_PACKAGES).encode()]
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()[
        :12
    ]


def answers_of(request: dict[str, Any], store: Path) -> list[dict[str, Any]]:
    """What the script says to a request; its failure ends the benchmark."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "request.json"
        path.write_text(json.dumps(request), "utf-8")
        ran = subprocess.run(
            [ingest.baseline_python(), str(SCRIPTS[0]), str(path), str(store), str(ingest.MODEL)],
            env=os.environ | ingest.QUIET | {"PYTHONWARNINGS": "ignore"},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
    if ran.returncode != 0:
        sys.exit("LangChain's process failed: see above.")
    return [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]

"""The model that is measured, how much it is given to read, and what."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from spine import ROOT

from rag.generation import LocalModel, Plan
from rag.generation.live_sequence import LiveSequence
from rag.generation.templates import Message
from rag.generation.weights import Weights
from rag.models import Catalogue, ModelStore
from rag.prompting import read_prompts

SYSTEM = Message("system", read_prompts(ROOT / "assets" / "prompts").documents.text)
LARGE_BYTES = 1_000_000_000
# About twenty tokens each, of which the first two or three are the same.
QUESTIONS = (
    "Question: What does it cost in all, and who pays for it when the year is over?",
    "Question: When was it built, where does it stand, and who was the first to use it?",
    "Question: How is it to be cleaned, how often, and what should never be used for it?",
    "Question: Why was it moved to another place, and what has become better since then?",
)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is read and written, so that a model which reads ten tokens a second is done too."""

    rounds: int
    context_tokens: int
    evidence_tokens: int  # of a question; with the system prompt before it, 440 or so
    conversation_tokens: int  # of one that is reopened
    read_tokens: int  # beside a bare loop
    written_tokens: int
    stops: int
    longest_stop_s: float  # after which the latest comes
    tokens_between_stops: int  # read without a stop, to come on in the prompt


SMALL = Sizes(5, 5_120, 260, 1_000, 384, 48, 30, 2.0, 128)
LARGE = Sizes(2, 5_120, 260, 440, 256, 12, 20, 8.0, 0)


@dataclass(frozen=True, slots=True)
class Subject:
    """A model's file and how it is run."""

    path: Path
    threads: int

    @property
    def sizes(self) -> Sizes:
        """By the file's size, which tells how slow it is."""
        return LARGE if self.path.stat().st_size > LARGE_BYTES else SMALL

    def plan(self, context_tokens: int = 0, *, is_mapped: bool = True) -> Plan:
        """As Deskbook loads it where memory is tight; repacked where it is not mapped."""
        return Plan(context_tokens or self.sizes.context_tokens, self.threads, is_mapped=is_mapped)

    @contextlib.contextmanager
    def opened(self, plan: Plan) -> Iterator[tuple[LocalModel, LiveSequence, Weights]]:
        """The model, with its parts at hand so that they can be compared with it."""
        weights = Weights(self.path, plan)
        sequence = LiveSequence(weights, plan)
        with closing(LocalModel(self.path.stem, weights, sequence)) as model:
            yield model, sequence, weights


def starter() -> Path:
    """The file of the starter model."""
    with tempfile.TemporaryDirectory() as folder:
        catalogue = Catalogue.read(ROOT / "assets" / "models.toml")
        return ModelStore(Path(folder), catalogue).find("starter").path


def told_by(script: str, *arguments: object) -> Any:
    """What a script beside this file prints, a process of its own, in JSON."""
    command = [sys.executable, str(Path(__file__).with_name(script)), *map(str, arguments)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(run.stdout)


def text_of(token_count: int, count: Callable[[str], int]) -> str:
    """Sentences of the sample documents, over and over, with about so many tokens."""
    paths = sorted((ROOT / "assets" / "samples").glob("*.md"))
    words = " ".join(path.read_text("utf-8") for path in paths).split()
    text, step = "", 40
    pieces = cycle(" ".join(words[n : n + step]) for n in range(0, len(words), step))
    while count(text) < token_count:
        text += next(pieces) + " "
    return text[: int(len(text) * token_count / count(text))].strip()


def asked(evidence: str, question: str) -> list[Message]:
    """A question as Deskbook asks it: evidence first."""
    return [SYSTEM, Message("user", f"[1] Samples\n{evidence}\n\n{question}")]


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds on the clock, and of all the cores this process used."""

    clock: float
    cores: float


def spent(work: Callable[..., object], *arguments: object) -> Spent:
    """What the work takes, called with these arguments."""
    clock, cores = time.perf_counter(), time.process_time()
    work(*arguments)
    return Spent(time.perf_counter() - clock, time.process_time() - cores)


def never() -> bool:
    """Nobody stops the work."""
    return False


def answer(model: LocalModel, messages: list[Message], *, max_tokens: int = 1) -> str:
    """What the model says; with one token, its time is the time to the first."""
    pieces = model.generate(messages, max_tokens=max_tokens, temperature=0.0, is_stopped=never)
    return "".join(pieces)


def say(text: str) -> None:
    """A word on how it goes, away from the results."""
    print(text, file=sys.stderr, flush=True)

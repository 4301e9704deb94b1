"""Graphics cards tried in a process of their own, since a broken driver ends the one it runs in.

What was found is kept until the machine, its driver's device or llama.cpp changes.
"""

from __future__ import annotations

import json
import logging
import multiprocessing
import os
from dataclasses import asdict, dataclass
from pathlib import Path

log = logging.getLogger(__name__)

NAME = "deskbook-graphics-trial"
TIMEOUT_S = 90.0  # shaders are compiled at the first use
WORDS = "The ferry leaves at eight in the morning and comes back at noon."
FAILED = 4  # an exit code


@dataclass(frozen=True, slots=True)
class Trial:
    """Whether a model could be computed on a graphics card; `reason` is a sentence if not."""

    is_passed: bool
    reason: str = ""


def try_graphics(model: Path, *, timeout_s: float = TIMEOUT_S) -> Trial:
    """Load a small model onto the graphics cards in another process and let it read a sentence."""
    process = multiprocessing.get_context("spawn").Process(
        target=_read_a_sentence, args=(model,), name=NAME, daemon=True
    )
    process.start()
    process.join(timeout_s)
    if process.is_alive():
        process.kill()
        process.join()
        return Trial(False, "The graphics card did not answer, so the processor is used.")
    if process.exitcode == 0:
        return Trial(True)
    log.warning("the trial of the graphics cards ended with exit code %s", process.exitcode)
    if process.exitcode == FAILED:
        return Trial(False, "The graphics card could not compute, so the processor is used.")
    return Trial(
        False, "The graphics card's driver crashed when it was tried, so the processor is used."
    )


def kept_trial(file: Path, machine: str) -> Trial | None:
    """The trial kept in a file for the machine with this fingerprint, if there is one."""
    try:
        kept = json.loads(file.read_text("utf-8"))
        if kept.pop("machine") == machine:
            return Trial(**kept)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        pass
    return None


def keep_trial(file: Path, machine: str, trial: Trial) -> None:
    """Keep a trial; where that cannot be, the next start tries again."""
    part = file.with_name(file.name + ".part")
    try:
        part.write_text(json.dumps(asdict(trial) | {"machine": machine}), "utf-8")
        part.replace(file)
    except OSError:
        log.warning("the trial of the graphics cards cannot be kept", exc_info=True)


def _read_a_sentence(model: Path) -> None:
    """What the other process does. Its end tells how it went."""
    from rag.errors import DeskbookError
    from rag.generation.backends import load_graphics
    from rag.generation.local_model import LocalModel
    from rag.generation.plan import Plan
    from rag.generation.templates import Message

    load_graphics()
    plan = Plan(context_tokens=512, threads=1, gpu_layers=1_000)
    try:
        tried = LocalModel.load(model, plan, name="trial")
        talk = [Message("user", WORDS)]
        list(tried.generate(talk, max_tokens=2, temperature=0.0, is_stopped=lambda: False))
    except DeskbookError:
        os._exit(FAILED)
    os._exit(0)  # without the driver's own clean-up, which may hang

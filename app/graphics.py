"""This machine with its graphics cards, once they were tried: a broken driver ends a process.

Where llama.cpp is built in one piece there is nothing to try, and its cards are as it says.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from app.settings import Settings
from rag.errors import ModelMissing
from rag.generation.backends import load_graphics
from rag.generation.graphics_trial import Trial, keep_trial, kept_trial, try_graphics
from rag.hardware import Machine
from rag.hardware.cards import find_cards
from rag.hardware.graphics import has_backends_apart
from rag.models import ModelStore

SMALL_MODEL = "starter"  # that cards are tried with
NAMED_DEVICES = "GGML_VK_VISIBLE_DEVICES"  # a person says which to use, as in tests


def measured_machine(settings: Settings, store: ModelStore) -> Machine:
    """This machine as it is just now, its cards only if they can compute.

    They are tried in a process of their own, once for each machine, driver and llama.cpp.
    """
    machine = Machine.measure()
    has_cards = bool(find_cards()) or NAMED_DEVICES in os.environ
    if machine.gpus or not has_cards or not has_backends_apart():
        return machine
    if settings.model.gpu_layers == 0:
        return machine.without_graphics("Graphics cards are not used, as the settings say.")
    try:
        trial = _trial(settings.paths.data / "graphics.json", machine, store)
    except ModelMissing:
        return machine
    if not trial.is_passed:
        return machine.without_graphics(trial.reason)
    load_graphics()
    return Machine.measure()


def _trial(file: Path, machine: Machine, store: ModelStore) -> Trial:
    """The one that is kept, or a new one. Raises ModelMissing where no small model is here."""
    key = f"{replace(machine, gpus=()).fingerprint} {find_cards()}"
    trial = kept_trial(file, key)
    if trial is None:
        trial = try_graphics(store.find(SMALL_MODEL).path)
        keep_trial(file, key, trial)
    return trial

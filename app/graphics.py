"""This machine with its graphics cards, once they were tried: a broken driver ends a process.

Where llama.cpp is built in one piece there is nothing to try, and its cards are as it says.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from app.card_deaths import TOO_MANY, deaths, note_at_rest
from app.settings import Settings
from rag.errors import ModelMissing
from rag.generation.backends import load_graphics
from rag.generation.graphics_trial import Trial, keep_trial, kept_trial, try_graphics
from rag.hardware import Machine
from rag.hardware.cards import find_cards
from rag.hardware.graphics import has_backends_apart
from rag.models import ModelStore

DIED = "Deskbook's engine crashed twice while it used the graphics card, so the processor is used."
SMALL_MODEL = "starter"  # that cards are tried with
NAMED_DEVICES = "GGML_VK_VISIBLE_DEVICES"  # a person says which to use, as in tests


def measured_machine(settings: Settings, store: ModelStore) -> Machine:
    """This machine as it is just now, its cards only if they can compute.

    They are tried in a process of their own, once for each machine, driver and llama.cpp.
    """
    machine, file = Machine.measure(), settings.paths.data / "graphics.json"
    if deaths(settings.paths) >= TOO_MANY:
        keep_trial(file, _key(machine), Trial(False, DIED))
        note_at_rest(settings.paths)
    if machine.gpus and (died := kept_trial(file, _key(machine))) and not died.is_passed:
        return machine.without_graphics(died.reason)
    has_cards = bool(find_cards()) or NAMED_DEVICES in os.environ
    if machine.gpus or not has_cards or not has_backends_apart():
        return machine
    if settings.model.gpu_layers == 0:
        return machine.without_graphics("Graphics cards are not used, as the settings say.")
    try:
        trial = _trial(file, machine, store)
    except ModelMissing:
        return machine
    if not trial.is_passed:
        return machine.without_graphics(trial.reason)
    load_graphics()
    return Machine.measure()


def _trial(file: Path, machine: Machine, store: ModelStore) -> Trial:
    """The one that is kept, or a new one. Raises ModelMissing where no small model is here."""
    trial = kept_trial(file, _key(machine))
    if trial is None:
        trial = try_graphics(store.find(SMALL_MODEL).path)
        keep_trial(file, _key(machine), trial)
    return trial


def _key(machine: Machine) -> str:
    """The same until the machine, a driver or llama.cpp changes, whatever is loaded just now."""
    return f"{replace(machine, gpus=()).fingerprint} {find_cards()}"

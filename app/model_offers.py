"""What a person is told of the language models: how each would run, and which is the right one."""

from __future__ import annotations

from collections.abc import Iterable

from app.judging_models import Judged, Unusable, judge_models
from app.settings import Settings
from app.speed_words import pace, words_a_second, writing_words
from rag.hardware import Machine
from rag.models import InstalledModel, ModelStore
from rag.types import ModelOffer, ModelState

WORTHWHILE_CONTEXT = 4_096  # tokens: with less a model is not the right one
SLOW_WORDS = 4.0  # a second: about as fast as people read
MUCH_FASTER = 2.0  # times


def model_offers(
    settings: Settings, store: ModelStore, machine: Machine, *, in_use: str = ""
) -> tuple[str, tuple[ModelOffer, ...]]:
    """A sentence on what this machine can run and how fast, and each model: the best first.

    `in_use` is the name of the one that is loaded, if any: it has shown that it has room.
    """
    judged = judge_models(settings, store, machine)
    models = [each for each in judged if isinstance(each, Judged)]
    best = recommended(models, in_use=in_use)
    judged.sort(key=lambda each: each.is_demonstration)
    offers = (
        _offer(each, is_recommended=each is best, is_in_use=each.name == in_use)
        if isinstance(each, Judged)
        else _refusal(each)
        for each in judged
    )
    return on_machine(machine, best, models), tuple(offers)


def recommended(models: Iterable[Judged], *, in_use: str = "") -> Judged | None:
    """The first of the catalogue's that has room and a worthwhile context; else what shows how."""
    known = [model for model in models if model.entry is not None]
    real = (model for model in known if not model.is_demonstration)
    right = (
        model
        for model in real
        if model.name == in_use
        or (model.fitted.is_fitting and model.fitted.plan.context_tokens >= WORTHWHILE_CONTEXT)
    )
    return next(right, next((model for model in known if model.fitted.is_fitting), None))


def _offer(model: Judged, *, is_recommended: bool, is_in_use: bool) -> ModelOffer:
    installed, entry, speed = model.installed, model.entry, model.speed
    is_fitting = model.fitted.is_fitting or is_in_use
    words = f" {pace(speed)}" if is_fitting else ""
    return ModelOffer(
        name=model.name,
        title=model.title,
        state=_state(installed, is_in_use=is_in_use),
        size_bytes=installed.size_bytes if installed else model.fitted.shape.weights_bytes,
        licence=entry.licence if entry else "",
        note=entry.note if entry else "",
        path=str(installed.path) if installed else "",
        owner=installed.owner if installed else "",
        is_fitting=is_fitting,
        is_recommended=is_recommended,
        is_demonstration=model.is_demonstration,
        fit=model.fitted.reason + words,
        reading_speed=speed.reading,
        writing_speed=speed.writing,
        is_in_place=installed is not None and installed.is_in_place,
    )


def _refusal(model: Unusable) -> ModelOffer:
    installed, entry = model.installed, model.installed.entry
    return ModelOffer(
        name=installed.name,
        title=installed.title,
        state=_state(installed, is_in_use=False),
        size_bytes=installed.size_bytes,
        licence=entry.licence if entry else "",
        note=entry.note if entry else "",
        path=str(installed.path),
        owner=installed.owner,
        is_fitting=False,
        is_recommended=False,
        is_demonstration=installed.is_demonstration,
        fit=model.reason,
        reading_speed=0.0,
        writing_speed=0.0,
        is_in_place=installed.is_in_place,
    )


def _state(installed: InstalledModel | None, *, is_in_use: bool) -> ModelState:
    if is_in_use:
        return ModelState.IN_USE
    if installed is None:
        return ModelState.AVAILABLE
    return ModelState.FOUND if installed.owner else ModelState.INSTALLED


def on_machine(machine: Machine, best: Judged | None, models: list[Judged]) -> str:
    """What this computer can run, how fast, and what would be faster where that is slow."""
    if best is None or best.is_demonstration:
        return f"No real language model has room in this computer's memory. {_free(machine)}"
    told = f"This computer can run {best.title}: {words_a_second(best.speed)}"
    if (other := _faster(best, models)) is not None:
        return f"{told}. {other.title} would be faster, with {words_a_second(other.speed)}."
    return f"{told}."


def _faster(best: Judged, models: list[Judged]) -> Judged | None:
    """Another of the catalogue's, where the best one is slower than people read."""
    if writing_words(best.speed) >= SLOW_WORDS:
        return None
    others = (
        model
        for model in models
        if model.entry is not None
        and not model.is_demonstration
        and model.fitted.is_fitting
        and model.speed.writing >= MUCH_FASTER * best.speed.writing
    )
    return next(others, None)


def _free(machine: Machine) -> str:
    free, memory = machine.available_bytes / 1e9, machine.memory_bytes / 1e9
    return f"{free:.1f} GB of {memory:.1f} GB are free: close other programs, and look again."

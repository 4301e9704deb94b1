"""Each language model that is here or to be had, as it would run on this machine.

Nothing is loaded or fetched, and nothing is put in words: those are `app.model_offers`'.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path

from app.model_speeds import ModelSpeeds
from app.settings import Settings
from rag.errors import ModelError
from rag.generation.estimate import estimate, scaled
from rag.generation.fit import Fit, fit_shape
from rag.generation.shape import Shape
from rag.generation.speed import Speed
from rag.hardware import Machine
from rag.hardware.throughput import Throughput, measure_throughput
from rag.models import CatalogueEntry, InstalledModel, ModelKind, ModelStore
from rag.models.gguf import read_header


@dataclass(frozen=True, slots=True)
class Judged:
    """A language model as it would run on this machine."""

    installed: InstalledModel | None  # None for one to be had
    entry: CatalogueEntry | None  # None for one that the catalogue does not know
    fitted: Fit
    speed: Speed
    is_measured: bool  # the speed, on this very machine; else it is an estimate

    @property
    def name(self) -> str:
        """By which it is asked for."""
        known = self.installed or self.entry
        assert known is not None
        return known.name

    @property
    def title(self) -> str:
        """What a person knows it by."""
        known = self.installed or self.entry
        assert known is not None
        return known.title

    @property
    def is_demonstration(self) -> bool:
        """It moves the machinery, and what it says is often wrong."""
        return self.entry is not None and self.entry.is_demonstration


@dataclass(frozen=True, slots=True)
class Unusable:
    """A file that is no model, or none that can be read."""

    installed: InstalledModel
    reason: str

    @property
    def is_demonstration(self) -> bool:
        """As of one that can be used."""
        return self.installed.is_demonstration


def judge_models(
    settings: Settings, store: ModelStore, machine: Machine
) -> list[Judged | Unusable]:
    """Every language model that is here or to be had, in the catalogue's order, others behind."""
    here = {model.name: model for model in store.list()}
    entries = [entry for entry in store.catalogue.entries if entry.kind is ModelKind.LLM]
    judging = _Judging(settings, machine)
    known = [
        judging.tolerantly(here.pop(entry.name)) if entry.name in here else judging.entry(entry)
        for entry in entries
        if entry.name in here or entry.repository
    ]
    judged = [*known, *map(judging.tolerantly, here.values())]
    measured = [each for each in judged if isinstance(each, Judged) and each.is_measured]
    return [
        _by_measurement(each, measured) if isinstance(each, Judged) else each for each in judged
    ]


def judge_model(settings: Settings, model: InstalledModel, machine: Machine) -> Judged:
    """One that is here. Raises ModelMissing and ModelUnusable."""
    return _Judging(settings, machine).installed(model)


class _Judging:
    """Fits models into this machine, and tells their speed."""

    def __init__(self, settings: Settings, machine: Machine) -> None:
        self._wanted = settings.model
        self._machine = machine
        self._speeds = ModelSpeeds(settings.paths)
        cores = machine.processor.performance_cores
        self._throughput = _throughput(settings.model.threads or cores)

    def installed(self, model: InstalledModel) -> Judged:
        """A model that is here. Raises ModelMissing and ModelUnusable."""
        shape = _shape_of(model.path, _changed_ns(model.path))
        measured = self._speeds.of(model.path, self._machine)
        return self._judged(shape, measured=measured, installed=model, entry=model.entry)

    def tolerantly(self, model: InstalledModel) -> Judged | Unusable:
        """The same, or why it is none."""
        try:
            return self.installed(model)
        except ModelError as error:
            return Unusable(model, str(error))

    def entry(self, entry: CatalogueEntry) -> Judged:
        """A model to be had."""
        return self._judged(Shape.of_entry(entry), entry=entry)

    def _judged(
        self,
        shape: Shape,
        *,
        measured: Speed | None = None,
        installed: InstalledModel | None = None,
        entry: CatalogueEntry | None,
    ) -> Judged:
        wanted, machine = self._wanted, self._machine
        fitted = fit_shape(
            shape,
            machine,
            wanted.context_tokens,
            threads=wanted.threads,
            gpu_layers=wanted.gpu_layers,
        )
        is_shared = any(gpu.is_shared for gpu in machine.gpus)
        speed = measured or estimate(shape, fitted.plan, self._throughput, is_shared=is_shared)
        return Judged(installed, entry, fitted, speed, is_measured=measured is not None)


@cache
def _throughput(threads: int) -> Throughput:
    return measure_throughput(threads)


def _changed_ns(path: Path) -> int:
    """When the file was changed; 0 where it is none, which reading it tells."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=64)
def _shape_of(path: Path, changed_ns: int) -> Shape:
    """Kept, since a large vocabulary takes a fifth of a second; read again when it changed."""
    return Shape.of_header(read_header(path))


def _by_measurement(model: Judged, measured: list[Judged]) -> Judged:
    """The model with the speed that the first comparable one tells of; cards make none so."""
    if model.is_measured or model.fitted.plan.gpu_layers:
        return model
    told = (
        scaled(other.speed, other.fitted.shape, model.fitted.shape)
        for other in measured
        if not other.fitted.plan.gpu_layers
    )
    speed = next((each for each in told if each is not None), model.speed)
    return replace(model, speed=speed)

"""A model's file into memory as it fits there, and one step smaller where memory is refused.

What a person should know of how it went is kept as a sentence. Which file is loaded, and when, is
`app.language_models`' affair.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from app.card_deaths import note_in_use
from app.graphics import measured_machine
from app.model_speeds import ModelSpeeds
from app.settings import Settings
from rag.errors import ModelError, ModelTooLarge, ModelUnusable
from rag.generation import LocalModel, Plan
from rag.generation.fit import Fit, fit, fit_shape, smaller
from rag.generation.reserving import DRAFT_TOKENS
from rag.generation.saved_states import SavedStates, forget_all
from rag.generation.speed import Speed, measure_speed
from rag.hardware import Machine
from rag.models import InstalledModel, ModelStore
from rag.models.gguf import read_header

log = logging.getLogger(__name__)

TOLD_EVERY_S = 0.5
UNMEASURED_READING = 100.0  # tokens a second
ON_PROCESSOR = (
    "The graphics card could not be used, so the model runs on the processor. "
    "Updating the card's driver may help."
)

OnLoading = Callable[[str], None]  # what is loaded just now, in words for a person


class ModelLoader:
    """Loads models as the settings and the machine want it."""

    def __init__(self, settings: Settings, store: ModelStore) -> None:
        self._settings = settings
        self._store = store
        self._speeds = ModelSpeeds(settings.paths)
        self._machine: Machine | None = None  # as it was when a model was loaded last
        self.speed: Speed | None = None  # of the model loaded last, if it was measured
        self.notice = ""  # of the model loaded last; empty where there is nothing to say
        self.on_loading: OnLoading = lambda what: None
        self.is_stopped: Callable[[], bool] = lambda: False
        self.keeps_conversations = True  # on the disk, for when they are gone on with
        self._states: SavedStates | None = None  # of the last model loaded

    def load(self, installed: InstalledModel, *, is_wanted: bool) -> LocalModel:
        """The model, smaller than planned or on the processor where it must be.

        One that has no room is tried all the same where a person wants it: the system may drop
        parts of it and read them again. Raises ModelMissing, ModelUnusable, ModelTooLarge where it
        has no room, and Stopped.
        """
        fitted, notice = self._fit(installed), ""
        if not fitted.is_fitting:
            notice = f"{installed.title} has hardly room. {fitted.reason}"
            if not is_wanted:
                raise ModelTooLarge(f"{installed.title} is not used.", remedy=fitted.reason)
        while True:
            try:
                model = self._load(installed, fitted.plan)
            except (ModelTooLarge, ModelUnusable) as error:
                fitted, notice = self._step_down(installed, fitted, error)
            else:
                self.notice, self._machine = notice, fitted.machine
                if fitted.plan.gpu_layers:
                    note_in_use(self._settings.paths)
                self._use_speed(model, self._speeds.of(installed.path, fitted.machine))
                self._keep_states(model)
                return model

    def _step_down(
        self, installed: InstalledModel, fitted: Fit, error: ModelError
    ) -> tuple[Fit, str]:
        """What to try next, and what to say of it. Raises the error where there is nothing."""
        log.warning("a model could not be loaded as planned: %s", error)
        step = smaller(fitted) if isinstance(error, ModelTooLarge) else self._off_cards(fitted)
        if step is None:
            raise error
        if fitted.plan.gpu_layers and not step.plan.gpu_layers:
            return step, ON_PROCESSOR
        return step, _smaller(installed.title, step.plan)

    def _fit(self, installed: InstalledModel) -> Fit:
        wanted = self._settings.model
        return fit(
            read_header(installed.path),
            measured_machine(self._settings, self._store),
            wanted.context_tokens,
            threads=wanted.threads,
            gpu_layers=wanted.gpu_layers,
        )

    def _off_cards(self, fitted: Fit) -> Fit | None:
        """On the processor alone; None where it is there already."""
        if not fitted.plan.gpu_layers:
            return None
        machine, wanted = fitted.machine.without_graphics(ON_PROCESSOR), self._settings.model
        return fit_shape(
            fitted.shape, machine, wanted.context_tokens, threads=wanted.threads, gpu_layers=0
        )

    def _load(self, installed: InstalledModel, plan: Plan) -> LocalModel:
        told_at = time.monotonic()

        def tell(share: float) -> None:
            nonlocal told_at
            if time.monotonic() - told_at >= TOLD_EVERY_S:
                told_at = time.monotonic()
                self.on_loading(f"{installed.title}, {share:.0%}")

        self.on_loading(installed.title)
        return LocalModel.load(
            installed.path,
            plan,
            name=installed.name,
            is_stopped=lambda: self.is_stopped(),
            on_progress=tell,
        )

    def measure(
        self, model: LocalModel, installed: InstalledModel, is_stopped: Callable[[], bool]
    ) -> Speed:
        """Measure how fast the model loaded last is, for some seconds. Raises Stopped."""
        assert self._machine is not None
        speed = measure_speed(model, is_stopped=is_stopped)
        log.info("%s reads %.0f tokens a second", installed.name, speed.reading)
        self._speeds.keep(installed.path, self._machine, speed)
        self._use_speed(model, speed)
        return speed

    def forget_states(self) -> None:
        """Remove from the disk what this and other models have read."""
        if self._states is None:
            forget_all(self._settings.paths.states)
        else:
            self._states.forget_all()

    def _use_speed(self, model: LocalModel, speed: Speed | None) -> None:
        """Words are guessed ahead where the measurement says that it pays, and nowhere else."""
        self.speed = speed
        model.draft_tokens = DRAFT_TOKENS if speed is not None and speed.drafting_pays else 0

    def _keep_states(self, model: LocalModel) -> None:
        """Conversations are gone on with from the disk, where that is faster than reading."""
        self._states = SavedStates(
            self._settings.paths.states,
            budget_bytes=self._settings.model.states_mb * 1_000_000,
            fingerprint=model.fingerprint,
            reading_tokens_per_s=self.speed.reading if self.speed else UNMEASURED_READING,
            keeps_conversations=self.keeps_conversations,
        )
        model.use_states(self._states)


def _smaller(title: str, plan: Plan) -> str:
    return (
        f"There was less memory than expected, so {title} was loaded one step smaller, with a "
        f"context of {plan.context_tokens:,} tokens."
    )

"""A model's file into memory as it fits there, and one step smaller where memory is refused.

What a person should know of how it went is kept as a sentence. Which file is loaded, and when, is
`app.language_models`' affair.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import replace

from app.settings import Settings
from rag.errors import ModelTooLarge, ModelUnusable
from rag.generation import LocalModel, Plan
from rag.generation.fit import fit
from rag.generation.saved_states import SavedStates, forget_all
from rag.hardware import Machine, physical_cores
from rag.models import InstalledModel
from rag.models.gguf import read_header

log = logging.getLogger(__name__)

LEAST_CONTEXT = 2_048  # tokens: with less there is no room for evidence and a conversation
TOLD_EVERY_S = 0.5
ON_PROCESSOR = (
    "The graphics card could not be used, so the model runs on the processor. "
    "Updating the card's driver may help."
)

OnLoading = Callable[[str], None]  # what is loaded just now, in words for a person


class ModelLoader:
    """Loads models as the settings and the machine want it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.notice = ""  # of the model loaded last; empty where there is nothing to say
        self.on_loading: OnLoading = lambda what: None
        self.is_stopped: Callable[[], bool] = lambda: False
        self._states: SavedStates | None = None  # of the last model loaded

    def load(self, installed: InstalledModel) -> LocalModel:
        """The model, smaller than planned or on the processor where it must be.

        Raises ModelMissing, ModelUnusable, ModelTooLarge where not even the smallest has room,
        and Stopped.
        """
        plan, notice = self._plan(installed), ""
        while True:
            try:
                model = self._load(installed, plan)
            except ModelTooLarge:
                if plan.context_tokens <= LEAST_CONTEXT:
                    raise
                plan = replace(plan, context_tokens=max(LEAST_CONTEXT, plan.context_tokens // 2))
                notice = _smaller(installed.title, plan)
            except ModelUnusable:
                if not plan.gpu_layers:
                    raise
                log.warning("the graphics card failed", exc_info=True)
                plan, notice = replace(plan, gpu_layers=0), ON_PROCESSOR
            else:
                self.notice = notice
                self._keep_states(model)
                return model

    def forget_states(self) -> None:
        """Remove from the disk what this and other models have read."""
        if self._states is None:
            forget_all(self._settings.paths.states)
        else:
            self._states.forget_all()

    def _plan(self, installed: InstalledModel) -> Plan:
        wanted = self._settings.model
        gpu_layers = wanted.gpu_layers
        if gpu_layers < 0:
            header = read_header(installed.path)
            gpu_layers = fit(header, Machine.measure(), wanted.context_tokens).gpu_layers
        return Plan(wanted.context_tokens, wanted.threads or physical_cores(), gpu_layers)

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
            is_stopped=self.is_stopped,
            on_progress=tell,
        )

    def _keep_states(self, model: LocalModel) -> None:
        """Conversations are gone on with from the disk."""
        budget_bytes = self._settings.model.states_mb * 1_000_000
        self._states = SavedStates(
            self._settings.paths.states, budget_bytes=budget_bytes, fingerprint=model.fingerprint
        )
        model.use_states(self._states)


def _smaller(title: str, plan: Plan) -> str:
    return (
        f"There was less memory than expected, so {title} reads at most "
        f"{plan.context_tokens:,} tokens at a time."
    )

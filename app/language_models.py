"""The language model that answers: which one that is, from one start to the next.

How a file is loaded as it fits is in `app.model_loading`, when it goes to rest in
`app.resting_model`, and what it is asked in `rag.answering`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.model_choice import read_model_choice, write_model_choice
from app.model_loading import ModelLoader, OnLoading
from app.resting_model import RestingModel
from app.settings import Settings
from rag.errors import BadRequest, LibraryNotWritable, ModelError, Stopped
from rag.generation import LanguageModel
from rag.generation.server_address import complete_address, is_on_this_machine, notice_of
from rag.generation.speed import Speed
from rag.generation.templates import Message
from rag.models import InstalledModel, ModelStore

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OpenedModel:
    """The language model in use; it may be at rest."""

    model: LanguageModel
    is_demonstration: bool
    path: str  # of its file; empty where it runs on a server
    host: str  # the other computer that it runs on; empty for this one


class LanguageModels:
    """Holds at most one language model. Not to be used from several threads at a time."""

    def __init__(self, settings: Settings, store: ModelStore) -> None:
        """Nothing is opened yet."""
        self._settings = settings
        self._store = store
        self._loader = ModelLoader(settings, store)
        self._opened: OpenedModel | None = None
        self._resting: RestingModel | None = None
        self._installed: InstalledModel | None = None
        self._failures: list[str] = []
        self._on_awake: Callable[[], None] = lambda: None
        self._opening: Future[OpenedModel | None] | None = None

    @property
    def opened(self) -> OpenedModel | None:
        """The one in use, if any was opened."""
        return self._opened

    @property
    def is_awake(self) -> bool:
        """Whether a question would not wait for a model to be loaded."""
        return self._resting is None or self._resting.is_awake

    @property
    def speed(self) -> Speed | None:
        """How fast the model in use is on this machine; None where that was not measured."""
        return self._loader.speed if self._resting is not None else None

    @property
    def is_measured(self) -> bool:
        """Whether nothing is left to be measured: it was, or no model of this machine answers."""
        return self._resting is None or self._loader.speed is not None

    @property
    def notice(self) -> str:
        """What a person should know of the model; empty where all is as it should be."""
        notices = (notice_of(self._settings.server.address), *self._failures, self._loader.notice)
        return " ".join(filter(None, notices))

    def begin_opening(self) -> None:
        """Open the model in a thread of its own, which `open` waits for."""
        with_thread = ThreadPoolExecutor(1, "opening")
        self._opening = with_thread.submit(self._open)
        with_thread.shutdown(wait=False)

    def open(self) -> OpenedModel | None:
        """Open and load the model that is to answer: None where there is none at all.

        That is a server, if the settings have one; else the model that they name; else the one
        the person chose; else the best of those here. Where the last two cannot be loaded, the
        next best is, and `notice` says so. Raises ModelError where the settings' own cannot.
        """
        opening, self._opening = self._opening, None
        return opening.result() if opening else self._open()

    def _open(self) -> OpenedModel | None:
        self._failures = []
        if self._settings.server.address:
            return self._open_server()
        if name := self._settings.model.name:
            return self._open_file(self._store.find(name), is_wanted=True)
        error: ModelError | None = None
        for installed, is_wanted in self._candidates():
            try:
                opened = self._open_file(installed, is_wanted=is_wanted)
            except ModelError as failure:
                log.warning("a language model cannot be used: %s", type(failure).__name__)
                self._failures.append(str(failure))
                error = failure
            else:
                if self._failures:
                    self._failures.append(f"Until then {installed.title} answers.")
                return opened
        if error is not None:
            raise error
        return None

    def use(self, name: str) -> OpenedModel:
        """Answer with this one from now on, at the next start too; as before where that fails.

        Raises ModelError, LibraryNotWritable, and BadRequest where the settings say otherwise.
        """
        self._require_free_choice(name)
        installed = self._store.find(name)
        self.rest()  # there may be no room for both
        opened = self._open_file(installed, is_wanted=True)
        try:
            write_model_choice(self._settings.paths.model_choice, installed.name)
        except OSError as error:
            raise LibraryNotWritable(
                f"The choice of {installed.title} cannot be kept: {error.strerror}.",
                remedy="Check that there is space on the disk and that you may write there.",
            ) from error
        self._failures = []
        return opened

    def read_for_ever(self, system: str, is_stopped: Callable[[], bool]) -> None:
        """Have the model read a system prompt, and keep it on disk from one start to the next.

        Not where a conversation would be lost by it. Raises Stopped.
        """
        if self._resting is None or not self._resting.is_awake:
            return
        with self._resting.in_use() as model:
            if not model.read_tokens:
                model.read_ahead([Message("system", system)], is_stopped=is_stopped)
                model.keep_for_ever()

    def measure(self, is_stopped: Callable[[], bool]) -> Speed | None:
        """Measure how fast the model in use is, for some seconds, unless it is known.

        None where there is nothing to be measured. Raises Stopped.
        """
        resting, installed = self._resting, self._installed
        if self.speed is not None or resting is None or installed is None or not resting.is_awake:
            return self.speed
        with resting.in_use() as model:
            return self._loader.measure(model, installed, is_stopped)

    def keep_no_conversations(self) -> None:
        """Whoever asks goes on with none: from the next loading on, none is written to the disk."""
        self._loader.keeps_conversations = False

    def forget_states(self) -> None:
        """Remove from the disk what models have read: documents were taken out of the library."""
        self._loader.forget_states()

    def rest(self) -> None:
        """Give the model's memory back now; whatever is asked next loads it again."""
        if self._resting is not None:
            self._resting.rest()

    @contextmanager
    def told(
        self,
        on_loading: OnLoading,
        *,
        on_awake: Callable[[], None] = lambda: None,
        is_stopped: Callable[[], bool],
    ) -> Iterator[None]:
        """Inside, `on_loading` hears what is loaded and `on_awake` that a model at rest is there
        again, and loading can be stopped.
        """
        loader, before = self._loader, (self._loader.on_loading, self._loader.is_stopped)
        loader.on_loading, loader.is_stopped, self._on_awake = on_loading, is_stopped, on_awake
        try:
            yield
        finally:
            (loader.on_loading, loader.is_stopped), self._on_awake = before, lambda: None

    def close(self) -> None:
        """Save the conversation and give the memory back."""
        if self._opened is not None:
            self._opened.model.close()
        self._opened = self._resting = self._installed = None

    def give_up(self) -> None:
        """End what is being opened, which nobody is to use."""
        self._loader.is_stopped = lambda: True
        with suppress(ModelError, Stopped):
            self.open()
        self.close()

    # --- opening --------------------------------------------------------------------------------

    def _candidates(self) -> Iterator[tuple[InstalledModel, bool]]:
        """The models that may answer, the first to be tried first, and whether a person wants it.

        Another program's is taken unasked only where the catalogue knows it.
        """
        path = None
        if chosen := read_model_choice(self._settings.paths.model_choice):
            try:
                wanted = self._store.find(chosen)
            except ModelError as error:
                self._failures.append(str(error))
            else:
                path = wanted.path
                yield wanted, True
        for each in self._store.list():
            if each.path != path and (each.entry is not None or not each.owner):
                yield each, False

    def _open_file(self, installed: InstalledModel, *, is_wanted: bool) -> OpenedModel:
        minutes = self._settings.model.rest_minutes
        model = RestingModel(
            installed.name,
            lambda: self._loader.load(installed, is_wanted=is_wanted),
            rest_s=60.0 * minutes,
            on_awake=lambda: self._tell_awake(model),
        )
        model.wake()
        self.close()
        self._resting, self._installed = model, installed
        self._opened = OpenedModel(
            model, installed.is_demonstration, path=str(installed.path), host=""
        )
        return self._opened

    def _tell_awake(self, model: RestingModel) -> None:
        """Of the one in use, not of one that is just being opened."""
        if self._resting is model:
            self._on_awake()

    def _open_server(self) -> OpenedModel:
        from rag.generation.server_model import ServerModel  # HTTP and TLS, which few need

        wanted = self._settings.server
        address = complete_address(wanted.address)
        self._loader.on_loading(f"the model at {address}")
        model = ServerModel(
            address, model=wanted.model, key=wanted.key, context_tokens=wanted.context_tokens
        )
        host = "" if is_on_this_machine(address) else urlsplit(address).hostname or ""
        self._opened = OpenedModel(model, is_demonstration=False, path="", host=host)
        return self._opened

    def _require_free_choice(self, name: str) -> None:
        """Raises BadRequest where the settings decide which model answers."""
        settings_file = self._settings.paths.settings_file
        if self._settings.server.address:
            raise BadRequest(
                "The settings have a server answer, so no model on this computer would.",
                remedy=f"Take `address` under [server] out of {settings_file} first.",
            )
        wish = self._settings.model.name
        if wish and wish != name:
            raise BadRequest(
                f"The settings want the model “{wish}”, so “{name}” would not last.",
                remedy=f"Take `name` under [model] out of {settings_file} first.",
            )

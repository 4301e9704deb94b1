"""A language model on this machine that gives its memory back while nobody asks.

It is loaded when it is first needed, and again after a rest. How it is loaded is the affair of
whoever makes one.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rag.generation import LocalModel
from rag.generation.templates import Message
from rag.types import Tokens

log = logging.getLogger(__name__)

Load = Callable[[], LocalModel]


class RestingModel:
    """A language model (see LanguageModel) that may be asleep; whatever it is asked wakes it.

    All that wakes it raises what `load` does. It serves one caller at a time; `rest` and `close`
    may come from any thread.
    """

    def __init__(
        self, name: str, load: Load, *, rest_s: float, on_awake: Callable[[], None] = lambda: None
    ) -> None:
        """Not loaded yet. It goes to rest `rest_s` after its last use; never where that is 0.

        `on_awake` is called each time when it has been loaded.
        """
        self.name = name
        self.usage = Tokens()
        self._load = load
        self._rest_s = rest_s
        self._on_awake = on_awake
        self._changing = threading.RLock()
        self._model: LocalModel | None = None
        self._context_tokens = 0
        self._use_count = 0
        self._used_at = 0.0
        self._timer: threading.Timer | None = None

    @property
    def is_awake(self) -> bool:
        """Whether it is in memory."""
        return self._model is not None

    @property
    def context_tokens(self) -> int:
        """How many tokens the prompt and the answer may have together."""
        if not self._context_tokens:
            self.wake()
        return self._context_tokens

    def wake(self) -> None:
        """Load it, unless it is there."""
        with self.in_use():
            pass

    def count(self, text: str) -> int:
        """The number of tokens of a plain text."""
        with self.in_use() as model:
            return model.count(text)

    def generate(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        temperature: float,
        is_stopped: Callable[[], bool],
    ) -> Iterator[str]:
        """Stream the answer to a conversation. Raises as LocalModel does."""
        with self.in_use() as model:
            pieces = model.generate(
                messages, max_tokens=max_tokens, temperature=temperature, is_stopped=is_stopped
            )
            try:
                for piece in pieces:
                    self.usage = model.usage
                    yield piece
            finally:
                self.usage = model.usage

    def read_ahead(self, messages: Sequence[Message], *, is_stopped: Callable[[], bool]) -> None:
        """Read a conversation that may not be complete. Raises as LocalModel does."""
        with self.in_use() as model:
            model.read_ahead(messages, is_stopped=is_stopped)

    @contextmanager
    def in_use(self) -> Iterator[LocalModel]:
        """The model, awake; inside, it does not go to rest."""
        with self._changing:
            if self._model is None:
                self._model = self._load()
                self._context_tokens = self._model.context_tokens
                self._on_awake()
            self._use_count += 1
            model = self._model
        try:
            yield model
        finally:
            with self._changing:
                self._use_count -= 1
                self._used_at = time.monotonic()
                if self._timer is None and self._rest_s and self._model is not None:
                    self._look_in(self._rest_s)

    def rest(self) -> bool:
        """Save the conversation and give the memory back; whether nobody needed it just now."""
        with self._changing:
            if self._use_count:
                return False
            self.close()
        give_memory_back()
        return True

    def close(self) -> None:
        """Save the conversation and give the memory back, whoever needs it."""
        with self._changing:
            model, self._model = self._model, None
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        if model is not None:
            model.close()

    def _look_in(self, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._rest_if_unused)
        self._timer.daemon = True
        self._timer.start()

    def _rest_if_unused(self) -> None:
        with self._changing:
            if self._timer is not threading.current_thread():  # closed meanwhile
                return
            left = self._used_at + self._rest_s - time.monotonic()
            if left > 0 or not self.rest():
                self._look_in(max(left, 1.0))
            else:
                log.info("the language model has gone to rest")


def give_memory_back() -> None:
    """Hand what was freed back to the system, which allocators are slow to do by themselves."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl does not
        if trim is not None:
            trim(0)

"""A model's file into memory: how far it has come is told, and a stop is heard all the while.

llama.cpp hears a stop between two tensors, and not at all while it maps a file. So it loads in a
thread of its own, which is left to itself when it shall stop: it frees what it got and ends.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from rag.errors import Stopped
from rag.generation.file_cache import warm
from rag.generation.freest_card import freest_card
from rag.generation.llama import complaints, library
from rag.generation.plan import Plan
from rag.generation.refusals import refused_weights, unreadable
from rag.models.gguf import file_parts

ASK_EVERY_S = 0.05
WARMED = 0.9  # the share of loading a mapped file that lies in reading it


def load_model(
    path: Path,
    plan: Plan,
    *,
    is_stopped: Callable[[], bool],
    on_progress: Callable[[float], None],
) -> Any:
    """llama.cpp's handle of the model in the file, loaded as the plan says.

    `on_progress` is told the share that is done, 0 to 1, from another thread too. Raises Stopped
    within about 0.1 s of `is_stopped` saying so, ModelTooLarge and ModelUnusable.
    """
    if plan.is_mapped:
        _warm(path, is_stopped=is_stopped, on_progress=lambda done: on_progress(done * WARMED))
    with complaints() as told:
        handle = _Loading(path, plan, on_progress).wait(is_stopped)
    if not handle:
        raise refused_weights(path, told, is_offloaded=plan.gpu_layers > 0)
    on_progress(1.0)
    return handle


def _warm(
    path: Path, *, is_stopped: Callable[[], bool], on_progress: Callable[[float], None]
) -> None:
    """Bring all files of the model into the system's cache."""
    parts = file_parts(path)

    def tell(before: int, done: float) -> None:
        on_progress((before + done) / len(parts))

    for number, part in enumerate(parts):
        try:
            warm(part, is_stopped=is_stopped, on_progress=partial(tell, number))
        except OSError as error:
            raise unreadable(part, error) from error


class _Loading:
    """One model on its way, with all that llama.cpp holds pointers to."""

    def __init__(self, path: Path, plan: Plan, on_progress: Callable[[float], None]) -> None:
        self._api = library()
        self._is_wanted = True
        self._tell = on_progress if not plan.is_mapped else lambda _done: None
        self._devices = _devices(plan)
        self._callback = self._api.llama_progress_callback(self._on_progress)
        executor = ThreadPoolExecutor(1, "loading")
        self._loaded: Future[Any] = executor.submit(
            self._api.llama_model_load_from_file, os.fsencode(path), self._parameters(plan)
        )
        executor.shutdown(wait=False)

    def wait(self, is_stopped: Callable[[], bool]) -> Any:
        """The handle, or nothing where the model was refused."""
        while True:
            try:
                return self._loaded.result(ASK_EVERY_S)
            except TimeoutError:
                if is_stopped():
                    self._is_wanted = False
                    self._loaded.add_done_callback(self._free)
                    raise Stopped from None

    def _parameters(self, plan: Plan) -> Any:
        api = self._api
        parameters = api.llama_model_default_params()
        parameters.n_gpu_layers = plan.gpu_layers
        parameters.split_mode = api.LLAMA_SPLIT_MODE_LAYER
        parameters.devices = ctypes.cast(self._devices, ctypes.c_void_p)
        parameters.load_mode = (
            api.LLAMA_LOAD_MODE_MMAP if plan.is_mapped else api.LLAMA_LOAD_MODE_NONE
        )
        parameters.use_extra_bufts = not plan.is_mapped
        parameters.progress_callback = self._callback
        return parameters

    def _on_progress(self, done: float, _data: object) -> bool:
        self._tell(done)
        return self._is_wanted

    def _free(self, loaded: Future[Any]) -> None:
        if handle := loaded.result():
            self._api.llama_model_free(handle)


def _devices(plan: Plan) -> Any:
    """A list of the one graphics card to be used, or of none, so that none is touched."""
    card = freest_card() if plan.gpu_layers else None
    return (ctypes.c_void_p * 2)(card, None)

"""A stop that reaches llama.cpp in the middle of a computation.

llama.cpp asks its abort callback before each of the thousand steps of a batch. A callback written
in Python needs the interpreter's lock each time: beside one busy Python thread it halved the speed
at which a prompt is read (36 for 80 tokens/s, SmolLM2 on 2 cores). So the callback is C's own
`strlen`, which needs no lock, over a string that is empty until the work shall stop; a thread of
ours asks whether it shall, twenty times a second.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

ASK_EVERY_S = 0.05


class StopFlag:
    """A string of at most one character at a fixed address: its length says whether to stop."""

    def __init__(self) -> None:
        self._text = ctypes.create_string_buffer(2)
        self._library = ctypes.CDLL("msvcrt" if sys.platform == "win32" else None)

    @property
    def callback(self) -> ctypes.c_void_p:
        """The address of a function that takes `address` and returns 0 or 1."""
        return ctypes.cast(self._library.strlen, ctypes.c_void_p)

    @property
    def address(self) -> int:
        """What the callback is to be called with. It lives as long as this object."""
        return ctypes.addressof(self._text)

    @property
    def is_set(self) -> bool:
        """Whether the work shall stop."""
        return bool(self._text.value)

    @contextmanager
    def follows(self, is_stopped: Callable[[], bool]) -> Iterator[None]:
        """Within it, the flag becomes set when `is_stopped` says so, and stays set to the end."""
        self._text.value = b"x" if is_stopped() else b""
        is_over = threading.Event()
        watch = threading.Thread(
            target=self._watch, args=(is_stopped, is_over), name="stop-flag", daemon=True
        )
        watch.start()
        try:
            yield
        finally:
            is_over.set()
            watch.join()
            self._text.value = b""

    def _watch(self, is_stopped: Callable[[], bool], is_over: threading.Event) -> None:
        while not is_over.wait(ASK_EVERY_S):
            if is_stopped():
                self._text.value = b"x"
                return

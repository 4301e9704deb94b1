"""The flag that llama.cpp reads while it computes."""

from __future__ import annotations

import ctypes
import threading
import time

from rag.generation.stopping import StopFlag

CALLBACK = ctypes.CFUNCTYPE(ctypes.c_bool, ctypes.c_void_p)


def asked_from_c(flag: StopFlag) -> bool:
    """What llama.cpp sees: the callback's answer, read as C's bool."""
    return bool(ctypes.cast(flag.callback, CALLBACK)(flag.address))


def test_a_new_flag_does_not_stop() -> None:
    assert not asked_from_c(StopFlag())


def test_the_flag_follows_within_a_tenth_of_a_second() -> None:
    flag, stop = StopFlag(), threading.Event()
    with flag.follows(stop.is_set):
        assert not asked_from_c(flag)
        stop.set()
        time.sleep(0.15)
        assert asked_from_c(flag)
        assert flag.is_set


def test_a_stop_before_the_work_is_known_at_once() -> None:
    flag = StopFlag()
    with flag.follows(lambda: True):
        assert asked_from_c(flag)


def test_afterwards_the_flag_is_as_new_and_nobody_watches() -> None:
    flag = StopFlag()
    with flag.follows(lambda: True):
        pass
    assert not asked_from_c(flag)
    assert all(thread.name != "stop-flag" for thread in threading.enumerate())

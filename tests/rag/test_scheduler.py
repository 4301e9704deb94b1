"""Who goes first: questions hold background work at its checkpoints, and a stop ends the wait."""

from __future__ import annotations

import threading
import time

import pytest

from rag.errors import Stopped
from rag.scheduler import Scheduler, Work


def begin(work: Work) -> tuple[threading.Thread, threading.Event, threading.Event]:
    """A thread that comes by a checkpoint; events that say whether it passed or was stopped."""
    passed, stopped = threading.Event(), threading.Event()

    def come_by() -> None:
        try:
            work.checkpoint()
        except Stopped:
            stopped.set()
        else:
            passed.set()

    thread = threading.Thread(target=come_by)
    thread.start()
    return thread, passed, stopped


def test_without_a_question_work_goes_on() -> None:
    Work(Scheduler()).checkpoint()


def test_work_waits_for_the_end_of_all_questions() -> None:
    scheduler = Scheduler()
    with scheduler.question():
        with scheduler.question():
            thread, passed, _ = begin(Work(scheduler))
            assert not passed.wait(0.15)
        assert not passed.wait(0.15)
    thread.join(timeout=5)
    assert passed.is_set()


def test_work_goes_on_at_once_when_the_question_ends() -> None:
    scheduler = Scheduler()
    with scheduler.question():
        thread, _, _ = begin(Work(scheduler))
        time.sleep(0.02)
        ended = time.monotonic()
    thread.join(timeout=5)
    assert time.monotonic() - ended < 0.2


def test_a_question_that_fails_lets_work_go_on() -> None:
    scheduler = Scheduler()
    with pytest.raises(ZeroDivisionError), scheduler.question():
        raise ZeroDivisionError
    Work(scheduler).checkpoint()


def test_work_that_is_stopped_stops_at_its_checkpoint() -> None:
    work = Work(Scheduler())
    work.stop()
    assert work.is_stopped()
    with pytest.raises(Stopped):
        work.checkpoint()


def test_work_that_waits_for_a_question_can_be_stopped() -> None:
    scheduler = Scheduler()
    work = Work(scheduler)
    with scheduler.question():
        thread, passed, stopped = begin(work)
        work.stop()
        thread.join(timeout=5)
        assert stopped.is_set()
        assert not passed.is_set()

"""The link hands events to whoever asked, and starts a lost engine again, within a limit."""

from __future__ import annotations

from typing import Any

from app.door import EndReason, EngineEnd
from app.messages import Done, EngineLost, Failed, ListDocuments, Loading, Ready, Stop, Words
from ui.link import EngineLink
from ui.restarts import RestartLimit

CRASH = EngineEnd(EndReason.CRASHED, "signal 11")


def ask(link: EngineLink, heard: list[Any]) -> int:
    return link.ask(lambda request: ListDocuments(request, ""), heard.append)


def test_each_asker_hears_its_own_events(link: EngineLink, door: Any) -> None:
    first: list[Any] = []
    second: list[Any] = []
    a, b = ask(link, first), ask(link, second)
    door.say(Words(b, "b"), Words(a, "a"), Done(b), Done(a))
    assert first == [Words(a, "a"), Done(a)]
    assert second == [Words(b, "b"), Done(b)]


def test_nothing_is_heard_after_the_end(link: EngineLink, door: Any) -> None:
    heard: list[Any] = []
    request = ask(link, heard)
    door.say(Done(request), Words(request, "late"))
    assert heard == [Done(request)]


def test_only_a_running_request_is_stopped(link: EngineLink, door: Any) -> None:
    request = ask(link, [])
    link.stop(request)
    door.say(Done(request))
    link.stop(request)
    assert [sent for sent in door.sent if isinstance(sent, Stop)] == [Stop(request)]


def test_how_the_engine_is_becomes_signals(link: EngineLink, door: Any) -> None:
    heard: list[Any] = []
    link.loading.connect(heard.append)
    link.ready.connect(heard.append)
    ready = Ready(0, "phi-4", False, "")
    door.say(Loading(0, "the language model"), ready)
    assert heard == ["the language model", ready]
    assert link.model == ready


def test_what_is_not_loaded_after_all_leaves_everything_as_it_was(
    link: EngineLink, door: Any
) -> None:
    ready = Ready(0, "phi-4", False, "")
    door.say(ready)
    heard: list[Any] = []
    link.ready.connect(heard.append)
    request = ask(link, [])
    door.say(Loading(request, "another model"), Failed(request, "It is damaged.", "Get it again."))
    assert heard == [ready]


def test_a_lost_engine_is_started_again_and_the_asker_told(link: EngineLink, door: Any) -> None:
    heard: list[Any] = []
    request = ask(link, heard)
    door.die(CRASH)
    assert [type(event) for event in heard] == [EngineLost]
    assert heard[0].request_id == request
    assert door.open_count == 1


def test_an_engine_that_keeps_crashing_is_left_alone(link: EngineLink, door: Any) -> None:
    told: list[bool] = []
    link.lost.connect(lambda _end, starts_again: told.append(starts_again))
    for _ in range(3):
        door.die(CRASH)
    assert told == [True, True, False]
    assert door.open_count == 2


def test_an_end_that_was_asked_for_is_no_loss(link: EngineLink, door: Any) -> None:
    door.die(EngineEnd(EndReason.ASKED, ""))
    assert door.open_count == 0


def test_restarts_are_allowed_again_after_a_while() -> None:
    now = [0.0]
    limit = RestartLimit(limit=2, within_s=60, clock=lambda: now[0])
    assert [limit.allow() for _ in range(3)] == [True, True, False]
    now[0] = 61
    assert limit.allow()

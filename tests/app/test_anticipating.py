"""Reading ahead through a real engine: what it saves, and when it is not done."""

from __future__ import annotations

from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import psutil
import pytest

from app.anticipating import anticipate
from app.engine import Engine
from app.messages import Answered, Anticipate, Ask, Done, Stop, WasStopped, Words
from app.settings import AnswerSettings, Paths, ServerSettings, Settings
from rag.scheduler import Scheduler, Work
from rag.types import EVERYWHERE, Mode

TANK = "When will the new water tank be installed?"
TYPED = Anticipate(1, TANK, Mode.DOCUMENTS, EVERYWHERE, ())

Battery = namedtuple("Battery", "percent secsleft power_plugged")


class Recording:
    """Stands for the engine and for its answering: notes what is read ahead."""

    def __init__(self, folder: Path, *, reads_ahead: bool = True, server: str = "") -> None:
        self.settings = Settings(
            Paths.of(folder),
            answers=AnswerSettings(reads_ahead=reads_ahead),
            server=ServerSettings(address=server),
        )
        self.scheduler = Scheduler()
        self.read: list[str] = []
        self.answering = SimpleNamespace(anticipate=self._note)

    def _note(self, question: str, **_options: object) -> None:
        self.read.append(question)

    def types(self) -> list[str]:
        anticipate(cast(Engine, self), TYPED, Work(self.scheduler))
        return self.read


@pytest.mark.parametrize(
    ("battery", "is_read"),
    [
        (None, True),
        (Battery(80, 3_600, True), True),
        (Battery(80, 3_600, None), True),
        (Battery(80, 3_600, False), False),
    ],
)
def test_on_battery_nothing_is_read_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, battery: Battery | None, is_read: bool
) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: battery, raising=False)
    assert bool(Recording(tmp_path).types()) is is_read


def test_a_system_that_knows_no_batteries_reads_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(psutil, "sensors_battery", raising=False)
    assert Recording(tmp_path).types() == [TANK]


def test_the_setting_turns_it_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    assert Recording(tmp_path, reads_ahead=False).types() == []


def test_a_server_is_told_nothing_of_what_is_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psutil, "sensors_battery", lambda: None, raising=False)
    assert Recording(tmp_path, server="http://localhost:8080/v1").types() == []


def test_what_was_typed_is_not_read_again_when_it_is_asked(engine: Any) -> None:
    (ended,) = engine.ask(lambda request: Anticipate(request, TANK, Mode.DOCUMENTS, EVERYWHERE, ()))
    assert isinstance(ended, Done)
    events = engine.ask(lambda request: Ask(request, TANK, Mode.DOCUMENTS, EVERYWHERE, ()))
    (answered,) = [event for event in events if isinstance(event, Answered)]
    tokens = answered.answer.tokens
    assert tokens.cached >= tokens.prompt - 8


def test_a_stopped_answer_is_told_as_far_as_it_came(engine: Any) -> None:
    request = Ask(
        engine.door.new_request_id(), "Count from one to a hundred.", Mode.ASSISTANT, EVERYWHERE, ()
    )
    engine.door.send(request)
    engine.wait_for(Words, request.request_id)
    engine.door.send(Stop(request.request_id))
    *_, answered, ended = engine.until_ended(request.request_id)
    assert isinstance(ended, WasStopped)
    assert isinstance(answered, Answered)
    assert answered.answer.was_stopped
    assert answered.answer.turn.answer.strip().startswith(answered.answer.text)

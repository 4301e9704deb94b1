"""The engine's loop where something is amiss with the models, run in this process."""

from __future__ import annotations

import dataclasses
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, get_args

import pytest

from app import channel
from app.engine import Engine
from app.engine_loop import EngineLoop, Lane
from app.messages import (
    Answered,
    Ask,
    Done,
    Ended,
    Failed,
    Found,
    ListDocuments,
    Loading,
    Quoted,
    Ready,
    Words,
)
from app.model_store import model_store
from app.settings import ASSETS, ModelSettings, Paths, ServerSettings, Settings
from rag.errors import ModelUnusable
from rag.types import EVERYWHERE, Mode

MANUAL = ASSETS / "samples" / "weather-station-manual.pdf"
BATTERIES = "How long do the batteries of the outdoor sensor last?"


@contextmanager
def running(engine: Engine) -> Iterator[Connection]:
    """The window's end of the connection to a loop over this engine."""
    ours, theirs = Pipe()
    finished: list[bool] = []
    loop = EngineLoop(theirs)
    thread = threading.Thread(target=lambda: finished.append(loop.run(engine)))
    thread.start()
    try:
        yield ours
    finally:
        channel.hang_up(ours)
        thread.join()
        ours.close()
        theirs.close()
    assert finished == [True]


def receive_until(connection: Connection, *kinds: type) -> list[Any]:
    events: list[Any] = []
    while not events or not isinstance(events[-1], kinds):
        assert connection.poll(60)
        events.append(channel.receive(connection))
    return events


def settings_with(data: Path, model: str) -> Settings:
    return dataclasses.replace(Settings(Paths.of(data)), model=ModelSettings(name=model))


def test_where_the_model_cannot_be_used_answers_are_quotations(own_samples: Any) -> None:
    with (
        Engine(settings_with(own_samples.data, str(MANUAL))) as engine,
        running(engine) as connection,
    ):
        ready = receive_until(connection, Ready)[-1]
        assert (ready.model, ready.is_demonstration) == ("", False)
        assert "is no GGUF file." in ready.notice
        assert ready.notice.endswith("Until then answers are quotations.")
        channel.send(connection, Ask(1, BATTERIES, Mode.DOCUMENTS, EVERYWHERE, ()))
        kinds = [type(event) for event in receive_until(connection, *get_args(Ended))]
        assert Words not in kinds
        assert kinds[-3:] == [Quoted, Answered, Done]


def test_a_fault_while_loading_is_told_and_each_request_still_ends(
    own_samples: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> None:
        raise OSError("a library of torch's is missing")

    with Engine(settings_with(own_samples.data, "starter")) as engine:
        monkeypatch.setattr(engine.embedder, "load", broken)
        with running(engine) as connection:
            ready = receive_until(connection, Ready)[-1]
            assert ready.notice.startswith("Deskbook made a mistake")
            assert str(own_samples.data / "logs") in ready.notice
            channel.send(connection, Ask(1, BATTERIES, Mode.DOCUMENTS, EVERYWHERE, ()))
            failed = receive_until(connection, *get_args(Ended))[-1]
            assert isinstance(failed, Failed)
            assert failed.what.startswith("Deskbook made a mistake")
            channel.send(connection, ListDocuments(2, ""))
            assert receive_until(connection, *get_args(Ended))[-1] == Done(2)


def own_model(data: Path) -> Path:
    """A copy of the starter that is a person's own model, in the models folder."""
    settings = Settings(Paths.of(data))
    settings.paths.models.mkdir(exist_ok=True)
    starter = model_store(settings).find("starter").path
    return Path(shutil.copyfile(starter, settings.paths.models / "Own.gguf"))


def kinds_of_answer(connection: Connection) -> tuple[list[type], list[Any]]:
    """The kinds of events that answer a question, each as often as it comes in a row once."""
    channel.send(connection, Ask(1, BATTERIES, Mode.DOCUMENTS, EVERYWHERE, ()))
    events = [e for e in receive_until(connection, *get_args(Ended)) if e.request_id == 1]
    return [kind for kind, _ in groupby(map(type, events))], events


def put_to_rest(engine: Engine) -> None:
    """It refuses while it is used, and behind Ready it reads its system prompt."""
    deadline = time.monotonic() + 30
    while engine.language_models.is_awake:
        assert time.monotonic() < deadline
        engine.language_models.rest()
        time.sleep(0.05)


def test_a_model_at_rest_is_loaded_again_behind_the_quotation(own_samples: Any) -> None:
    own_model(own_samples.data)
    with Engine(Settings(Paths.of(own_samples.data))) as engine, running(engine) as connection:
        assert receive_until(connection, Ready)[-1].model == "Own"
        put_to_rest(engine)
        kinds, _ = kinds_of_answer(connection)
        assert kinds[:4] == [Found, Quoted, Loading, Ready]
        assert kinds[-2:] == [Answered, Done]
        assert engine.language_models.is_awake


def test_a_model_whose_file_is_gone_meanwhile_leaves_the_quotation(own_samples: Any) -> None:
    file = own_model(own_samples.data)
    with Engine(Settings(Paths.of(own_samples.data))) as engine, running(engine) as connection:
        receive_until(connection, Ready)
        put_to_rest(engine)
        file.unlink()
        kinds, events = kinds_of_answer(connection)
        assert kinds[-3:] == [Answered, Ready, Done]
        assert events[-3].answer.model == ""
        assert events[-3].answer.citations
        assert "Own.gguf" in events[-2].notice
        assert events[-2].notice.endswith("Until then answers are quotations.")


def test_a_server_that_comes_later_answers_the_question_after(
    own_samples: Any, chat_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = ServerSettings(chat_server, key="the right key")
    settings = dataclasses.replace(Settings(Paths.of(own_samples.data)), server=server)
    away = ModelUnusable("The server is away.", remedy="Start it.")
    with monkeypatch.context() as patch:
        patch.setattr("rag.generation.server_model.ServerModel.__init__", raising(away))
        engine = Engine(settings)
        with engine, running(engine) as connection:
            assert "The server is away." in receive_until(connection, Ready)[-1].notice
            assert "The server is away." in kinds_of_answer(connection)[1][-2].notice
            patch.undo()
            kinds, events = kinds_of_answer(connection)
            assert kinds[-4:] == [Answered, Loading, Ready, Done]
            assert (events[-4].answer.model, events[-2].model) == ("", "starter")


def raising(error: Exception) -> Any:
    def fail(*arguments: Any, **more: Any) -> None:
        raise error

    return fail


def test_a_lane_outlives_a_job_that_fails() -> None:
    done: list[int] = []
    lane = Lane("questions")
    lane.submit(lambda: done.append(1 // 0))
    lane.submit(lambda: done.append(2))
    assert lane.finish(5)
    assert done == [2]


def test_a_lane_that_is_still_at_work_is_not_waited_for() -> None:
    release = threading.Event()
    lane = Lane("questions")
    lane.submit(lambda: release.wait(5) and None)
    assert not lane.finish(0.05)
    release.set()

"""Language models changed while a real engine runs, and questions anticipated by it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any, get_args

import pytest

from app.messages import (
    Answered,
    Anticipate,
    Ask,
    Done,
    Ended,
    Event,
    Failed,
    GetModel,
    ImportModel,
    ListModels,
    Loading,
    Ready,
    RemoveModel,
    Stop,
    UseModel,
    WasStopped,
)
from app.model_choice import read_model_choice
from app.model_store import model_store
from app.settings import Paths, Settings
from rag.types import EVERYWHERE, Mode, ModelState

BATTERIES = "How long do the batteries of the outdoor sensor last?"


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of a person's own, somewhere on the disk."""
    folder = tmp_path_factory.mktemp("models")
    starter = model_store(Settings(Paths.of(folder / "none"))).find("starter").path
    return Path(shutil.copyfile(starter, folder / "Own.gguf"))


def test_a_model_is_taken_over_where_it_lies_used_and_forgotten(
    module_engine: Any, own: Path
) -> None:
    ask = module_engine.ask
    listed, done = ask(lambda n: ImportModel(n, str(own), is_copied=False))
    assert {each.name: each.state for each in listed.models if each.path} == {
        "starter": ModelState.IN_USE,
        "Own": ModelState.INSTALLED,
    }
    assert isinstance(done, Done)
    *_, loading, ready, done = ask(lambda n: UseModel(n, "Own"))
    assert isinstance(loading, Loading)
    assert (ready.model, ready.is_demonstration, ready.notice) == ("Own", False, "")
    assert isinstance(done, Done)
    refused = ask(lambda n: RemoveModel(n, "Own"))[-1]
    assert refused.what == "“Own” answers your questions, so it is needed."
    assert isinstance(ask(lambda n: UseModel(n, "starter"))[-1], Done)
    assert isinstance(ask(lambda n: RemoveModel(n, "Own"))[-1], Done)
    assert own.is_file()
    (listed,) = ask(lambda n: ListModels(n))[:-1]
    assert [each.name for each in listed.models if each.path] == ["starter"]
    assert sum(each.is_recommended for each in listed.models) <= 1
    assert listed.machine


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda n: UseModel(n, "nonsense"), "There is no model “nonsense”."),
        (lambda n: GetModel(n, "nonsense"), "There is no model “nonsense”."),
        (lambda n: RemoveModel(n, "starter"), "starter"),
        (lambda n: RemoveModel(n, "minilm"), "The library is searched with “minilm”"),
        (lambda n: ImportModel(n, __file__, is_copied=True), "is no GGUF file."),
    ],
)
def test_what_cannot_be_done_is_told_and_changes_nothing(
    module_engine: Any, make: Any, said: str
) -> None:
    events = module_engine.ask(make)
    (failed,) = (event for event in events if not isinstance(event, Loading))
    assert isinstance(failed, Failed)
    assert said in failed.what
    assert failed.remedy


def test_a_model_that_is_here_need_not_be_fetched(module_engine: Any) -> None:
    assert [type(event) for event in module_engine.ask(lambda n: GetModel(n, "starter"))] == [Done]


def anticipate(number: int) -> Anticipate:
    return Anticipate(number, BATTERIES[:-1], Mode.DOCUMENTS, EVERYWHERE, ())


def ended(events: tuple[Event, ...]) -> dict[int, list[type]]:
    """How each request came to its end."""
    ends: dict[int, list[type]] = {}
    for event in events:
        if isinstance(event, get_args(Ended)):
            ends.setdefault(event.request_id, []).append(type(event))
    return ends


def test_a_question_drops_what_was_anticipated_and_each_ends_once(engine: Any) -> None:
    door = engine.door
    first, second, asked = (door.new_request_id() for _ in range(3))
    for request in (anticipate(first), anticipate(second)):
        door.send(request)
    door.send(Ask(asked, BATTERIES, Mode.DOCUMENTS, EVERYWHERE, ()))
    events = engine.until(lambda event: event == Done(asked))
    assert any(isinstance(event, Answered) for event in events)
    ends = ended(events)
    assert set(ends) == {first, second, asked}
    assert [len(each) for each in ends.values()] == [1, 1, 1]
    assert ends[second] == [WasStopped]


def test_loading_another_model_can_be_stopped_and_the_one_before_answers(
    engine: Any, own: Path
) -> None:
    engine.ask(lambda n: ImportModel(n, str(own), is_copied=False))
    number = engine.door.new_request_id()
    engine.door.send(UseModel(number, "Own"))
    engine.door.send(Stop(number))
    assert not any(isinstance(event, Ready) for event in engine.until_ended(number))
    answered = engine.ask(lambda n: Ask(n, BATTERIES, Mode.DOCUMENTS, EVERYWHERE, ()))[-2]
    assert answered.answer.model == "starter"
    assert read_model_choice(Paths.of(engine.data).model_choice) == ""

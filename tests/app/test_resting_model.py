"""A model at rest takes no memory, and whatever it is asked wakes it: with the real starter."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from app.model_store import model_store
from app.resting_model import RestingModel
from app.settings import Paths, Settings
from rag.errors import ModelUnusable
from rag.generation import LocalModel, Plan
from rag.generation.templates import Message

HELLO = [Message("user", "Say hello.")]


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return model_store(Settings(Paths.of(tmp_path_factory.mktemp("none")))).find("starter").path


@contextmanager
def resting(starter: Path, *, rest_s: float = 0.0) -> Iterator[tuple[RestingModel, list[float]]]:
    """The model, and the moments at which it was loaded."""
    loads: list[float] = []

    def load() -> LocalModel:
        loads.append(time.monotonic())
        return LocalModel.load(starter, Plan(1024, threads=1, is_mapped=False), name="starter")

    model = RestingModel("starter", load, rest_s=rest_s)
    try:
        yield model, loads
    finally:
        model.close()


def say(model: RestingModel) -> str:
    return "".join(model.generate(HELLO, max_tokens=4, temperature=0.0, is_stopped=lambda: False))


def memory() -> int:
    return int(psutil.Process().memory_info().rss)


def test_a_rest_gives_the_memory_back_and_the_next_question_wakes_it(starter: Path) -> None:
    with resting(starter) as (model, loads):
        said, awake = say(model), memory()
        assert model.rest()
        assert not model.is_awake
        assert awake - memory() > 0.8 * starter.stat().st_size
        assert (model.context_tokens, len(loads)) == (1024, 1)  # known without loading
        assert say(model) == said
        assert len(loads) == 2


def test_it_goes_to_rest_by_itself_some_time_after_its_last_use(starter: Path) -> None:
    with resting(starter, rest_s=0.5) as (model, _):
        for _ in range(4):
            assert model.count("one two") == 2
            time.sleep(0.2)
        assert model.is_awake
        deadline = time.monotonic() + 20
        while model.is_awake:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_it_does_not_go_to_rest_while_it_speaks(starter: Path) -> None:
    with resting(starter) as (model, _):
        words = model.generate(HELLO, max_tokens=8, temperature=0.0, is_stopped=lambda: False)
        next(words)
        rested: list[bool] = []
        thread = threading.Thread(target=lambda: rested.append(model.rest()))
        thread.start()
        thread.join()
        assert rested == [False]
        assert list(words)
        assert model.usage.generated == 8
        assert model.rest()


def test_where_it_cannot_be_loaded_again_it_says_so_each_time() -> None:
    def gone() -> LocalModel:
        raise ModelUnusable("The file is gone.", remedy="Bring it back.")

    model = RestingModel("gone", gone, rest_s=60.0)
    for _ in range(2):
        with pytest.raises(ModelUnusable, match="gone"):
            model.count("x")
    assert not model.is_awake

"""Which language model answers, and what comes of one that cannot: with real files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.language_models import LanguageModels
from app.model_choice import read_model_choice, write_model_choice
from app.model_store import model_store
from app.settings import ModelSettings, Paths, ServerSettings, Settings
from rag.errors import BadRequest, ModelMissing, ModelUnusable
from rag.generation.templates import Message


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A data folder with a model of a person's own, besides the starter."""
    settings = Settings(Paths.of(tmp_path / "data"), model=ModelSettings(context_tokens=1_024))
    settings.paths.models.mkdir(parents=True)
    starter = model_store(settings).find("starter").path
    shutil.copyfile(starter, settings.paths.models / "Own.gguf")
    return settings


@pytest.fixture
def models(settings: Settings) -> Iterator[LanguageModels]:
    models = LanguageModels(settings, model_store(settings))
    yield models
    models.close()


def opened_name(models: LanguageModels) -> str:
    opened = models.open()
    return opened.model.name if opened else ""


def cut(path: Path) -> None:
    """As a download that broke off leaves a file."""
    os.truncate(path, path.stat().st_size // 2)


def test_a_person_s_own_model_goes_before_the_starter(models: LanguageModels) -> None:
    assert opened_name(models) == "Own"
    assert models.notice == ""


def test_what_was_chosen_goes_before_that_and_lasts(
    models: LanguageModels, settings: Settings
) -> None:
    assert models.use("starter").is_demonstration
    assert read_model_choice(settings.paths.model_choice) == "starter"
    assert opened_name(LanguageModels(settings, model_store(settings))) == "starter"


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ("Own", "“Own.gguf” is damaged or not whole"),
        ("Gone", "There is no model “Gone”."),
    ],
)
def test_where_the_chosen_one_cannot_answer_the_next_best_does_and_says_so(
    models: LanguageModels, settings: Settings, chosen: str, said: str
) -> None:
    write_model_choice(settings.paths.model_choice, chosen)
    cut(settings.paths.models / "Own.gguf")
    assert opened_name(models) == "starter"
    assert said in models.notice
    assert models.notice.endswith("Until then SmolLM2 135M Instruct (Q4_1) answers.")


def test_where_the_settings_own_cannot_answer_none_does(settings: Settings) -> None:
    cut(settings.paths.models / "Own.gguf")
    named = replace(settings, model=ModelSettings(name="Own"))
    with pytest.raises(ModelUnusable, match=r"Own\.gguf"):
        LanguageModels(named, model_store(named)).open()


def test_one_that_cannot_be_loaded_is_not_chosen_and_the_one_before_goes_on(
    models: LanguageModels, settings: Settings
) -> None:
    models.use("starter")
    cut(settings.paths.models / "Own.gguf")
    with pytest.raises(ModelUnusable):
        models.use("Own")
    assert read_model_choice(settings.paths.model_choice) == "starter"
    assert models.opened is not None
    assert models.opened.model.count("one two") == 2


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"server": ServerSettings(address="localhost:1")}, "have a server answer"),
        ({"model": ModelSettings(name="starter")}, "want the model “starter”, so “Own” would"),
    ],
)
def test_what_the_settings_decide_is_not_to_be_chosen(
    settings: Settings, changed: dict[str, object], said: str
) -> None:
    decided = replace(settings, **changed)  # type: ignore[arg-type]
    with pytest.raises(BadRequest, match=said):
        LanguageModels(decided, model_store(decided)).use("Own")


def test_a_system_prompt_is_read_once_for_all_starts(
    models: LanguageModels, settings: Settings
) -> None:
    system = "Answer from the passages alone, and say where each sentence stands. " * 8
    asked = [Message("system", system), Message("user", "Why?")]

    def cached_tokens(models: LanguageModels) -> int:
        opened = models.open()
        assert opened is not None
        list(opened.model.generate(asked, max_tokens=1, temperature=0, is_stopped=lambda: False))
        return opened.model.usage.cached

    models.open()
    models.read_for_ever(system, lambda: False)
    models.close()
    again = LanguageModels(settings, model_store(settings))
    assert cached_tokens(again) > 80
    again.close()


def test_a_server_answers_where_the_settings_name_one(settings: Settings, chat_server: str) -> None:
    served = replace(settings, server=ServerSettings(chat_server, key="the right key"))
    models = LanguageModels(served, model_store(served))
    opened = models.open()
    assert opened is not None
    assert (opened.model.name, opened.host, models.notice) == ("starter", "", "")
    assert models.is_measured


def test_a_server_that_is_away_is_told(settings: Settings) -> None:
    served = replace(settings, server=ServerSettings("http://127.0.0.1:9/v1"))
    with pytest.raises((ModelUnusable, ModelMissing), match=r"127\.0\.0\.1:9"):
        LanguageModels(served, model_store(served)).open()

"""Settings: defaults where nothing is said, and a sentence for what cannot be."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.settings import (
    AnswerSettings,
    ModelSettings,
    Paths,
    Range,
    Settings,
    SettingsWrong,
    read_settings,
)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths.of(tmp_path)


def test_without_a_file_there_are_the_defaults(paths: Paths) -> None:
    assert read_settings(paths) == Settings(paths)


def test_what_stands_in_the_file_counts_and_the_rest_stays(paths: Paths) -> None:
    paths.settings_file.write_text('[model]\nname = "phi-4"\nthreads = 3\n[answers]\n')
    settings = read_settings(paths)
    assert settings.model == ModelSettings(name="phi-4", threads=3)
    assert settings.answers == AnswerSettings()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("model = 5", "model is 5, but it must be a table."),
        ("[model]\nname = 5", "model.name is 5, but it must be a text in quotes."),
        ('[model]\nthreads = "4"', "model.threads is '4', but it must be a whole number from 0"),
        ("[model]\nthreads = true", "model.threads is True, but it must be a whole number"),
        ("[model]\nthreads = 2.5", "model.threads is 2.5, but it must be a whole number"),
        ("[model]\ngpu_layers = -2", "model.gpu_layers is -2, but it must be a whole number from"),
        ("[library]\npassage_tokens = 0", "it must be a whole number from 16 to 8192."),
        ('[library]\nocr = "no"', "library.ocr is 'no', but it must be true or false."),
        ("[library]\nocr = 1", "library.ocr is 1, but it must be true or false."),
    ],
)
def test_a_wrong_value_is_told_with_file_key_and_what_is_allowed(
    paths: Paths, text: str, said: str
) -> None:
    paths.settings_file.write_text(text)
    with pytest.raises(SettingsWrong) as caught:
        read_settings(paths)
    assert f"In {paths.settings_file}, " in caught.value.what
    assert said in caught.value.what
    assert caught.value.remedy == "Mend the line, or delete it to go back to the default."


@pytest.mark.parametrize(("text", "is_on"), [("", True), ("[library]\nocr = false", False)])
def test_scans_are_read_unless_that_is_switched_off(paths: Paths, text: str, is_on: bool) -> None:
    paths.settings_file.write_text(text)
    assert read_settings(paths).library.ocr is is_on


@pytest.mark.parametrize("content", [b"[model", b"\xff", b"name = "])
def test_a_file_that_is_no_toml_is_told(paths: Paths, content: bytes) -> None:
    paths.settings_file.write_bytes(content)
    with pytest.raises(SettingsWrong, match=r"settings\.toml cannot be read: .*Mend it, or delete"):
        read_settings(paths)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[model]\nthread = 3", "unknown setting 'thread' in [model] is ignored; did you mean"),
        ("[modal]\nname = ''", "'modal' in the top level is ignored; did you mean 'model'?"),
        ("[answers]\nxyzzy = 1", "unknown setting 'xyzzy' in [answers] is ignored"),
    ],
)
def test_an_unknown_setting_is_a_warning_that_names_the_nearest(
    paths: Paths, caplog: pytest.LogCaptureFixture, text: str, said: str
) -> None:
    paths.settings_file.write_text(text)
    with caplog.at_level(logging.WARNING):
        assert read_settings(paths) == Settings(paths)
    assert said in caplog.text


def test_without_a_folder_of_ones_own_the_system_says_where_things_lie() -> None:
    paths = Paths.of(None)
    assert paths.data.is_absolute()
    assert "Deskbook" in str(paths.settings_file)
    assert paths.catalog.parent == paths.vectors.parent == paths.lock.parent == paths.data


@given(st.integers(), st.integers(), st.integers())
def test_a_range_holds_both_its_ends(least: int, most: int, value: int) -> None:
    assert (value in Range(least, most)) == (value in range(least, most + 1))


def test_the_program_ends_in_2_on_wrong_settings_and_logs_unknown_ones(deskbook: Any) -> None:
    deskbook.data.mkdir()
    file = deskbook.data / "settings.toml"
    file.write_text("[model]\nthreads = -1\n")
    wrong = deskbook("documents")
    assert (wrong.code, wrong.out) == (2, "")
    assert wrong.err.startswith(f"deskbook: In {file}, model.threads is -1")
    file.write_text("[model]\nthread = 1\n")
    warned = deskbook("documents", "--quiet", "--verbose")
    assert warned.code == 0
    assert "unknown setting 'thread'" in warned.err
    assert "unknown setting 'thread'" in deskbook.log()

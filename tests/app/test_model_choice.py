"""Which model a person has chosen is remembered, and a damaged file is as good as none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.model_choice import read_model_choice, write_model_choice


@given(name=st.text())
def test_a_choice_is_read_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    path = tmp_path_factory.mktemp("choice") / "model.json"
    write_model_choice(path, name)
    assert read_model_choice(path) == name


def test_without_a_file_nothing_was_chosen(tmp_path: Path) -> None:
    assert read_model_choice(tmp_path / "model.json") == ""


@pytest.mark.parametrize("content", ["", "{", "[]", '{"model": 3}', "\0"])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    path = tmp_path / "model.json"
    path.write_text(content)
    assert read_model_choice(path) == ""

"""`deskbook models` with models elsewhere: other programs', and a person's own in place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.model_store import model_store
from app.settings import Paths, Settings


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    nowhere = Settings(Paths.of(tmp_path_factory.mktemp("nowhere")))
    return model_store(nowhere).find("starter").path


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Whoever is at home here has LM Studio."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def found(home: Path, starter: Path) -> Path:
    """A model of LM Studio's."""
    path = home / ".lmstudio" / "models" / "me" / "small" / "Small-Q4_1.gguf"
    path.parent.mkdir(parents=True)
    return Path(shutil.copyfile(starter, path))


def states(deskbook: Any) -> dict[str, str]:
    lines = deskbook("models", "list", "--json").lines
    return {line["name"]: line["state"] for line in lines if line["installed"]}


def test_another_program_s_model_is_listed_with_its_owner(deskbook: Any, found: Path) -> None:
    line = deskbook("models", "list", "--json").lines[0]
    assert (line["name"], line["owner"], line["path"]) == ("Small-Q4_1", "LM Studio", str(found))
    assert line["memory_bytes"]["4096"] < line["memory_bytes"]["8192"]
    assert states(deskbook) == {"Small-Q4_1": "found", "starter": "in_use", "minilm": "in_use"}
    assert "found  Small-Q4_1  Q4_1, LM Studio's, 0.1 GB; takes" in deskbook("models", "list").out


def test_another_program_s_model_answers_once_it_was_chosen(
    deskbook: Any, found: Path, note: Path
) -> None:
    used = deskbook("models", "use", "Small-Q4_1")
    assert (used.code, used.out) == (0, "Questions are answered by Small-Q4_1\n")
    assert states(deskbook)["Small-Q4_1"] == "in_use"
    deskbook("add", note, "--quiet")
    assert (
        deskbook("ask", "How much water do the tomatoes get?", "--json").line["model"]
        == "Small-Q4_1"
    )


def test_another_program_s_model_is_not_removed(deskbook: Any, found: Path) -> None:
    ran = deskbook("models", "remove", "Small-Q4_1")
    assert (ran.code, ran.out) == (2, "")
    assert "so it is LM Studio's" in ran.err
    assert found.exists()


def test_a_file_is_used_where_it_lies_and_judged(
    deskbook: Any, starter: Path, tmp_path: Path
) -> None:
    own = Path(shutil.copyfile(starter, tmp_path / "own.gguf"))
    taken = deskbook("models", "import", own)
    assert (taken.code, taken.out) == (0, f"own is used in {own}\n")
    assert "own: “llama” in Q4_1, 0.10 GB, a context of 8,192 tokens, with its" in taken.err
    assert states(deskbook)["own"] == "in_use"  # a real one goes before the starter
    own.unlink()
    listed = deskbook("models", "list")
    assert f"deskbook: own is not at {own} any more." in listed.err
    assert deskbook("ask", "Why?", "--model", "own").code == 3
    assert deskbook("models", "remove", "own").code == 0
    assert "own" not in deskbook("models", "list").err


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("mxbai-rerank-xsmall", 2, "“mxbai-rerank-xsmall” reads again what was found"),
        ("phi-4", 3, "The model “phi-4” is not installed."),
        ("nonsense", 3, "There is no model “nonsense”."),
    ],
)
def test_what_cannot_be_used_is_told(deskbook: Any, name: str, code: int, said: str) -> None:
    ran = deskbook("models", "use", name)
    assert (ran.code, ran.out) == (code, "")
    assert said in ran.err


def test_a_file_that_was_not_taken_over_is_not_chosen(deskbook: Any, starter: Path) -> None:
    copy = Path(shutil.copyfile(starter, deskbook.data.parent / "copy.gguf"))
    ran = deskbook("models", "use", copy)
    assert ran.code == 2
    assert f"Take it over first, with `deskbook models import {copy}`." in ran.err


def test_a_model_that_cannot_be_loaded_is_not_chosen(deskbook: Any, found: Path) -> None:
    content = found.read_bytes()
    found.write_bytes(content[: len(content) // 2])
    ran = deskbook("models", "use", "Small-Q4_1")
    assert (ran.code, ran.out) == (3, "")
    assert "“Small-Q4_1.gguf” is damaged or not whole." in ran.err
    assert states(deskbook)["starter"] == "in_use"


def test_places_are_kept_in_the_models_folder(deskbook: Any, starter: Path, tmp_path: Path) -> None:
    own = Path(shutil.copyfile(starter, tmp_path / "own.gguf"))
    deskbook("models", "import", own)
    kept = json.loads((deskbook.data / "models" / "places.json").read_text("utf-8"))
    assert kept == {"version": 1, "places": {"own": str(own)}}

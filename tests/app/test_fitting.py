"""`deskbook models fit`: what would run on this computer, and how."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

ROOT = Path(__file__).parents[2]
FIT = [
    "name",
    "installed",
    "fits",
    "recommended",
    "reason",
    "context_tokens",
    "cache_type",
    "mapped",
    "threads",
    "gpu_layers",
    "weights_bytes",
    "cache_bytes",
    "buffer_bytes",
    "resident_bytes",
    "gpu_bytes",
    "free_bytes",
    "reading_tokens_per_s",
    "writing_tokens_per_s",
    "measured",
]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole GGUF in the shape of Phi-4, of a few megabytes."""
    path = tmp_path_factory.mktemp("tiny") / "tiny-phi.gguf"
    maker = ROOT / "tests" / "models" / "phi4_shape.py"
    subprocess.run([sys.executable, maker, path], check=True, timeout=60)
    return path


def test_each_model_of_the_catalogue_is_judged_and_one_is_the_right_one(deskbook: Any) -> None:
    ran = deskbook("models", "fit", "--json")
    lines = {line["name"]: line for line in ran.lines}
    assert all(list(line) == FIT for line in ran.lines)
    assert {"starter", "phi-4", "qwen3-4b", "phi-4-mini"} <= set(lines)
    assert sum(line["recommended"] for line in ran.lines) == 1
    starter = lines["starter"]
    assert (starter["installed"], starter["fits"], starter["cache_type"]) == (True, True, "q8_0")
    assert 0 < starter["free_bytes"] < psutil.virtual_memory().total
    assert lines["phi-4"]["resident_bytes"] > 9e9
    assert " cores, " in ran.err


def test_the_table_marks_the_right_one(deskbook: Any) -> None:
    ran = deskbook("models", "fit")
    assert ran.code == 0
    assert [row[0] for row in ran.out.splitlines()].count("*") == 1
    assert "starter           fits " in ran.out
    assert " tokens/s read, " in ran.out
    assert "computer" in ran.err.splitlines()[-1]


def test_a_file_is_judged_by_its_path(deskbook: Any, tiny: Path) -> None:
    ran = deskbook("models", "fit", "--model", tiny)
    assert ran.code == 0
    assert ran.out.startswith("  tiny-phi          fits ")
    assert "It needs 0.1 GB of memory with a context of 16,384 tokens" in ran.err
    assert "It reads a page in about " in ran.err


def test_a_file_that_is_no_model_is_told_and_the_others_are_judged(deskbook: Any) -> None:
    folder = deskbook.data / "models"
    folder.mkdir(parents=True)
    (folder / "mine.gguf").write_bytes(b"GGUF\x03\x00")
    ran = deskbook("models", "fit", "--json")
    assert "“mine.gguf” is damaged or not whole." in ran.err
    assert "starter" in {line["name"] for line in ran.lines}
    assert deskbook("models", "fit", "--model", folder / "mine.gguf").code == 3


def test_a_model_that_is_none_is_told(deskbook: Any) -> None:
    ran = deskbook("models", "fit", "--model", "nonsense")
    assert (ran.code, ran.out) == (3, "")
    assert "There is no model “nonsense”." in ran.err

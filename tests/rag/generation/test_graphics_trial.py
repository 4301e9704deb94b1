"""A graphics card's driver may hang or crash: here that costs a process of its own alone."""

from __future__ import annotations

import multiprocessing
import os
import sys
import threading
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from rag.generation.graphics_trial import NAME, Trial, keep_trial, kept_trial, try_graphics


def trials() -> list[BaseProcess]:
    """Those that run; other children of this process are other tests'."""
    return [child for child in multiprocessing.active_children() if child.name == NAME]


def kill_trials() -> None:
    for child in trials():
        child.kill()


def test_a_model_that_computes_passes(phi4_path: Path) -> None:
    assert try_graphics(phi4_path) == Trial(True)


def test_what_cannot_be_loaded_does_not_pass(tmp_path: Path) -> None:
    (tmp_path / "x.gguf").write_bytes(b"GGUF")
    trial = try_graphics(tmp_path / "x.gguf")
    assert not trial.is_passed
    assert "could not compute, so the processor is used" in trial.reason


@pytest.mark.skipif(sys.platform == "win32", reason="needs a named pipe to hang on")
def test_a_trial_that_hangs_is_ended(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.gguf")
    trial = try_graphics(tmp_path / "x.gguf", timeout_s=3)
    assert "did not answer" in trial.reason
    assert not trials()


@pytest.mark.skipif(sys.platform == "win32", reason="needs a named pipe to hang on")
def test_a_trial_that_dies_costs_nothing_else(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.gguf")
    threading.Timer(2, kill_trials).start()
    trial = try_graphics(tmp_path / "x.gguf", timeout_s=30)
    assert "driver crashed" in trial.reason


def test_a_trial_is_kept_for_its_machine(tmp_path: Path) -> None:
    file = tmp_path / "graphics.json"
    keep_trial(file, "this one", Trial(False, "It failed."))
    assert kept_trial(file, "this one") == Trial(False, "It failed.")
    assert kept_trial(file, "this one with a new card") is None


@pytest.mark.parametrize("content", ["", "[]", '{"machine": "m"}', '{"machine": "m", "x": 1}'])
def test_a_damaged_file_keeps_no_trial(tmp_path: Path, content: str) -> None:
    file = tmp_path / "graphics.json"
    file.write_text(content)
    assert kept_trial(file, "m") is None
    assert kept_trial(tmp_path / "none.json", "m") is None

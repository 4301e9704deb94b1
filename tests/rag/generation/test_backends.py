"""The libraries that llama.cpp computes with: found by name in its own folder alone."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from rag.generation.backends import libraries_in, load_processor

ROOT = Path(__file__).parents[3]
APART = ROOT / "build" / "llama" / "installed"  # the wheel of packaging/build_llama.py, unpacked

ANSWER = """
import sys
from pathlib import Path
from rag.generation import LocalModel, Plan
from rag.generation.backends import load_graphics, load_processor
from rag.generation.templates import Message
print(load_processor(), *load_graphics())
layers = int(sys.argv[2])
model = LocalModel.load(Path(sys.argv[1]), Plan(512, threads=1, gpu_layers=layers), name="x")
talk = [Message("user", "Name three colors.")]
print(*model.generate(talk, max_tokens=12, temperature=0, is_stopped=lambda: False), sep="")
"""


def answer(starter: Path, *, gpu_layers: int) -> tuple[list[str], str]:
    """What was loaded from the build that lies apart, and what the model says with it."""
    environment = os.environ | {"PYTHONPATH": f"{APART}{os.pathsep}{ROOT}"}
    environment["GGML_VK_VISIBLE_DEVICES"] = "0"  # a device in software counts only if named
    ran = subprocess.run(
        [sys.executable, "-c", ANSWER, starter, str(gpu_layers)],
        env=environment,
        capture_output=True,
        check=True,
        timeout=100,
        text=True,
    )
    loaded, said = ran.stdout.split("\n", 1)
    return loaded.split(), said


needs_apart = pytest.mark.skipif(not APART.exists(), reason="packaging/build_llama.py was not run")


def test_a_build_of_one_piece_has_nothing_to_load() -> None:
    assert load_processor() == ""


def test_only_libraries_of_that_name_count(tmp_path: Path) -> None:
    for name in (
        "libggml-cpu-haswell.so",
        "ggml-cpu-zen4.dll",
        "libggml-cpu.so",
        "x-ggml-cpu-a.so",
    ):
        (tmp_path / name).touch()
    (tmp_path / "libggml-cpu-haswell.txt").touch()
    found = [file.name for file in libraries_in(tmp_path, "ggml-cpu-")]
    assert found == ["ggml-cpu-zen4.dll", "libggml-cpu-haswell.so"]


@needs_apart
def test_the_best_processor_library_is_loaded_and_answers(starter_path: Path) -> None:
    loaded, said = answer(starter_path, gpu_layers=0)
    assert loaded[0].startswith("ggml-cpu-")
    assert loaded[0] != "ggml-cpu-x64", "every processor that runs this has more than that"
    assert said.strip()


@needs_apart
@pytest.mark.slow  # a device in software compiles its programs for a minute
@pytest.mark.parametrize("gpu_layers", [10, 1_000])
def test_a_graphics_device_answers(starter_path: Path, gpu_layers: int) -> None:
    loaded, said = answer(starter_path, gpu_layers=gpu_layers)
    if "ggml-vulkan" not in loaded:
        pytest.skip("there is no Vulkan driver")
    assert "color" in said or "Red" in said

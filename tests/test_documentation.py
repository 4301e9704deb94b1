"""What README and CONTRIBUTING name is there: files, verbs and commands."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ("README.md", "CONTRIBUTING.md", "DECISIONS.md", "CHANGELOG.md")
ROOMS = ("app/", "assets/", "packaging/", "rag/", "tests/", "ui/")


def commands() -> list[str]:
    """The lines of the README and CONTRIBUTING that a person is to type, without comments."""
    pages = [(ROOT / name).read_text("utf-8") for name in PAGES[:2]]
    blocks = re.findall(r"```sh\n(.*?)```", "\n".join(pages), re.DOTALL)
    lines = "\n".join(blocks).splitlines() + re.findall(
        r"`(python3 dev.py deskbook .+?)`", pages[0]
    )
    return sorted({line.split("#")[0].strip() for line in lines if line.strip()})


@pytest.mark.parametrize("command", commands())
def test_each_command_to_type_is_one_there_is(command: str) -> None:
    python, script, verb, *rest = shlex.split(command)
    assert (python, script) == ("python3", "dev.py")
    assert verb in ("run", "test", "deskbook")
    if verb == "deskbook":
        program = [sys.executable, "-m", "app", *rest, "--help"]
        subprocess.run(program, cwd=ROOT, check=True, capture_output=True, timeout=60)


@pytest.mark.parametrize("name", PAGES)
def test_each_file_a_page_names_is_there(name: str) -> None:
    page = (ROOT / name).read_text("utf-8")
    linked = re.findall(r"(?<!!)\[[^]]+\]\(([^):#]+)\)", page)
    quoted = [path for path in re.findall(r"`([\w./-]+)`", page) if path.startswith(ROOMS)]
    missing = [path for path in linked + quoted if not (ROOT / path).exists()]
    assert missing == []

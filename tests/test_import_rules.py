"""The import rules of pyproject.toml, each broken once in a copy of the packages."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the three packages with their rules."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in ("app", "rag", "ui"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=ignored)
    return tmp_path


def broken_rules(house: Path) -> list[str]:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=house, capture_output=True, text=True, timeout=60)
    broken = re.findall(r"^(.+) BROKEN", done.stdout, re.MULTILINE)
    assert bool(broken) == bool(done.returncode), done.stdout
    return broken


def test_the_house_keeps_its_rules(house: Path) -> None:
    assert broken_rules(house) == []


@pytest.mark.parametrize(
    ("module", "imported", "rule"),
    [
        ("rag/words.py", "app.settings", "The arrows: ui to app to rag, and no other"),
        ("app/lines.py", "ui.tokens", "The arrows: ui to app to rag, and no other"),
        ("rag/words.py", "PySide6.QtCore", "The engine knows nothing of Qt"),
        ("ui/tokens.py", "chromadb", "The window holds nothing heavy"),
    ],
)
def test_an_import_against_a_rule_breaks_it(
    house: Path, module: str, imported: str, rule: str
) -> None:
    with (house / module).open("a", encoding="utf-8") as code:
        code.write(f"\nimport {imported}\n")
    assert rule in broken_rules(house)

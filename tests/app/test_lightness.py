"""The window's process stays light: what it imports of `app` brings nothing heavy."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {
    "torch", "chromadb", "llama_cpp", "sentence_transformers", "transformers", "numpy",
    "pypdfium2", "pypdf", "onnxruntime", "tokenizers",
}  # fmt: skip


def imported_with(statement: str) -> set[str]:
    """The top-level modules in a fresh interpreter after the statement."""
    program = f"import json, sys; {statement}; print(json.dumps(sorted(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, timeout=60
    )
    return {name.partition(".")[0] for name in json.loads(ran.stdout)}


@pytest.mark.parametrize(
    "statement",
    [
        "import app.door, app.settings, app.messages",
        "import app.cli",
        "import app.cli; app.cli._parse(['--data-dir', 'x'])",
    ],
)
def test_the_window_s_imports_bring_nothing_heavy(statement: str) -> None:
    assert not imported_with(statement) & HEAVY


def test_the_commands_know_no_window() -> None:
    modules = [f"app.{path.stem}" for path in (ROOT / "app").glob("[a-z]*.py")]
    commands = [f"app.commands.{path.stem}" for path in (ROOT / "app/commands").glob("[a-z]*.py")]
    found = imported_with(f"import {', '.join(modules + commands)}")
    assert {"app", "rag"} <= found
    assert not found & {"PySide6", "ui"}


def test_torch_waits_until_there_is_something_to_embed() -> None:
    assert not imported_with("import app.engine") & {"torch", "sentence_transformers", "chromadb"}

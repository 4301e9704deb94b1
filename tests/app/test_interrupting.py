"""Ctrl+C: one sentence, 130 as shells have it, and what was done until then is kept."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be sent Ctrl+C alone"),
    pytest.mark.timeout(200),
]
COUNT = 20  # notes: enough that an import is still at work when it is interrupted
STOPPED = "deskbook: stopped; what was done until now is kept.\n"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(COUNT):
        lines = (f"Bird {number} sang {line} times near lake {line}." for line in range(80))
        (folder / f"{number:02}.md").write_text("\n\n".join(lines))
    return folder


def interrupted(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Press Ctrl+C; what it still says."""
    process.send_signal(signal.SIGINT)
    return process.communicate(timeout=20)


def test_an_import_keeps_what_it_has_and_goes_on_later(deskbook: Any, notes: Path) -> None:
    with deskbook.start("add", notes, "--json", "--quiet") as process:
        first = json.loads(process.stdout.readline())
        out, err = interrupted(process)
    assert (process.returncode, err) == (130, STOPPED)
    added = [first, *map(json.loads, out.splitlines())]
    assert 0 < len(added) < COUNT
    documents = {line["path"]: line["state"] for line in deskbook("documents", "--json").lines}
    assert all(documents[line["path"]] == "ready" for line in added)

    again = deskbook("add", notes, "--json", "--quiet")
    states = [line["state"] for line in again.lines]
    assert again.code == 0
    assert states == ["unchanged"] * len(added) + ["ready"] * (COUNT - len(added))
    assert deskbook("doctor").code == 0


def test_an_answer_ends_in_the_middle_of_its_words(samples: Any) -> None:
    with samples.start("ask", "How long do the batteries of the sensor last?") as process:
        assert "30 months" in process.stdout.readline()
        out, err = interrupted(process)
    assert (process.returncode, err) == (130, STOPPED)
    assert "Sources:" not in out
    assert out.endswith("\n") or not out


def test_many_questions_end_between_two_of_them(samples: Any, tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": 1, "question": "When does the ferry leave?"}\n' * 20_000)
    threading.Timer(3, signal.raise_signal, [signal.SIGINT]).start()
    ran = samples("search", "--questions", questions)
    assert (ran.code, ran.err) == (130, STOPPED)
    assert len(ran.lines) < 20_000
    assert all(line["passages"] for line in ran.lines)


def test_ctrl_c_before_the_library_is_open_is_no_traceback(samples: Any) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.commands.invocation.Engine", interrupt)
        ran = samples("documents")
    assert (ran.code, ran.out, ran.err) == (130, "", STOPPED)

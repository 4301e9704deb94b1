"""The process that checks: its verdicts, its limits and its end."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from rag.mathematics import checks as checks_module
from rag.mathematics.checks import Checks


@pytest.fixture(scope="module")
def checks() -> Iterator[Checks]:
    made = Checks()
    yield made
    made.close()


def test_results_are_marked_at_their_places(checks: Checks) -> None:
    text = "First 17 × 24 = 408. Then $\\frac{1}{2} + \\frac{1}{2} = 2$."
    right, wrong = checks.check(text)
    assert (text[right.span.start : right.span.end], right.is_right) == ("17 × 24 = 408", True)
    assert (wrong.is_right, wrong.expected) == (False, "1")


def test_text_without_results_starts_nothing() -> None:
    unused = Checks()
    assert unused.check("There is nothing to compute here.") == ()
    assert unused.pid is None


def test_what_takes_too_long_is_given_up_and_the_rest_is_checked(
    checks: Checks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checks_module, "CLAIM_LIMIT_S", 1.0)
    slow = "$\\int \\sin(x^3)^5 \\cdot \\ln(x)^7 \\cdot \\cos(x^2)^9 \\, dx = x$"
    began = time.monotonic()
    found = checks.check(f"{slow} and 2 + 2 = 5")
    assert [item.expected for item in found] == ["4"]
    assert time.monotonic() - began < 60


def test_hostile_results_cost_nothing(checks: Checks) -> None:
    text = "10**10**10 = 5\n9^9^9^9 = 1\n99999! = 1\n" + "(" * 200 + "1 = 2\n2 + 2 = 4"
    assert [item.is_right for item in checks.check(text)] == [True]


def test_the_process_may_not_write_or_connect_or_start_anything(tmp_path: Path) -> None:
    code = (
        "import socket, subprocess, sys\n"
        "from rag.mathematics.checking_child import shut_in\n"
        "shut_in(512 << 20)\n"
        "for attempt in (lambda: open(sys.argv[1], 'w'), lambda: socket.socket(),\n"
        "                lambda: subprocess.run(['true']), lambda: bytearray(1 << 30)):\n"
        "    try:\n        attempt()\n"
        "    except (PermissionError, MemoryError) as error:\n        print(type(error).__name__)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "file"], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["PermissionError"] * 3 + ["MemoryError"]


def test_it_ends_when_unused_and_begins_again() -> None:
    checks = Checks(rest_s=0.2)
    assert checks.check("1 + 1 = 2")
    deadline = time.monotonic() + 20
    while checks.pid and time.monotonic() < deadline:
        time.sleep(0.02)
    assert checks.pid is None
    assert checks.check("1 + 1 = 3")[0].expected == "2"
    checks.close()
    assert checks.pid is None


def test_it_begins_again_when_it_was_killed(checks: Checks) -> None:
    checks.check("1 + 1 = 2")
    psutil.Process(checks.pid).kill()
    assert checks.check("1 + 1 = 2 and 2 + 2 = 4")

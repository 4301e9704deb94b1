"""How far a download has come, as the terminal shows it."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from app.commands.fetching import Progress, time_left
from app.commands.terminal import Terminal
from rag.models import Arrived


def told(capsys: Any, *arrived: Arrived, is_json: bool = False) -> list[str]:
    progress = Progress(Terminal(is_json=is_json, is_quiet=False), "phi-4")
    for each in arrived:
        progress.show(each)
    printed = capsys.readouterr()
    assert printed.out == ""
    return str(printed.err).splitlines()


def test_each_percent_is_told_once_with_the_time_that_is_left(capsys: Any) -> None:
    steps = (Arrived(1_000, 100_000, 30.4), Arrived(1_900, 100_000, 29), Arrived(2_000, 100_000, 9))
    assert told(capsys, *steps) == ["1 % of 0.00 GB, 30 s left", "2 % of 0.00 GB, 9 s left"]


def test_that_the_server_is_waited_for_is_told(capsys: Any) -> None:
    steps = (Arrived(5 * 10**9, 10**10, 600), Arrived(5 * 10**9, 10**10, math.inf))
    assert told(capsys, *steps) == [
        "50 % of 10.00 GB, 10 min left",
        "50 % of 10.00 GB, waiting for the server",
    ]


def test_as_json_it_is_an_object_with_null_for_a_time_that_nobody_knows(capsys: Any) -> None:
    (line,) = told(capsys, Arrived(1, 4, math.inf), is_json=True)
    assert json.loads(line) == {
        "name": "phi-4", "done_bytes": 1, "total_bytes": 4, "seconds_left": None,
    }  # fmt: skip


@pytest.mark.parametrize(("seconds", "said"), [(0.2, "0 s"), (119, "119 s"), (121, "2 min")])
def test_a_time_is_told_in_seconds_below_two_minutes(seconds: float, said: str) -> None:
    assert time_left(seconds) == said

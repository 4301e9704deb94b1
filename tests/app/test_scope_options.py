"""`deskbook ask` and `search` kept to a part of the library by options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

MANUAL = "weather-station-manual.pdf"
BATTERIES = "How long do the batteries of the outdoor sensor last?"


def searched(deskbook: Any, *options: str | Path) -> set[str]:
    """The suffixes and names of the files in which passages were found."""
    line = deskbook("search", BATTERIES, "--json", "-k", "30", *options).line
    return {Path(passage["path"]).name for passage in line["passages"]}


def test_a_search_keeps_to_the_documents_named(samples: Any) -> None:
    assert searched(samples, "--document", MANUAL) == {MANUAL}
    assert len(searched(samples)) > 1


def test_a_search_keeps_to_a_kind_a_folder_and_days(samples: Any) -> None:
    (listed,) = (
        line for line in samples("documents", "--json").lines if line["path"].endswith(MANUAL)
    )
    folder = Path(listed["path"]).parent
    assert {Path(name).suffix for name in searched(samples, "--kind", "pdf")} == {".pdf"}
    assert searched(samples, "--folder", folder) == searched(samples)
    assert searched(samples, "--until", "1990-01-01") == set()
    assert searched(samples, "--since", "1990-01-01") == searched(samples)


def test_an_answer_that_a_part_does_not_hold_says_how_to_ask_all(samples: Any) -> None:
    ran = samples("ask", "Which astronauts walked on the moon?", "--document", MANUAL)
    assert ran.code == 0
    assert ran.out.startswith("The part of your library that was asked does not seem to hold")
    assert "leave out what keeps to it" in ran.err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--document", "weather-station.pdf"), f"There is {MANUAL}."),
        (("--kind", "opera"), "There are no documents of the kind 'opera'. There is "),
        (("--since", "yesterday"), "'yesterday' is no date. Write it as 2026-01-31."),
    ],
)
def test_what_is_not_there_is_told(samples: Any, options: tuple[str, str], said: str) -> None:
    ran = samples("ask", BATTERIES, *options)
    assert ran.code != 0
    assert said in ran.err

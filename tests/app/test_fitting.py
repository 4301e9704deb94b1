"""`deskbook models fit`: what would run on this computer, and how."""

from __future__ import annotations

from typing import Any

FIT = [
    "name",
    "context_tokens",
    "weights_bytes",
    "cache_bytes",
    "gpu_layers",
    "fits",
    "sentence",
]


def test_fit_says_how_each_would_run(deskbook: Any) -> None:
    ran = deskbook("models", "fit", "--json")
    line = ran.line
    assert list(line) == FIT
    assert (line["name"], line["fits"]) == ("starter", True)
    assert line["weights_bytes"] > 90_000_000
    assert " cores, " in ran.err


def test_a_model_that_is_none_is_told(deskbook: Any) -> None:
    ran = deskbook("models", "fit", "--model", "nonsense")
    assert (ran.code, ran.out) == (3, "")
    assert "There is no model “nonsense”." in ran.err

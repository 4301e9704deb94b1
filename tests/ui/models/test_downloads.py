"""A download and a model's size in words."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.models.downloads import Download, DownloadStage, size_in_words

HALF = Download("phi-4", "Phi-4", DownloadStage.RUNNING, 4_000_000_000, 9_050_000_000, 505.0)


@pytest.mark.parametrize(
    ("size_bytes", "words"),
    [(0, "0 bytes"), (2_048, "2 kB"), (98_362_432, "98 MB"), (9_053_114_816, "9.05 GB")],
)
def test_a_size_is_said_in_thousands(size_bytes: int, words: str) -> None:
    assert size_in_words(size_bytes) == words


def test_a_download_says_how_far_how_fast_and_how_long_still() -> None:
    assert HALF.words == "4.00 GB of 9.05 GB · 10 MB/s · 8 min left"


def test_until_something_is_known_it_says_what_it_waits_for() -> None:
    assert Download("phi-4", "Phi-4").words == "Asking for the file…"


def test_one_that_never_began_says_so() -> None:
    assert Download("phi-4", "Phi-4", DownloadStage.FAILED).words == "Nothing has arrived yet"


@pytest.mark.parametrize("stage", [DownloadStage.PAUSED, DownloadStage.FAILED])
def test_an_interrupted_one_says_that_nothing_is_lost(stage: DownloadStage) -> None:
    download = Download("phi-4", "Phi-4", stage, HALF.done_bytes, HALF.total_bytes, math.inf)
    assert download.words.endswith("what has arrived is kept")


@given(done=st.integers(0, 10**11), total=st.integers(0, 10**11), left=st.floats(0, 1e9))
def test_words_never_promise_a_speed_of_nothing(done: int, total: int, left: float) -> None:
    download = Download("m", "M", DownloadStage.RUNNING, min(done, total), total, left)
    assert 0 <= download.share <= 1
    assert "-" not in download.words
    assert "nan" not in download.words

import math
from pathlib import Path

import pytest

from rag.library.forecast import FIRST_FORECAST_S, Forecast


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number}.txt" for number in range(4)]
    for path in paths:
        path.write_text("x" * 1_000)
    return paths


def test_nothing_is_foretold_before_there_is_a_pace(files: list[Path]) -> None:
    forecast = Forecast(files)
    forecast.note_read(files[0], 10)
    assert math.isinf(forecast.seconds_left)


def test_files_to_be_read_are_taken_to_be_like_those_read_before(files: list[Path]) -> None:
    forecast = Forecast(files)
    forecast.note_read(files[0], 10)
    forecast.note_embedded(5, FIRST_FORECAST_S)
    pace = FIRST_FORECAST_S / 5
    assert forecast.seconds_left == pytest.approx((5 + 3 * 10) * pace)


def test_a_file_that_needs_no_reading_takes_no_time(files: list[Path]) -> None:
    forecast = Forecast(files)
    forecast.note_read(files[0], 10)
    forecast.note_embedded(10, FIRST_FORECAST_S)
    for path in files[1:]:
        forecast.note_read(path, 0)
    assert forecast.seconds_left == 0


def test_the_pace_follows_the_machine_slowly(files: list[Path]) -> None:
    forecast = Forecast(files[:1])
    forecast.note_read(files[0], 1_000)
    forecast.note_embedded(100, 10.0)
    forecast.note_embedded(100, 20.0)
    assert 800 * 0.1 < forecast.seconds_left < 800 * 0.11


def test_a_file_that_has_gone_counts_as_empty(tmp_path: Path) -> None:
    forecast = Forecast([tmp_path / "gone.txt"])
    forecast.note_embedded(1, FIRST_FORECAST_S)
    forecast.note_read(tmp_path / "gone.txt", 1)
    assert forecast.seconds_left == 0

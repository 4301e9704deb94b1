"""How long an import will still take: from its pace so far and the work in each kind of file."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from rag.library.forecast import FIRST_FORECAST_S, MEMORY_S, Forecast, work_of

START_S = FIRST_FORECAST_S


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"{number}.txt" for number in range(4)]
    for path in paths:
        path.write_text("x" * 1_000)
    return paths


def forecast_of(files: list[Path], *, cores: int = 4) -> Forecast:
    """Of an embedder with two threads; on four cores nothing disturbs it."""
    return Forecast(files, threads=2, cores=cores)


def test_nothing_is_foretold_before_there_is_a_pace(files: list[Path]) -> None:
    forecast = forecast_of(files)
    forecast.note_read(files[0], 1_000, 0.1)
    assert math.isinf(forecast.seconds_left)


def test_files_to_be_read_are_taken_to_be_like_those_read_before(files: list[Path]) -> None:
    forecast = forecast_of(files)
    forecast.note_read(files[0], 1_000, 0.0)
    forecast.note_embedded(500, START_S)
    assert forecast.seconds_left == pytest.approx((500 + 3 * 1_000) * START_S / 500)


def test_each_kind_of_file_has_its_own_measure(files: list[Path], tmp_path: Path) -> None:
    tables = [tmp_path / f"{number}.csv" for number in range(2)]
    for path in tables:
        path.write_text("x" * 1_000)
    forecast = forecast_of([files[0], files[1], *tables])
    forecast.note_read(files[0], 1_000, 0.0)
    forecast.note_read(tables[0], 9_000, 0.0)
    forecast.note_embedded(10_000, START_S)
    assert forecast.seconds_left == pytest.approx(START_S)


def test_a_file_that_needs_no_reading_takes_no_time(files: list[Path]) -> None:
    forecast = forecast_of(files)
    forecast.note_read(files[0], 1_000, 0.0)
    forecast.note_embedded(1_000, START_S)
    for path in files[1:]:
        forecast.note_read(path, 0, 0.0)
    assert forecast.seconds_left == 0


def test_where_reading_is_what_takes_long_that_is_told(files: list[Path]) -> None:
    forecast = forecast_of(files)
    forecast.note_read(files[0], 10, 60.0)
    forecast.note_embedded(10, START_S)
    assert forecast.seconds_left == pytest.approx(3 * 60)


def test_embedding_gets_the_reader_s_core_when_all_is_read(files: list[Path]) -> None:
    busy, free = forecast_of(files[:2], cores=2), forecast_of(files[:2], cores=4)
    for forecast in (busy, free):
        forecast.note_read(files[0], 1_000, 0.0)
        forecast.note_embedded(1_000, START_S)
    assert busy.seconds_left == pytest.approx(free.seconds_left * 2 / 3)
    for forecast in (busy, free):
        forecast.note_read(files[1], 1_000, 0.0)
    assert busy.seconds_left == pytest.approx(free.seconds_left * 2 / 3)


def test_the_pace_follows_the_machine_slowly(files: list[Path]) -> None:
    forecast = forecast_of(files[:1])
    forecast.note_read(files[0], 100_000, 0.0)
    forecast.note_embedded(10_000, 10.0)
    forecast.note_embedded(10_000, 20.0)
    assert 80_000 * 0.001 < forecast.seconds_left < 80_000 * 0.00175
    forecast.note_embedded(10_000, 3 * MEMORY_S)
    assert forecast.seconds_left > 70_000 * 0.015


def test_a_short_passage_takes_longer_than_its_characters_say() -> None:
    assert work_of(10, 1_000) > work_of(2, 1_000) > 1_000


def test_a_file_that_has_gone_counts_as_empty(tmp_path: Path) -> None:
    forecast = forecast_of([tmp_path / "gone.txt"])
    forecast.note_embedded(1, START_S)
    forecast.note_read(tmp_path / "gone.txt", 1, 0.0)
    assert forecast.seconds_left == 0

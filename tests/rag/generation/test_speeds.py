"""Measured speeds on disk."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.generation.speed import Speed
from rag.generation.speeds import Speeds

FAST, SLOW = Speed(100.0, 12.0, 1.5), Speed(9.9, 3.2, 3.3)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "speeds.json"


def test_a_speed_is_kept_for_a_model_on_a_machine(path: Path) -> None:
    Speeds(path).keep("phi", "laptop", SLOW)
    Speeds(path).keep("phi", "desktop", FAST)
    assert Speeds(path).of("phi", "laptop") == SLOW
    assert Speeds(path).of("phi", "desktop") == FAST
    assert Speeds(path).of("qwen", "laptop") is None
    assert Speeds(path).on("laptop") == {"phi": SLOW}


def test_the_last_measurement_counts(path: Path) -> None:
    Speeds(path).keep("phi", "laptop", SLOW)
    Speeds(path).keep("phi", "laptop", FAST)
    assert Speeds(path).on("laptop") == {"phi": FAST}
    assert [file.name for file in path.parent.iterdir()] == ["speeds.json"]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{",
        "[" * 100_000,
        '{"version": 1}',
        '{"version": 1, "machines": {"laptop": 5}}',
        '{"version": 1, "machines": {"laptop": {"phi": {"reading": 1}}}}',
        (
            '{"version": 1, "machines": {"laptop": {"phi": {"reading": 0, "writing": 1, '
            '"draft_cost": NaN}}}}'
        ),
        (
            '{"version": 2, "machines": {"laptop": {"phi": {"reading": 1, "writing": 1, '
            '"draft_cost": 1}}}}'
        ),
    ],
)
def test_a_damaged_file_holds_nothing_and_is_written_anew(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content)
    speeds = Speeds(path)
    assert speeds.of("phi", "laptop") is None
    speeds.keep("phi", "laptop", SLOW)
    assert speeds.of("phi", "laptop") == SLOW


@given(noise=st.binary(max_size=200))
def test_no_file_at_all_raises(tmp_path_factory: pytest.TempPathFactory, noise: bytes) -> None:
    path = tmp_path_factory.mktemp("noise") / "speeds.json"
    path.write_bytes(noise)
    assert Speeds(path).on("laptop") == {}


def test_a_disk_that_refuses_costs_no_more_than_the_measurement(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    speeds = Speeds(tmp_path / "file" / "speeds.json")
    speeds.keep("phi", "laptop", SLOW)
    assert speeds.of("phi", "laptop") is None

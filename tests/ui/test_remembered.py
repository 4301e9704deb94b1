"""What is dismissed stays so, and a file that is amiss costs nothing but that."""

from __future__ import annotations

from pathlib import Path

import pytest

from ui.remembered import Remembered


def test_what_is_dismissed_stays_so_over_starts(tmp_path: Path) -> None:
    path = tmp_path / "new" / "window.json"
    Remembered(path).dismiss("invitation")
    assert Remembered(path).is_dismissed("invitation")
    assert not Remembered(path).is_dismissed("notice")


@pytest.mark.parametrize("text", ["", "[]", '{"dismissed": 3}', "{}", "\udce9"])
def test_a_damaged_file_is_as_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "window.json"
    path.write_bytes(text.encode(errors="surrogateescape"))
    assert not Remembered(path).is_dismissed("invitation")


def test_where_nothing_can_be_written_it_holds_until_the_end(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    remembered = Remembered(tmp_path / "file" / "window.json")
    remembered.dismiss("invitation")
    assert remembered.is_dismissed("invitation")

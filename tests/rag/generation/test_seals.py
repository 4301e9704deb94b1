"""A file that is whole is told from one that is not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.generation.seals import is_sealed, seal


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(), at=st.integers(min_value=0))
def test_one_changed_byte_breaks_the_seal(path: Path, content: bytes, at: int) -> None:
    path.write_bytes(content)
    seal(path)
    assert is_sealed(path)
    changed = bytearray(path.read_bytes())
    changed[at % len(changed)] ^= 1
    path.write_bytes(changed)
    assert not is_sealed(path)


def test_a_file_that_was_cut_off_is_not_sealed(path: Path) -> None:
    path.write_bytes(b"what was read" * 1000)
    seal(path)
    path.write_bytes(path.read_bytes()[:-1])
    assert not is_sealed(path)


def test_a_file_that_is_not_there_is_not_sealed(path: Path) -> None:
    assert not is_sealed(path)

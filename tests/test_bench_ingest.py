"""The benchmark of documents in: how it cuts its notes, and what its shares add up to."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

BENCH = Path(__file__).parent / "bench"


@pytest.fixture(scope="module")
def ingest() -> ModuleType:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "path", [str(BENCH), *sys.path])
        spec = importlib.util.spec_from_file_location("bench_ingest", BENCH / "ingest.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    return module


@given(paragraphs=st.lists(st.text("ab", max_size=9)), size=st.integers(1, 30))
def test_notes_are_whole_paragraphs_in_their_order(
    ingest: ModuleType, paragraphs: list[str], size: int
) -> None:
    text = "\n\n".join(paragraphs)
    pieces = list(ingest.cut(text, size))
    assert text.startswith("\n\n".join(pieces))
    assert all(len(piece.replace("\n\n", "")) >= size for piece in pieces)


def test_the_shares_of_the_work_add_up_to_a_hundred(ingest: ModuleType) -> None:
    shares = ingest.shares({"core_s": 8.0, "reading_s": 1.0, "embedding_s": 6.0})
    assert shares["by meaning: % of the work, reading"] == 12.5
    assert shares["by meaning: % of the work, anything else"] == 12.5
    assert sum(shares.values()) == 100


def test_too_few_files_end_it_with_a_sentence(ingest: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "one.pdf").touch()
    assert [path.name for path in ingest.files_in(tmp_path, "*.pdf", 1)] == ["one.pdf"]
    with pytest.raises(SystemExit, match=r"There are 1 files \*\.pdf in .*, and 2 are needed\."):
        ingest.files_in(tmp_path, "*.pdf", 2)

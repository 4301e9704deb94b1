"""Many files in one import: each its verdict, a bad one costs itself, a copy is not read twice."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from rag.catalog import Catalog
from rag.library import Library, Progress
from rag.scheduler import Work
from rag.types import AddedFile, Verdict
from rag.vectors import VectorStore


@pytest.fixture
def notes(tmp_path: Path) -> list[Path]:
    (tmp_path / "notes").mkdir()
    paths = [tmp_path / "notes" / f"{number:02}.md" for number in range(30)]
    for path in paths:
        path.write_text(f"# Note {path.stem}\n\nHive {path.stem} stands in the orchard.\n")
    return paths


def verdicts(library: Library, paths: list[Path], work: Work) -> list[tuple[str, Verdict]]:
    steps = library.add(paths, collection="Library", work=work).run()
    return [(step.path, step.verdict) for step in steps if isinstance(step, AddedFile)]


def test_each_of_many_files_gets_one_verdict_and_a_bad_one_costs_itself_alone(
    library: Library, notes: list[Path], work: Work, catalog: Catalog, vectors: VectorStore
) -> None:
    bad = notes[10].rename(notes[10].with_suffix(".pdf"))  # no PDF at all
    notes[10] = bad
    expected = {str(path): Verdict.READY for path in notes} | {str(bad): Verdict.FAILED}
    told = verdicts(library, notes, work)
    assert Counter(path for path, _ in told) == Counter(map(str, notes))
    assert dict(told) == expected
    assert len(vectors.ids()) == catalog.passages.count() == 29


def test_a_copy_in_the_same_import_is_a_duplicate(
    library: Library, notes: list[Path], work: Work, catalog: Catalog
) -> None:
    copy = shutil.copy(notes[0], notes[0].with_name("copy.md"))
    assert dict(verdicts(library, [notes[0], copy], work)) == {
        str(notes[0]): Verdict.READY,
        str(copy): Verdict.DUPLICATE,
    }
    assert catalog.passages.count() == 1


def test_a_file_is_read_before_it_has_its_verdict(
    library: Library, notes: list[Path], work: Work
) -> None:
    steps = library.add(notes[:1], collection="Library", work=work).run()
    told = [step.stage if isinstance(step, Progress) else step.verdict for step in steps]
    assert told == ["reading", "embedding", Verdict.READY]

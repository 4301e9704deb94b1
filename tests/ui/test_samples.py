"""The samples and their questions, also where they are missing."""

from __future__ import annotations

from pathlib import Path

from ui.samples import SAMPLES, holds_samples, sample_documents, sample_questions


def test_the_samples_that_come_along_are_documents_and_have_questions() -> None:
    assert {path.suffix for path in sample_documents()} == {".pdf", ".md"}
    assert len(sample_questions()) == 5


def test_where_there_are_no_samples_nothing_is_offered(tmp_path: Path) -> None:
    assert sample_documents(tmp_path / "none") == ()
    assert sample_questions(tmp_path / "none.json") == ()
    broken = tmp_path / "broken.json"
    broken.write_text("[", encoding="utf-8")
    assert sample_questions(broken) == ()


def test_only_paths_in_the_samples_folder_are_samples() -> None:
    assert holds_samples(["/a/b.md", str(SAMPLES / "dew-point.md")])
    assert not holds_samples(["/a/samples/b.md"])

"""What lines of patterns leave out of a folder."""

from __future__ import annotations

from pathlib import Path, PurePath

import pytest

from rag.documents import find_files
from rag.documents.leaving_out import DEFAULT_PATTERNS, LeftOut, clean_lines
from rag.errors import BadRequest


@pytest.mark.parametrize(
    "name", [".git/HEAD.txt", "web/node_modules/a/b.md", "~$letter.docx", "Thumbs.db", "a.md~"]
)
def test_what_programs_keep_for_themselves_is_left_out_by_default(name: str) -> None:
    assert LeftOut(DEFAULT_PATTERNS).takes_file(PurePath(name))


@pytest.mark.parametrize(
    ("line", "name", "is_left_out"),
    [
        ("*.log", "deep/server.log", True),
        ("drafts/", "2024/drafts/letter.md", True),
        ("drafts/", "2024/drafts.md", False),
        ("/old/*.md", "old/letter.md", True),
        ("/old/*.md", "2024/old/letter.md", False),
        ("**/raw/**", "a/raw/b/c.csv", True),
    ],
)
def test_a_line_means_what_it_means_to_git(line: str, name: str, is_left_out: bool) -> None:
    assert LeftOut([line]).takes_file(PurePath(name)) is is_left_out


def test_a_later_line_takes_in_again() -> None:
    left_out = LeftOut([*DEFAULT_PATTERNS, "!.notes/"])
    assert not left_out.takes_file(PurePath(".notes/bees.md"))


def test_a_folder_left_out_is_not_walked_and_one_apart_neither(tmp_path: Path) -> None:
    for name in ("a.md", "drafts/b.md", "other/c.md"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = find_files([tmp_path], LeftOut(["drafts/"]), apart=[tmp_path / "other"])
    assert found == [tmp_path / "a.md"]


def test_lines_are_kept_once_and_without_blanks() -> None:
    assert clean_lines([" *.log ", "", "*.log", "tmp/"]) == ("*.log", "tmp/")


def test_a_line_that_is_no_pattern_is_told_by_name() -> None:
    with pytest.raises(BadRequest) as failure:
        clean_lines(["*.log", "!"])
    assert failure.value.what == "“!” is no pattern."
    assert "*.log" in failure.value.remedy

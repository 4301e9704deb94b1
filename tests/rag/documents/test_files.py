"""Which files are found in what a person dropped, and of which kind they are."""

import os
import sys
from pathlib import Path

import pytest

from rag.documents import find_files, kind_of
from rag.errors import DamagedFile, UnsupportedKind
from rag.types import Kind


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a.md", "deep/c.pdf", "deep/d.xyz", ".hidden.txt", ".git/e.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.pdf", Kind.PDF),
        ("A.PDF", Kind.PDF),
        ("notes.md", Kind.MARKDOWN),
        ("notes.markdown", Kind.MARKDOWN),
        ("a.b.txt", Kind.TEXT),
        ("log.log", Kind.TEXT),
        ("Page.HTM", Kind.HTML),
        ("macros.xlsm", Kind.XLSX),
        ("main.rs", Kind.CODE),
    ],
)
def test_the_suffix_tells_the_kind(name: str, kind: Kind) -> None:
    assert kind_of(Path(name)) is kind


@pytest.mark.parametrize("name", ["program.exe", "noending", ".txt"])
def test_other_kinds_are_told_by_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(UnsupportedKind) as failure:
        kind_of(tmp_path / name)
    assert failure.value.what == f"“{name}” is of a kind that Deskbook does not read."
    assert "Save or export it as PDF" in failure.value.remedy


def test_a_name_without_suffix_and_file_is_missing_not_unsupported(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="There is no file"):
        kind_of(tmp_path / "noending")


def test_a_folder_is_walked_in_sorted_order_without_what_is_hidden(folder: Path) -> None:
    names = [str(path.relative_to(folder)) for path in find_files([folder])]
    assert names == ["a.md", "b.txt", os.path.join("deep", "c.pdf"), os.path.join("deep", "d.xyz")]


def test_a_hidden_file_that_is_named_is_kept(folder: Path) -> None:
    assert find_files([folder / ".hidden.txt"]) == [folder / ".hidden.txt"]


def test_what_does_not_exist_is_passed_on_for_its_verdict(tmp_path: Path) -> None:
    assert find_files([tmp_path / "nowhere.pdf"]) == [tmp_path / "nowhere.pdf"]


def test_each_file_is_found_once(folder: Path) -> None:
    found = find_files([folder / "b.txt", folder, folder / "deep"])
    assert found[0] == folder / "b.txt"
    assert len(found) == len(set(found)) == 4


def test_a_name_that_no_disk_takes_is_passed_on() -> None:
    assert find_files([Path("x" * 300)]) == [Path("x" * 300)]


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need rights there")
def test_a_loop_of_links_ends(folder: Path) -> None:
    (folder / "deep" / "again").symlink_to(folder, target_is_directory=True)
    assert len(find_files([folder])) == 4


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes need rights there")
def test_a_link_to_nothing_is_passed_on_and_a_pipe_is_not(folder: Path) -> None:
    (folder / "gone.txt").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "pipe.txt")
    names = {path.name for path in find_files([folder])}
    assert "gone.txt" in names
    assert "pipe.txt" not in names


def test_what_programs_keep_in_folders_for_themselves_is_left_out(tmp_path: Path) -> None:
    for name in ("~$letter.docx", "Thumbs.db", "desktop.ini", "letter.docx"):
        (tmp_path / name).write_bytes(b"x")
    assert find_files([tmp_path]) == [tmp_path / "letter.docx"]

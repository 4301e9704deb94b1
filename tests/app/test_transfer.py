"""A library goes out as one file and comes back; nothing is written over."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

QUESTION = "When will the new water tank be installed?"


@pytest.fixture(scope="module")
def exported(samples: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("export") / "library.deskbook"
    line = samples("export", file, "--json").line
    assert line == {"path": str(file), "size_bytes": file.stat().st_size}
    return file


def archive(file: Path, **members: str) -> None:
    with zipfile.ZipFile(file, "w") as written:
        for name, text in members.items():
            written.writestr(name.replace("_", "."), text)


def test_an_exported_library_finds_the_same_elsewhere(
    samples: Any, exported: Path, deskbook: Any
) -> None:
    ran = deskbook("import-library", exported, "--json")
    assert (ran.code, ran.line) == (0, {"documents": 4})
    assert deskbook("documents", "--json").lines == samples("documents", "--json").lines
    here, there = (
        program("search", QUESTION, "--json").line["passages"] for program in (samples, deskbook)
    )
    assert there == here
    assert deskbook("doctor").code == 0


def test_a_library_that_was_opened_and_is_empty_is_no_hindrance(
    exported: Path, deskbook: Any
) -> None:
    deskbook("documents")
    ran = deskbook("import-library", exported)
    assert (ran.code, ran.out) == (0, "documents in the library: 4\n")


def test_documents_are_not_written_over(own_samples: Any, exported: Path) -> None:
    own_samples("remove", "dew-point.md")
    ran = own_samples("import-library", exported)
    assert (ran.code, ran.out) == (2, "")
    assert f"There are documents in {own_samples.data} already" in ran.err
    assert len(own_samples("documents", "--json").lines) == 3


def test_a_file_that_is_there_is_not_written_over(samples: Any, note: Path) -> None:
    before = note.read_bytes()
    for existing in (note, note.parent):
        ran = samples("export", existing)
        assert (ran.code, ran.out) == (2, "")
        assert f"{existing} exists already. Choose another name" in ran.err
    assert note.read_bytes() == before


def test_an_export_to_nowhere_is_told_and_leaves_nothing(samples: Any, note: Path) -> None:
    for nowhere in (note / "library.deskbook", note.with_name("none") / "library.deskbook"):
        ran = samples("export", nowhere)
        assert (ran.code, ran.out) == (2, "")
        assert f"{nowhere} cannot be written" in ran.err
    assert list(note.parent.iterdir()) == [note]


def cut_off(exported: Path, file: Path) -> None:
    file.write_bytes(exported.read_bytes()[:-1000])


def spoilt(exported: Path, file: Path) -> None:
    content = bytearray(exported.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 200] = bytes(200)
    file.write_bytes(content)


def of_another_format(exported: Path, file: Path) -> None:
    archive(file, deskbook_json='{"format": 99}', catalog_sqlite3="")


def without_a_catalog(exported: Path, file: Path) -> None:
    archive(file, deskbook_json='{"format": 1}')


def with_something_else(exported: Path, file: Path) -> None:
    archive(file, deskbook_json=json.dumps({"format": 1}), catalog_sqlite3="no database" * 99)


def of_text(exported: Path, file: Path) -> None:
    file.write_text("My library")


@pytest.mark.parametrize(
    "make",
    [cut_off, spoilt, of_another_format, without_a_catalog, with_something_else, of_text],
)
def test_a_file_that_is_no_export_is_refused_and_leaves_nothing(
    exported: Path, deskbook: Any, tmp_path: Path, make: Any
) -> None:
    file = tmp_path / "wrong.deskbook"
    make(exported, file)
    ran = deskbook("import-library", file)
    assert (ran.code, ran.out) == (3, "")
    assert f"{file} is no library that this Deskbook has exported. Check the name" in ran.err
    assert {path.name for path in deskbook.data.iterdir()} <= {"logs", "library.lock"}


def test_a_missing_file_is_a_wrong_command(deskbook: Any, tmp_path: Path) -> None:
    for missing in (tmp_path / "none.deskbook", tmp_path):
        ran = deskbook("import-library", missing)
        assert (ran.code, ran.out) == (2, "")
        assert f"There is no file {missing}." in ran.err

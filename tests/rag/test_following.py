"""What a look at a followed folder tells: new, changed, moved and gone, and nothing in doubt."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.library import Library
from rag.library.following import NOTHING
from rag.types import AddedFile, Verdict

Add = Callable[..., AddedFile]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    (folder / "more").mkdir(parents=True)
    (folder / "more" / "bees.md").write_text("# Bees\n\nThe hives stand in the orchard.\n")
    return folder


@pytest.fixture
def bees(folder: Path, add: Add) -> AddedFile:
    return add(folder / "more" / "bees.md")


def test_a_new_and_a_changed_file_are_to_be_read(
    library: Library, folder: Path, bees: AddedFile
) -> None:
    (folder / "more" / "bees.md").write_text("# Bees\n\nThey have moved to the roof.\n")
    (folder / "wasps.md").write_text("# Wasps\n\nThey live under the roof.\n")
    changes = library.changes_in(folder)
    assert changes.to_read == (folder / "more" / "bees.md", folder / "wasps.md")
    assert changes.gone == ()


def test_a_moved_file_keeps_its_document(
    library: Library, folder: Path, bees: AddedFile, add: Add
) -> None:
    moved = (folder / "more" / "bees.md").rename(folder / "moved.md")
    assert library.changes_in(folder).to_read == (moved,)
    assert add(moved).document == bees.document
    assert library.changes_in(folder) == NOTHING


def test_a_deleted_file_is_gone(library: Library, folder: Path, bees: AddedFile) -> None:
    (folder / "wasps.md").write_text("# Wasps\n")
    (folder / "more" / "bees.md").unlink()
    assert library.changes_in(folder).gone == (bees.document,)


def test_an_empty_folder_is_taken_for_one_whose_drive_is_away(
    library: Library, folder: Path, bees: AddedFile
) -> None:
    (folder / "more" / "bees.md").unlink()
    assert library.changes_in(folder) == NOTHING


def test_a_folder_that_is_away_changes_nothing(
    library: Library, folder: Path, bees: AddedFile
) -> None:
    shutil.move(folder, folder.with_name("away"))
    assert library.changes_in(folder) == NOTHING


def test_a_file_out_of_reach_is_not_gone(library: Library, folder: Path, bees: AddedFile) -> None:
    shutil.rmtree(folder / "more")
    (folder / "more").symlink_to(folder / "more")  # a loop: the system cannot say what is there
    assert library.changes_in(folder).gone == ()


def test_a_file_that_failed_is_not_tried_again_until_it_changes(
    library: Library, folder: Path, bees: AddedFile, add: Add
) -> None:
    damaged = folder / "damaged.pdf"
    damaged.write_text("no PDF")
    assert add(damaged).verdict is Verdict.FAILED
    assert library.changes_in(folder) == NOTHING
    damaged.write_text("still no PDF")
    assert library.changes_in(folder).to_read == (damaged,)


def test_what_was_left_out_stays_out_until_it_is_added_by_hand(
    library: Library, folder: Path, bees: AddedFile, add: Add
) -> None:
    library.follow(folder, collection="Library")
    library.leave_out(bees.document)
    assert library.changes_in(folder) == NOTHING
    assert add(folder / "more" / "bees.md").verdict is Verdict.READY

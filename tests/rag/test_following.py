"""What a look at a followed folder tells: new, changed, moved and gone, and nothing in doubt."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from rag.catalog import Catalog
from rag.errors import BadRequest
from rag.library import Library
from rag.library.following import AWAY, NOTHING
from rag.types import AddedFile, State, Verdict

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
    shutil.rmtree(folder / "more")
    assert library.changes_in(folder) == AWAY


def test_a_folder_that_is_away_changes_nothing(
    library: Library, folder: Path, bees: AddedFile
) -> None:
    shutil.move(folder, folder.with_name("away"))
    assert library.changes_in(folder) == AWAY


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


def test_a_copy_is_hashed_once_in_each_of_its_versions(
    library: Library, folder: Path, bees: AddedFile, add: Add
) -> None:
    copy = Path(shutil.copy(folder / "more" / "bees.md", folder / "copy.md"))
    assert library.changes_in(folder).to_read == (copy,)
    assert add(copy).verdict is Verdict.DUPLICATE
    assert library.changes_in(folder) == NOTHING
    copy.write_text("# Ants\n\nThey live in the wall.\n")
    assert library.changes_in(folder).to_read == (copy,)


def test_a_document_goes_on_with_a_copy_when_its_file_is_gone(
    library: Library, folder: Path, bees: AddedFile, add: Add, catalog: Catalog
) -> None:
    copy = Path(shutil.copy2(folder / "more" / "bees.md", folder / "copy.md"))
    add(copy)
    (folder / "more" / "bees.md").unlink()
    (gone,) = library.changes_in(folder).gone
    library.let_go(gone)
    (entry,) = catalog.documents.list()
    assert (entry.document, entry.path, entry.state) == (bees.document, str(copy), State.READY)
    assert library.changes_in(folder) == NOTHING


def test_a_copy_of_what_is_left_out_stays_out_too(
    library: Library, folder: Path, bees: AddedFile, add: Add
) -> None:
    library.follow(folder, collection="Library")
    add(Path(shutil.copy(folder / "more" / "bees.md", folder / "copy.md")))
    library.leave_out(bees.document)
    assert library.changes_in(folder) == NOTHING


def test_a_copy_is_to_be_read_when_the_library_holds_its_content_no_longer(
    library: Library, folder: Path, bees: AddedFile, add: Add
) -> None:
    copy = Path(shutil.copy(folder / "more" / "bees.md", folder / "copy.md"))
    add(copy)
    (folder / "more" / "bees.md").write_text("# Bees\n\nThey have moved to the roof.\n")
    add(folder / "more" / "bees.md")
    assert library.changes_in(folder).to_read == (copy,)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file nobody can read from")
def test_a_file_that_cannot_be_opened_is_listed_and_not_tried_again(
    library: Library, folder: Path, bees: AddedFile, add: Add, catalog: Catalog
) -> None:
    unreadable = folder / "unreadable.md"
    unreadable.symlink_to("/proc/self/mem")
    assert add(unreadable).verdict is Verdict.FAILED
    listed = catalog.documents.find("unreadable.md")
    assert (listed.state, str(unreadable) in listed.reason) == (State.FAILED, True)
    assert library.changes_in(folder) == NOTHING


def test_what_patterns_leave_out_later_stays_until_it_is_removed(
    library: Library, folder: Path, bees: AddedFile, catalog: Catalog
) -> None:
    library.follow(folder, collection="Library")
    assert library.set_patterns(["more/"], folder) == (bees.document,)
    (folder / "more" / "wasps.md").write_text("# Wasps\n")
    assert library.changes_in(folder) == NOTHING
    assert [entry.document for entry in catalog.documents.list()] == [bees.document]


def test_a_folder_followed_inside_another_has_patterns_of_its_own(
    library: Library, folder: Path, bees: AddedFile
) -> None:
    (folder / "more" / "wasps.txt").write_text("Wasps.")
    (folder / "ants.txt").write_text("Ants.")
    library.follow(folder, collection="Library")
    library.follow(folder / "more", collection="Insects")
    library.set_patterns(["*.txt"], folder / "more")
    assert library.changes_in(folder).to_read == (folder / "ants.txt",)
    assert library.changes_in(folder / "more") == NOTHING


def test_the_documents_of_a_folder_no_longer_followed_stay(
    library: Library, folder: Path, bees: AddedFile, catalog: Catalog, tmp_path: Path
) -> None:
    library.follow(folder, collection="Library")
    archives = library.archives(tmp_path / "unpacked")
    assert library.unfollow(folder, archives) == (bees.document,)
    assert library.followed() == ()
    with pytest.raises(BadRequest, match="is not followed"):
        library.unfollow(folder, archives)
    assert len(catalog.documents.list()) == 1

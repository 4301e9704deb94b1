"""Which files are brought in from the folders that a person names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from rag.catalog import Catalog
from rag.library.gathering import concerns, gather, is_followed


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with notes, and with the library's own folder in it."""
    for name in ("bees.md", "notes/wasps.md", "notes/drafts/ants.md", "library/deskbook.log"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


@pytest.fixture
def own(home: Path) -> Iterator[Catalog]:
    with closing(Catalog(home / "library" / "catalog.sqlite3")) as catalog:
        yield catalog


def test_the_library_s_own_folder_is_none_that_it_reads(own: Catalog, home: Path) -> None:
    names = [path.name for path in gather([home], own)]
    assert names == ["bees.md", "ants.md", "wasps.md"]


def test_a_change_in_what_is_not_read_concerns_nobody(own: Catalog, home: Path) -> None:
    assert concerns(home / "bees.md", home, own)
    assert concerns(home, home, own)
    assert not concerns(home / "library" / "catalog.sqlite3-wal", home, own)
    assert not concerns(home / ".git" / "index", home, own)


def test_a_followed_folder_in_the_one_that_is_named_has_its_own_patterns(
    own: Catalog, home: Path
) -> None:
    own.folders.follow(str(home / "notes"), "Notes")
    own.folders.set_patterns(["drafts/"], str(home / "notes"))
    assert [path.name for path in gather([home], own)] == ["bees.md", "wasps.md"]
    assert is_followed(home / "notes" / "wasps.md", own)
    assert not is_followed(home / "notes" / "drafts" / "ants.md", own)
    assert not is_followed(home / "bees.md", own)


def test_what_is_named_is_never_left_out_and_comes_once(own: Catalog, home: Path) -> None:
    own.folders.set_patterns(["*.md"])
    named = home / "bees.md"
    assert gather([named, home, named, home / "nowhere.md"], own) == [named, home / "nowhere.md"]

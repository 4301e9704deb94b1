"""Archives on their way in."""

import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest

from rag.catalog import Catalog
from rag.errors import Stopped
from rag.library.unpacking import Archives
from rag.types import Verdict


@pytest.fixture
def archives(catalog: Catalog, tmp_path: Path) -> Archives:
    return Archives(catalog, tmp_path / "unpacked")


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    path = tmp_path / "notes.zip"
    with ZipFile(path, "w") as file:
        file.writestr("bees.md", "# Bees\n")
        file.writestr("far/wasps.txt", "Wasps.\n")
    return path


def test_the_files_of_an_archive_come_in_its_place(
    archives: Archives, archive: Path, tmp_path: Path
) -> None:
    other = tmp_path / "ants.md"
    unpacked = archives.unpack_all([archive, other])
    assert [path.name for path in unpacked.files] == ["bees.md", "wasps.txt", "ants.md"]
    assert unpacked.files[0].read_text() == "# Bees\n"
    assert unpacked.refused == ()


def test_an_archive_and_its_copy_are_unpacked_once(
    archives: Archives, archive: Path, tmp_path: Path
) -> None:
    copy = shutil.copy(archive, tmp_path / "copy.zip")
    first = archives.unpack_all([archive]).files
    again = archives.unpack_all([archive, Path(copy)]).files
    assert again == first + first
    assert len(list((tmp_path / "unpacked").iterdir())) == 1


def test_an_archive_that_is_none_is_refused_and_the_rest_goes_on(
    archives: Archives, archive: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.zip"
    bad.write_bytes(b"PK\x03\x04 and no more")
    unpacked = archives.unpack_all([bad, archive])
    (refused,) = unpacked.refused
    assert (refused.path, refused.verdict) == (str(bad), Verdict.FAILED)
    assert "damaged or no zip archive" in refused.reason
    assert len(unpacked.files) == 2


def test_an_archive_whose_unpacking_was_stopped_is_unpacked_the_next_time(
    catalog: Catalog, archives: Archives, archive: Path
) -> None:
    def stop() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        archives.unpack_all([archive], checkpoint=stop)
    assert catalog.other_files.at(str(archive)) is None
    assert archives.unpack_all([archive]).refused == ()

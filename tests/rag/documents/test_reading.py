"""What happens on the way to a reader: a file is missing, closed to us, or of no known kind."""

import os
import sys
from pathlib import Path
from subprocess import run

import pytest

from rag.documents import read
from rag.documents.files import KIND_OF_SUFFIX
from rag.documents.reading import _reader_of
from rag.errors import DamagedFile, UnsupportedKind
from rag.types import Document, Kind


def test_a_text_file_is_its_own_text_and_titled_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "shopping list.txt"
    path.write_bytes(b"Honey\r\nBread\r\n")
    assert read(path) == Document(Kind.TEXT, "shopping list", "Honey\r\nBread\r\n", (), ())


def test_an_empty_file_is_a_document_without_text(tmp_path: Path) -> None:
    path = tmp_path / "empty.md"
    path.touch()
    assert read(path).text == ""


def test_a_missing_file_is_told_with_its_path(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile) as failure:
        read(tmp_path / "gone.pdf")
    assert failure.value.what == f"There is no file “{tmp_path / 'gone.pdf'}”."


def test_a_folder_is_not_read(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="is a folder"):
        read(tmp_path)


def test_a_name_that_no_disk_takes_is_told() -> None:
    with pytest.raises(DamagedFile, match="cannot be read: File name too long"):
        read(Path("x" * 300 + ".txt"))


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in folders")
def test_a_pipe_is_not_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(DamagedFile, match=r"“pipe.txt” is not an ordinary file"):
        read(tmp_path / "pipe.txt")


def test_another_kind_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "sums.wk1").touch()
    with pytest.raises(UnsupportedKind):
        read(tmp_path / "sums.wk1")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
@pytest.mark.parametrize("name", ["closed.txt", "closed.pdf"])
def test_a_file_without_permission_is_told(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.touch(mode=0o000)
    with pytest.raises(DamagedFile, match="may not be read by your user"):
        read(path)


def test_asking_for_a_kind_loads_no_pdf_library() -> None:
    program = (
        "import sys; from pathlib import Path; from rag.documents import kind_of; "
        "kind_of(Path('a.pdf')); sys.exit('pypdf' in sys.modules or 'pypdfium2' in sys.modules)"
    )
    root = Path(__file__).parents[3]
    assert run([sys.executable, "-c", program], check=False, cwd=root).returncode == 0


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_has_a_reader_and_a_suffix(kind: Kind) -> None:
    assert callable(_reader_of(kind))
    assert kind in KIND_OF_SUFFIX.values()

"""Zip archives: every file lands in the folder, whatever its name; bombs and traps are refused."""

import errno
import os
import stat
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.documents import archives, find_files
from rag.documents.archive_names import safe_parts
from rag.documents.archives import is_archive, unpack
from rag.errors import DamagedFile, PasswordNeeded, ReaderLimit


@pytest.fixture
def into(tmp_path: Path) -> Path:
    folder = tmp_path / "unpacked"
    folder.mkdir()
    return folder


def zip_of(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return path


def bytes_of(files: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def names_in(folder: Path) -> list[str]:
    return sorted(
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    )


def test_files_lie_in_a_folder_named_like_the_archive(tmp_path: Path, into: Path) -> None:
    path = zip_of(tmp_path / "my papers.zip", {"a.txt": b"A", "deep/er/b.md": b"B", "empty/": b""})
    folder = unpack(path, into)
    assert folder == into / "my papers"
    assert names_in(folder) == ["a.txt", "deep/er/b.md"]
    assert (folder / "a.txt").read_bytes() == b"A"


def test_the_same_archive_twice_makes_two_folders(tmp_path: Path, into: Path) -> None:
    path = zip_of(tmp_path / "a.zip", {"a.txt": b"A"})
    assert unpack(path, into) != unpack(path, into)


def test_an_archive_inside_becomes_a_folder_of_its_name(tmp_path: Path, into: Path) -> None:
    inner = bytes_of({"b.txt": b"B", "c.zip": bytes_of({"d.txt": b"D"})})
    folder = unpack(zip_of(tmp_path / "a.zip", {"x/in.zip": inner, "e.txt": b"E"}), into)
    assert names_in(folder) == ["e.txt", "x/in.zip/b.txt", "x/in.zip/c.zip/d.txt"]
    assert len(find_files([folder])) == 3


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("a\nb.txt", "a_b.txt"),
        ("con.txt", "_con.txt"),
        ("what?.txt", "what_.txt"),
        ("ends. /a.txt", "ends/a.txt"),
        ("🐝 Größe.txt", "🐝 Größe.txt"),
        ("./a//b.txt", "a/b.txt"),
        ("x" * 300 + ".txt", "x" * 196 + ".txt"),
    ],
)
def test_a_name_becomes_one_that_every_disk_takes(
    tmp_path: Path, into: Path, name: str, written: str
) -> None:
    assert names_in(unpack(zip_of(tmp_path / "a.zip", {name: b"A"}), into)) == [written]


@pytest.mark.parametrize("raw", ["Größe.txt".encode(), "Größe.txt".encode("cp1252")])
def test_a_name_in_another_encoding_is_kept_apart(tmp_path: Path, into: Path, raw: bytes) -> None:
    data = bytes_of({"x" * len(raw): b"A"})
    (tmp_path / "a.zip").write_bytes(data.replace(b"x" * len(raw), raw))
    (name,) = names_in(unpack(tmp_path / "a.zip", into))
    assert name.startswith("Gr")
    assert name.endswith("e.txt")


def test_names_that_differ_in_case_alone_both_stay(tmp_path: Path, into: Path) -> None:
    folder = unpack(zip_of(tmp_path / "a.zip", {"a.txt": b"1", "A.txt": b"2", "A.TXT": b"3"}), into)
    assert {(folder / name).read_bytes() for name in names_in(folder)} == {b"1", b"2", b"3"}


@pytest.mark.parametrize(
    "name", ["../a.txt", "/etc/a.txt", "a/../../b.txt", "C:\\a.txt", "..\\a.txt"]
)
def test_a_name_that_leads_out_is_refused(tmp_path: Path, into: Path, name: str) -> None:
    path = zip_of(tmp_path / "trap.zip", {"good.txt": b"", name: b"A"})
    with pytest.raises(DamagedFile, match=r"“trap.zip” holds a file that would be written outside"):
        unpack(path, into)
    assert list(into.iterdir()) == []


def test_links_and_notes_of_macos_are_left_out(tmp_path: Path, into: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
        archive.writestr("__MACOSX/._a.txt", "x")
        archive.writestr("a.txt", "A")
    assert names_in(unpack(tmp_path / "a.zip", into)) == ["a.txt"]


def test_a_small_archive_that_unpacks_to_much_is_refused(tmp_path: Path, into: Path) -> None:
    path = zip_of(tmp_path / "bomb.zip", {"zeros.txt": bytes(80 << 20)})
    with pytest.raises(ReaderLimit, match=r"“bomb.zip” unpacks to more than 64 MB"):
        unpack(path, into)
    assert list(into.iterdir()) == []


def test_too_many_files_are_refused(
    tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MOST_FILES", 9)
    path = zip_of(tmp_path / "a.zip", {f"{n}.txt": b"" for n in range(10)})
    with pytest.raises(ReaderLimit, match="holds more than 9 files"):
        unpack(path, into)


def test_archives_too_deep_inside_each_other_are_refused(tmp_path: Path, into: Path) -> None:
    data = bytes_of({"a.txt": b"A"})
    for _ in range(archives.MOST_DEEP):
        data = bytes_of({"a.zip": data})
    (tmp_path / "deep.zip").write_bytes(data)
    with pytest.raises(ReaderLimit, match="4 deep inside each other"):
        unpack(tmp_path / "deep.zip", into)


def test_an_archive_with_a_password_asks_for_it(tmp_path: Path, into: Path) -> None:
    data = bytearray(bytes_of({"a.txt": b"A"}))
    data[data.rindex(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "locked.zip").write_bytes(data)
    with pytest.raises(PasswordNeeded, match=r"“locked.zip” is protected with a password"):
        unpack(tmp_path / "locked.zip", into)


def test_a_full_disk_is_told_of_the_archive(
    tmp_path: Path, into: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(archives, "_write", refuse)
    path = zip_of(tmp_path / "big.zip", {"a.txt": b"A"})
    with pytest.raises(DamagedFile, match=r"“big.zip” cannot be unpacked: No space left"):
        unpack(path, into)
    assert list(into.iterdir()) == []


def test_a_missing_archive_is_told_with_its_path(tmp_path: Path, into: Path) -> None:
    with pytest.raises(DamagedFile, match="There is no file"):
        unpack(tmp_path / "gone.zip", into)
    assert list(into.iterdir()) == []


@given(part=st.floats(0, 1), noise=st.binary(max_size=40))
def test_a_broken_archive_is_told_or_unpacked(
    tmp_path_factory: pytest.TempPathFactory, part: float, noise: bytes
) -> None:
    folder = tmp_path_factory.mktemp("broken")
    data = bytes_of({"a.txt": b"A" * 100, "b.zip": bytes_of({"c.txt": b"C"})})
    at = int(part * len(data))
    (folder / "a.zip").write_bytes(data[:at] + noise + data[at + len(noise) :])
    (folder / "into").mkdir()
    try:
        unpack(folder / "a.zip", folder / "into")
    except (DamagedFile, PasswordNeeded, ReaderLimit):
        assert list((folder / "into").iterdir()) == []


@given(name=st.text(min_size=1, max_size=300))
def test_no_name_leads_out(name: str) -> None:
    entry = zipfile.ZipInfo(name)
    try:
        parts = safe_parts(entry, Path("a.zip"))
    except DamagedFile:
        return
    for part in parts or ():
        assert part not in ("", ".", "..")
        assert not set(part) & set('/\\:*?"<>|\0\n')
        assert len(part.encode()) <= 255


def test_only_zip_is_an_archive() -> None:
    assert is_archive(Path("A.ZIP"))
    assert not is_archive(Path("a.docx"))
